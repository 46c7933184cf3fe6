"""Triage: what follows when something comes in. Place the items, regroup when too many fit nowhere, rank."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any

from django.conf import settings
from django.db.models import Count

from customers.models import Account, AccountMerge
from feedback.models import FeedbackItem, ItemState, Job
from feedback.services.item_states import items_quarantine, items_release
from feedback.services.jobs import JobKind, Lease, job_kind_register, job_lease, job_run
from insights.models import Problem, Run
from insights.services.deliveries import deliveries_abandoned, deliveries_send
from insights.services.due import DELIVER, JIRA, PLACE, RANK, REGROUP, TELL, place_queue, rank_queue, regroup_queue
from insights.services.embedding import embedding_version
from insights.services.jira.work import jira_abandoned, jira_work
from insights.services.placing import items_place
from insights.services.ranking import ranking_refresh
from insights.services.regrouping import regroup
from insights.services.told_sending import told_abandoned, told_send
from insights.services.touching import customers_touch, everything_touch, items_touch

# A first grouping needs something to group; later, this share of new unplaced items says that the grouping is behind.
FEWEST_UNPLACED = 10
STALE_SHARE = 0.1
WAIT_SECONDS = 0.5
EVERY_LANGUAGE = "*"


@dataclass(frozen=True)
class TriageSummary:
    """Where the items ended: the keys of `manage.py triage --json`."""

    items: int
    placed: int
    unplaced: int
    quarantined: int
    problems: int
    seconds: float


Progress = Callable[[str, int, int], None]


def triage_queue(*, item_ids: Sequence[int]) -> None:
    """Queue the placing of items; with no items, only a new ranking."""
    place_queue(item_ids=item_ids)
    if not item_ids:
        rank_queue()


def regroup_is_due() -> bool:
    """Whether too many items came in since the last run that fit no problem, the model changed, or no run has been."""
    run = Run.objects.published().first()
    unplaced = FeedbackItem.objects.unplaced()
    if run is None:
        return bool(unplaced.count() >= FEWEST_UNPLACED)
    if run.model != embedding_version():
        return True
    new = unplaced.filter(received_at__gt=run.started_at).count()
    return bool(new >= max(FEWEST_UNPLACED, STALE_SHARE * int(run.figures.get("items", 0))))


def triage_drain(*, progress: Progress) -> TriageSummary:
    """Do all that is due, here and now, and wait for what other workers have in hand."""
    started = monotonic()
    if regroup_is_due() and not FeedbackItem.objects.waiting().exists():
        regroup_queue()
    while Job.objects.open().exists():
        lease = job_lease()
        if lease is None:
            progress("waiting for other workers", 0, 0)
            sleep(WAIT_SECONDS)
            continue
        lease.progressed = _reporter(lease.job, progress)
        job_run(lease=lease)
    return triage_summary(seconds=monotonic() - started)


def triage_summary(*, seconds: float) -> TriageSummary:
    """Where all items are now."""
    counts = FeedbackItem.objects.state_counts()
    return TriageSummary(
        items=sum(counts.values()),
        placed=counts.get(ItemState.PLACED, 0),
        unplaced=counts.get(ItemState.UNPLACED, 0),
        quarantined=counts.get(ItemState.QUARANTINED, 0),
        problems=Problem.objects.live().with_members().count(),
        seconds=round(seconds, 1),
    )


def unread_languages() -> dict[str, int]:
    """How many items are in each language that the active model does not read, the most frequent first."""
    if EVERY_LANGUAGE in settings.HEARD_MODEL_LANGUAGES:
        return {}
    foreign = FeedbackItem.objects.foreign(readable=settings.HEARD_MODEL_LANGUAGES)
    counted = foreign.order_by().values_list("language").annotate(n=Count("pk")).order_by("-n", "language")
    return dict(counted)


def job_kinds_register() -> None:
    """Tell the intake app what its jobs mean here."""
    job_kind_register(
        kind=JobKind(PLACE, _place, queue="embed", priority=10, abandoned=_place_abandoned, replayed=_place_replayed)
    )
    job_kind_register(kind=JobKind(REGROUP, _regroup, queue="embed", priority=20))
    job_kind_register(kind=JobKind(RANK, _rank, queue="default", priority=30))
    job_kind_register(kind=JobKind(DELIVER, _deliver, queue="webhooks", priority=40, abandoned=deliveries_abandoned))
    job_kind_register(kind=JobKind(JIRA, _jira, queue="webhooks", priority=50, abandoned=jira_abandoned))
    job_kind_register(kind=JobKind(TELL, _tell, queue="default", priority=35, abandoned=told_abandoned))


def _tell(lease: Lease) -> None:
    told_send(lease=lease)


def _place(lease: Lease) -> None:
    items_place(lease=lease)
    _after_placing()


def _place_abandoned(job: Job, reason: str) -> None:
    items_quarantine(item_ids=job.payload["item_ids"], reason=reason)
    _after_placing()


def _place_replayed(job: Job) -> None:
    items_release(item_ids=job.payload["item_ids"])


def _after_placing() -> None:
    """When the last waiting item has its place, look at the whole."""
    if FeedbackItem.objects.waiting().exists():
        return
    if regroup_is_due():
        regroup_queue()
    else:
        rank_queue()


def _regroup(lease: Lease) -> None:
    regroup(lease=lease)
    rank_queue()


def _rank(lease: Lease) -> None:
    lease.beat(done=0, total=1)
    ranking_refresh()


def _deliver(lease: Lease) -> None:
    deliveries_send(lease=lease)


def _jira(lease: Lease) -> None:
    jira_work(lease=lease)


def _reporter(job: Job, progress: Progress) -> Callable[[int, int], None]:
    words = {
        PLACE: "Reading and placing items",
        REGROUP: "Grouping",
        RANK: "Ranking",
        DELIVER: "Sending webhooks",
        JIRA: "Telling Jira",
    }
    return lambda done, total: progress(words.get(job.kind, "Taking in what connections tell"), done, total)


def feedback_follow(sender: Any, item_ids: Sequence[int] = (), changed_ids: Sequence[int] = (), **_kwargs: Any) -> None:
    """Receive `feedback_ingested`."""
    del sender
    items_touch(item_ids=changed_ids)
    triage_queue(item_ids=item_ids)


def customers_follow(sender: Any, **_kwargs: Any) -> None:
    """Receive `customers_changed`. Whose facts changed is seen from the accounts; roles and rates reach anybody."""
    if sender in {Account, AccountMerge}:
        customers_touch()
    else:
        everything_touch()
    rank_queue()
