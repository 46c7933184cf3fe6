"""Statuses back from Jira: through its webhook, and by reading all linked issues where a webhook never came."""

import datetime as dt
import hashlib
import hmac
import json
import secrets
from contextlib import suppress
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from feedback.services.jobs import Lease
from feedback.services.sealing import UnreadableSecretError
from insights.models import JiraLink, JiraLinkState, JiraSite, Status
from insights.outbound import jira
from insights.services.jira.figures import problem_standing
from insights.services.jira.sites import jira_secret_of
from insights.services.statuses import problem_status_set

UPDATED, DELETED = "jira:issue_updated", "jira:issue_deleted"
BATCH = 100
WORDS = 500


class SignatureRefusedError(ValueError):
    """An event that the site did not sign."""


class UnreadableEventError(ValueError):
    """An event that is signed, and cannot be read. The text says why."""


def jira_event_receive(*, site_id: int, body: bytes, signature: str) -> None:
    """Take in what Jira's webhook tells. Events and issues that Heard does not know change nothing.

    Raises:
        SignatureRefusedError: it is not signed with the secret of the site, or there is no such site.
        UnreadableEventError: it is not what Jira sends.
    """
    site = JiraSite.objects.filter(pk=site_id).first()
    if not hmac.compare_digest(_signature(site, body).encode(), signature.encode()) or site is None:
        raise SignatureRefusedError
    event = _read(body)
    if not site.enabled:
        return
    if event.get("webhookEvent") == DELETED:
        issue_id, key = _names(event)
        for link in JiraLink.objects.live().filter(_is(issue_id, key), site=site):
            link_lose(link=link, reason="It was deleted in Jira.")
    elif event.get("webhookEvent") == UPDATED:
        jira_status_take(site=site, issue=_issue(event))


@transaction.atomic
def jira_status_take(*, site: JiraSite, issue: jira.Issue) -> None:
    """Note the status of an issue as of a moment; where it is news, the mapping of the site decides what it means.

    What is older than what is known changes nothing, and a status that is known already does not overrule a person.
    """
    link = JiraLink.objects.select_for_update().live().filter(_is(issue.id, issue.key), site=site).first()
    if link is None or (link.jira_status_at is not None and issue.updated < link.jira_status_at):
        return
    changes: dict[str, Any] = {"jira_status": issue.status, "jira_status_at": issue.updated}
    if issue.key != link.issue_key and not JiraLink.objects.filter(site=site, issue_key=issue.key).exists():
        changes["issue_key"] = issue.key
    JiraLink.objects.filter(pk=link.pk).update(**changes)
    meaning = _meaning(site, issue.status)
    if issue.status != link.jira_status and meaning is not None:
        problem_status_set(problem=problem_standing(link.problem), status=meaning)


def jira_statuses_read(*, site: JiraSite, account: jira.Account, lease: Lease) -> None:
    """Read the status of every linked issue of a site.

    Raises:
        JiraError: Jira did not let itself be read to the end.
    """
    links = list(JiraLink.objects.live().filter(site=site).order_by("pk"))
    for start in range(0, len(links), BATCH):
        batch = links[start : start + BATCH]
        lease.beat(done=start, total=len(links))
        seen = _read_batch(site, account, [link.issue_id for link in batch])
        for link in batch:
            if link.issue_id not in seen:
                _read_one(site, account, link)
    JiraSite.objects.filter(pk=site.pk).update(
        read_wanted=False, read_at=Now(), failures=0, rest_until=None, last_error=""
    )


def account_confirm(account: jira.Account) -> None:
    """Make sure that Jira knows the token: to one that has expired it may answer as to a stranger, who sees nothing.

    Raises:
        TokenRefusedError: it does not.
        JiraError: that could not be found out.
    """
    try:
        jira.account_name(account)
    except (jira.NotFoundError, jira.RefusedError) as error:
        raise jira.TokenRefusedError(str(error)) from None


def link_lose(*, link: JiraLink, reason: str) -> None:
    """Keep a link whose issue is gone, and leave it alone."""
    standing = JiraLink.objects.filter(pk=link.pk).exclude(state=JiraLinkState.LEAVING)
    standing.update(state=JiraLinkState.GONE, due_at=None, attempts=0, last_error=reason[:WORDS])


def _read_batch(site: JiraSite, account: jira.Account, ids: list[str]) -> set[str]:
    """Search for issues by their ids; answers those that were found."""
    seen = set()
    try:
        for issue in jira.issues_find(account, f"id in ({','.join(ids)})"):
            jira_status_take(site=site, issue=issue)
            seen.add(issue.id)
    except jira.ForbiddenError:
        raise
    except jira.RefusedError:
        # An id that is no more makes Jira refuse the whole query: each is asked for by itself.
        return seen
    return seen


def _read_one(site: JiraSite, account: jira.Account, link: JiraLink) -> None:
    try:
        jira_status_take(site=site, issue=jira.issue_read(account, link.issue_id))
    except (jira.NotFoundError, jira.ForbiddenError) as error:
        account_confirm(account)
        if isinstance(error, jira.NotFoundError):
            link_lose(link=link, reason=str(error))


def _signature(site: JiraSite | None, body: bytes) -> str:
    """What the header must hold; for a site that is not there, something that nobody can know."""
    secret = secrets.token_urlsafe()
    if site is not None and site.secret:
        with suppress(UnreadableSecretError):
            secret = jira_secret_of(site)
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _meaning(site: JiraSite, jira_status: str) -> Status | None:
    for mapping in site.mappings.all():
        if mapping.jira_status.casefold() == jira_status.casefold():
            return Status(mapping.status)
    return None


def _is(issue_id: str, key: str) -> Q:
    return Q(issue_id=issue_id) | Q(issue_id="", issue_key=key)


def _read(body: bytes) -> dict[str, Any]:
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        raise UnreadableEventError("This is no JSON.") from None
    if not isinstance(event, dict):
        raise UnreadableEventError("An event is a JSON object.")
    return event


def _names(event: dict[str, Any]) -> tuple[str, str]:
    issue = event.get("issue")
    if not isinstance(issue, dict) or "id" not in issue or "key" not in issue:
        raise UnreadableEventError("The event names no issue.")
    return str(issue["id"]), str(issue["key"])


def _issue(event: dict[str, Any]) -> jira.Issue:
    issue_id, key = _names(event)
    try:
        status = str(event["issue"]["fields"]["status"]["name"])
        moment = dt.datetime.fromtimestamp(int(event["timestamp"]) / 1000, dt.UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        raise UnreadableEventError("The event tells no status or no time.") from None
    return jira.Issue(issue_id, key[:120], status.replace("\0", "")[:120], moment)
