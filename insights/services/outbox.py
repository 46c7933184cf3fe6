"""Telling the outside: events go into the outbox in the transaction of what they tell, with a job for each receiver."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone

from insights.models import Delivery, Endpoint, Event, EventType, Problem, Ranking
from insights.services.due import deliver_queue, jira_refresh_queue
from insights.services.touching import words_touch

BATCH = 500
PROBLEM_EVENTS = frozenset(kind for kind in EventType if kind.startswith("problem."))


@dataclass(frozen=True)
class News:
    """Something to tell: never what customers wrote, never who they are."""

    type: EventType
    data: dict[str, Any]
    # Events of one subject are told in order; those without one in any order.
    subject: str = ""


@transaction.atomic
def events_emit(*, news: Sequence[News]) -> None:
    """Store the events that an endpoint listens to, and queue their delivery. What nobody hears is not stored."""
    endpoints = list(Endpoint.objects.filter(enabled=True).order_by("pk"))
    heard = [one for one in news if any(one.type in endpoint.events for endpoint in endpoints)]
    moment = timezone.now()
    events = Event.objects.bulk_create(
        [Event(type=one.type, subject=one.subject, data=one.data, created_at=moment) for one in heard],
        batch_size=BATCH,
    )
    deliveries = [
        Delivery(event=event, endpoint=endpoint, subject=event.subject)
        for event in events
        for endpoint in endpoints
        if event.type in endpoint.events
    ]
    Delivery.objects.bulk_create(deliveries, batch_size=BATCH)
    for endpoint_id in sorted({delivery.endpoint_id for delivery in deliveries}):
        deliver_queue(endpoint_id=endpoint_id)


@contextmanager
def problems_watched() -> Iterator[None]:
    """Tell what the block, or the function so decorated, does to problems. Belongs inside its transaction."""
    listened = any(PROBLEM_EVENTS & set(endpoint.events) for endpoint in Endpoint.objects.filter(enabled=True))
    before = _seen() if listened else {}
    yield
    if listened:
        events_emit(news=[one for problem in _seen().values() for one in _news_of(before.get(problem["pk"]), problem)])
    words_touch()
    jira_refresh_queue()


def ranking_tell(*, ranking: Ranking) -> None:
    """Tell that a snapshot was published."""
    data = {
        "number": ranking.number,
        "computed_at": ranking.computed_at.isoformat(),
        "weights_version": ranking.weights_version,
        "currency": ranking.currency,
        "items": ranking.items,
        "placed": ranking.placed,
        "unplaced": ranking.unplaced,
        "quarantined": ranking.quarantined,
        "problems": ranking.entries.count(),
    }
    events_emit(news=[News(EventType.RANKING_PUBLISHED, data, "ranking")])


def feedback_tell(sender: Any, item_ids: Sequence[int] = (), **_kwargs: Any) -> None:
    """Receive `feedback_ingested`."""
    del sender
    batches = [list(item_ids[start : start + BATCH]) for start in range(0, len(item_ids), BATCH)]
    events_emit(news=[News(EventType.FEEDBACK_RECEIVED, {"count": len(batch), "item_ids": batch}) for batch in batches])


def _seen() -> dict[int, dict[str, Any]]:
    """Every problem as the outside sees it. The sum of the members' ids tells when members changed places."""
    fields = ("pk", "title", "job_when", "job_want", "job_so", "status", "theme__name", "merged_into_id")
    rows = Problem.objects.order_by("pk").values(
        *fields, items=Count("memberships"), members=Sum("memberships__item_id", default=0)
    )
    return {row["pk"]: row for row in rows.iterator(chunk_size=2000)}


def _news_of(before: dict[str, Any] | None, problem: dict[str, Any]) -> Iterator[News]:
    """What happened to one problem between two looks."""
    subject = f"P-{problem['pk']}"
    data = {
        "key": subject,
        "title": problem["title"],
        "status": problem["status"],
        "theme": problem["theme__name"],
        "items": problem["items"],
    }
    if before is None:
        yield News(EventType.PROBLEM_CREATED, data, subject)
        return
    changed = {name for name, value in problem.items() if before[name] != value}
    if "status" in changed:
        yield News(EventType.PROBLEM_STATUS_CHANGED, {**data, "previous_status": before["status"]}, subject)
    if "merged_into_id" in changed and problem["merged_into_id"]:
        yield News(EventType.PROBLEM_MERGED, {**data, "merged_into": f"P-{problem['merged_into_id']}"}, subject)
    elif changed - {"status"}:
        yield News(EventType.PROBLEM_UPDATED, data, subject)
