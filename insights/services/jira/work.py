"""The job of a Jira site: do what is due there, one thing after the other, and put up with Jira's troubles.

A site is called by one job at a time. It rests as a whole when Jira says so or does not answer; with a token that Jira
refuses it is not called at all until somebody gives a new one. What fails for one issue waits alone.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import DateTimeField, F, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest, Now

from feedback.models import Job
from feedback.services.jobs import Lease
from insights.models import JiraLink, JiraLinkState, JiraSite
from insights.outbound import jira
from insights.outbound.jira_text import remote_link_of
from insights.services.deliveries import AFTER_A_FAULT, STEPS
from insights.services.due import JIRA, jira_queue
from insights.services.jira.creation import issue_make
from insights.services.jira.figures import figures_load
from insights.services.jira.sites import JiraRefusedError, jira_account
from insights.services.jira.statuses import account_confirm, jira_status_take, jira_statuses_read, link_lose

logger = logging.getLogger(__name__)

WORDS = 500
# Between two times that an issue is told something: while feedback comes in, ranks change by the minute.
PAUSE = timedelta(minutes=5)
# An issue of which it is not known whether it was created is looked for, once Jira's search knows of it.
BEFORE_LOOKING = timedelta(minutes=1)


def jira_work(*, lease: Lease) -> None:
    """Do what is due on the site of a job, until nothing is."""
    site_id = lease.job.payload["site_id"]
    links_mark(site_id=site_id)
    if Job.objects.busy(kind=JIRA, key=lease.job.key).exclude(pk=lease.job.pk).exists():
        # The other one works on, and what is marked the clock finds.
        return
    done = 0
    while (link := _next(site_id)) is not None:
        lease.beat(done=done, total=done + 1)
        _attempt(link)
        done += 1
    site = JiraSite.objects.ready().filter(pk=site_id, read_wanted=True).first()
    if site is not None:
        with _trouble_noted(site):
            jira_statuses_read(site=site, account=jira_account(site), lease=lease)


def links_mark(*, site_id: int) -> int:
    """Make links due whose issue was told other figures than those of now; answers how many."""
    links = JiraLink.objects.live().filter(site=site_id, due_at__isnull=True).select_related("problem__merged_into")
    by_problem: dict[int, list[JiraLink]] = {}
    for link in links:
        by_problem.setdefault(link.problem_id, []).append(link)
    figures = figures_load(several[0].problem for several in by_problem.values())
    stale = [
        link.pk
        for problem, several in by_problem.items()
        for link in several
        if link.pushed != figures[problem].fingerprint()
    ]
    pause = Coalesce(F("pushed_at") + PAUSE, Now(), output_field=DateTimeField())
    due_at = Greatest(Now(), pause, output_field=DateTimeField())
    return JiraLink.objects.filter(pk__in=stale, due_at__isnull=True).update(due_at=due_at, attempts=0)


def jira_sweep() -> None:
    """Queue jobs for sites with something due and nobody at it."""
    at_work = set(Job.objects.open().filter(kind=JIRA).values_list("key", flat=True))
    due = Q(pk__in=JiraLink.objects.due().values("site_id")) | Q(read_wanted=True)
    for site_id in JiraSite.objects.ready().filter(due).order_by("pk").values_list("pk", flat=True):
        if str(site_id) not in at_work:
            jira_queue(site_id=site_id)


@transaction.atomic
def jira_read_queue(*, sites: QuerySet[JiraSite] | None = None) -> int:
    """Have the statuses of all linked issues read, for webhooks that never came; answers on how many sites.

    Args:
        sites: Of these only; of all unless told.
    """
    working = JiraSite.objects.working().order_by("pk")
    ids = list((working if sites is None else working.filter(pk__in=sites.values("pk"))).values_list("pk", flat=True))
    JiraSite.objects.filter(pk__in=ids).update(read_wanted=True)
    for site_id in ids:
        jira_queue(site_id=site_id)
    return len(ids)


def jira_abandoned(job: Job, reason: str) -> None:
    """A fault of ours: let the site rest, so that the clock does not bring the fault back every few seconds."""
    logger.error("Working on Jira site %s failed: %s", job.key, reason)
    site = JiraSite.objects.filter(pk=job.payload["site_id"])
    site.update(rest_until=Now() + AFTER_A_FAULT, last_error=f"A fault of Heard: {reason}"[:WORDS])


def _next(site_id: int) -> JiraLink | None:
    """What is due first. Figures that changed while others were sent are looked for at the end."""
    due = JiraLink.objects.due().filter(site_id=site_id).select_related("site", "problem__merged_into")
    link: JiraLink | None = due.first()
    if link is None and links_mark(site_id=site_id):
        link = due.first()
    return link


def _attempt(link: JiraLink) -> None:
    """One step of one link, and what follows from how it went."""
    with _trouble_noted(link.site, link):
        account = jira_account(link.site)
        try:
            _STEPS[JiraLinkState(link.state)](account, link)
        except (jira.NotFoundError, jira.ForbiddenError) as error:
            # Jira also answers so to a token that it no longer knows.
            account_confirm(account)
            _settle(link, error)
        JiraSite.objects.filter(pk=link.site_id).exclude(failures=0, last_error="").update(failures=0, last_error="")


def _look_up(account: jira.Account, link: JiraLink) -> None:
    """Find the issue of a new link, and take its status over. It stays due: its figures are told next."""
    issue = jira.issue_read(account, link.issue_id or link.issue_key)
    same = Q(issue_id=issue.id) | Q(issue_key=issue.key)
    with transaction.atomic():
        other = JiraLink.objects.filter(same, site=link.site).exclude(pk=link.pk).select_related("problem").first()
        if other is not None and other.state in {JiraLinkState.GONE, JiraLinkState.REFUSED}:
            other.delete()
        elif other is not None:
            moved = "" if issue.key == link.issue_key else f"{issue.key} now, which is "
            raise jira.RefusedError(f"{link.issue_key} is {moved}linked to {other.problem.key} already.")
        known = JiraLink.objects.filter(pk=link.pk, state=JiraLinkState.LINKING)
        if known.update(state=JiraLinkState.LIVE, issue_id=issue.id, issue_key=issue.key, attempts=0, last_error=""):
            jira_status_take(site=link.site, issue=issue)


def _push(account: jira.Account, link: JiraLink) -> None:
    """Tell the issue how its problem stands."""
    figures = figures_load([link.problem])[link.problem_id]
    shown = remote_link_of(global_id_of(link), figures.texts(), resolved=figures.done)
    jira.remote_link_put(account, link.issue_id, shown)
    jira.property_put(account, link.issue_id, figures.value())
    JiraLink.objects.filter(pk=link.pk, state=JiraLinkState.LIVE).update(
        pushed=figures.fingerprint(), pushed_at=Now(), due_at=None, attempts=0, last_error=""
    )


def _leave(account: jira.Account, link: JiraLink) -> None:
    """Take what Heard wrote off the issue, and forget the link."""
    missing: jira.NotFoundError | None = None
    take_off: list[Callable[[], None]] = [
        partial(jira.property_delete, account, link.issue_id),
        partial(jira.remote_link_delete, account, link.issue_id, global_id_of(link)),
    ]
    for step in take_off:
        try:
            step()
        except jira.NotFoundError as error:
            missing = error
    if missing is not None:
        raise missing
    JiraLink.objects.filter(pk=link.pk, state=JiraLinkState.LEAVING).delete()


_STEPS: dict[JiraLinkState, Callable[[jira.Account, JiraLink], None]] = {
    JiraLinkState.LINKING: _look_up,
    JiraLinkState.CREATING: issue_make,
    JiraLinkState.LIVE: _push,
    JiraLinkState.LEAVING: _leave,
}


def global_id_of(link: JiraLink) -> str:
    """What the remote link of a link is known by in Jira."""
    return f"heard:problem:{link.problem.key}"


@contextmanager
def _trouble_noted(site: JiraSite, link: JiraLink | None = None) -> Iterator[None]:
    """Draw the consequences of Jira's errors, for the site and for the link that was worked on."""
    row = JiraSite.objects.filter(pk=site.pk)
    try:
        yield
    except jira.TooManyError as error:
        row.update(rest_until=Now() + timedelta(seconds=error.seconds), last_error=str(error)[:WORDS])
    except jira.TokenRefusedError as error:
        _stop(site, f"Jira refuses the token ({error}) Replace it: until then nothing is sent.")
    except JiraRefusedError as refused:
        _stop(site, str(refused))
    except jira.AwayError as error:
        if error.overloaded or link is None:
            rest = STEPS[min(site.failures, len(STEPS) - 1)]
            row.update(failures=F("failures") + 1, rest_until=Now() + rest, last_error=str(error)[:WORDS])
        if link is not None:
            _later(link, error)
    except jira.RefusedError as error:
        if link is not None:
            _settle(link, error)
        else:
            row.update(read_wanted=False, last_error=str(error)[:WORDS])


def _stop(site: JiraSite, reason: str) -> None:
    logger.warning("Jira site %s is not called any more: %s", site.pk, reason)
    JiraSite.objects.filter(pk=site.pk).update(notice=reason[:WORDS])


def _settle(link: JiraLink, error: jira.JiraError) -> None:
    """What a clear no of Jira means for a link."""
    row = JiraLink.objects.filter(pk=link.pk, state=link.state)
    if link.state == JiraLinkState.LEAVING:
        row.delete()
    elif isinstance(error, jira.NotFoundError) and link.state != JiraLinkState.CREATING:
        link_lose(link=link, reason=str(error))
    elif link.state == JiraLinkState.LIVE:
        _later(link, error)
    else:
        row.update(state=JiraLinkState.REFUSED, due_at=None, sent=False, last_error=str(error)[:WORDS])


def _later(link: JiraLink, error: jira.JiraError) -> None:
    """Try again after a wait that grows."""
    wait = STEPS[min(link.attempts, len(STEPS) - 1)]
    if link.state == JiraLinkState.CREATING:
        wait = max(wait, BEFORE_LOOKING)
    JiraLink.objects.filter(pk=link.pk, state=link.state).update(
        attempts=F("attempts") + 1, due_at=Now() + wait, last_error=str(error)[:WORDS]
    )
