"""Linking problems and issues: what people ask for is written down here, and done by the job of the site."""

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from insights.models import JiraLink, JiraLinkState, JiraSite, Problem
from insights.models.jira import ISSUE_KEY
from insights.services.due import jira_queue
from insights.services.jira.sites import JiraRefusedError

STANDING = (JiraLinkState.LINKING, JiraLinkState.CREATING, JiraLinkState.LIVE)


@transaction.atomic
def jira_link(*, problem: Problem, site: JiraSite, issue_key: str) -> JiraLink:
    """Link a problem to an issue. Asked again it answers the same link; one that failed is tried anew.

    Raises:
        JiraRefusedError: it is no key of an issue, the issue belongs to another problem, or the problem was merged.
    """
    _refuse_merged(problem)
    key = issue_key.strip().upper()
    if not ISSUE_KEY.fullmatch(key):
        raise JiraRefusedError(f"{issue_key.strip()[:120]!r} is not the key of an issue, such as ABC-12.")
    link = JiraLink.objects.select_for_update().filter(site=site, issue_key=key).first()
    if link is None:
        return _claimed(JiraLink(site=site, problem=problem, issue_key=key, state=JiraLinkState.LINKING))
    if link.state in STANDING:
        if link.problem_id != problem.pk:
            raise JiraRefusedError(f"{key} is linked to {link.problem.key} already: unlink it there first.")
        return link
    link.problem, link.state, link.created_here = problem, JiraLinkState.LINKING, False
    link.issue_id, link.jira_status, link.jira_status_at = "", "", None
    return _again(link)


@transaction.atomic
def jira_issue_create(*, problem: Problem, site: JiraSite) -> JiraLink:
    """Have an issue created from a problem, once on each site however often it is asked for.

    The row is the claim: it stands before Jira is called. A creation that Jira refused is tried anew.

    Raises:
        JiraRefusedError: the problem was merged.
    """
    _refuse_merged(problem)
    claim = JiraLink.objects.select_for_update().filter(site=site, problem=problem, created_here=True)
    link = claim.exclude(state__in=[JiraLinkState.GONE, JiraLinkState.LEAVING]).first()
    if link is None:
        return _claimed(JiraLink(site=site, problem=problem, created_here=True, state=JiraLinkState.CREATING))
    if link.state == JiraLinkState.REFUSED:
        link.state = JiraLinkState.CREATING
        return _again(link)
    return link


@transaction.atomic
def jira_unlink(*, link: JiraLink) -> None:
    """Take a link away; what Heard wrote onto the issue is taken off it, the issue itself stays.

    Raises:
        JiraRefusedError: its issue is being created, and may be there or not.
    """
    held = JiraLink.objects.select_for_update().filter(pk=link.pk).first()
    if held is None:
        return
    if held.state == JiraLinkState.CREATING and held.sent:
        raise JiraRefusedError("Jira was asked to create this issue and has not answered: wait until that is settled.")
    if not held.issue_id or held.state == JiraLinkState.GONE:
        held.delete()
        return
    held.state = JiraLinkState.LEAVING
    _again(held)


@transaction.atomic
def jira_links_look_up(*, site: JiraSite) -> None:
    """Look the issues of a site up by their keys again: under another address the same ids may be other issues."""
    JiraLink.objects.live().filter(site=site).update(
        state=JiraLinkState.LINKING, issue_id="", pushed="", attempts=0, due_at=Now()
    )
    jira_queue(site_id=site.pk)


def _claimed(link: JiraLink) -> JiraLink:
    """Store a new link; of two that are asked for at once, the one that was first."""
    try:
        with transaction.atomic():
            link.save()
    except IntegrityError:
        twin = JiraLink.objects.filter(site=link.site, issue_key=link.issue_key)
        if link.created_here:
            twin = twin.filter(problem=link.problem)
        first: JiraLink | None = twin.order_by("-pk").first()
        if first is None or first.problem_id != link.problem_id:
            raise JiraRefusedError(f"{link.issue_key} was linked to another problem just now.") from None
        return first
    jira_queue(site_id=link.site_id)
    return link


def _again(link: JiraLink) -> JiraLink:
    link.attempts, link.last_error, link.pushed = 0, "", ""
    link.save()
    JiraLink.objects.filter(pk=link.pk).update(due_at=Now())
    jira_queue(site_id=link.site_id)
    return link


def _refuse_merged(problem: Problem) -> None:
    if problem.merged_into is not None:
        raise JiraRefusedError(f"{problem.key} is part of {problem.merged_into.key} now: use that one.")
