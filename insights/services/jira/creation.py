"""Creating an issue from a problem: once, even when Jira's answer is lost."""

from typing import Any

from insights.models import JiraKind, JiraLink, JiraLinkState
from insights.outbound import jira
from insights.outbound.jira_text import document_of, summary_of, wiki_of
from insights.services.jira.figures import Figures, figures_load


def issue_make(account: jira.Account, link: JiraLink) -> None:
    """Create the issue of a claim, or take the one that an earlier call left behind. The link is looked up next.

    Jira has no key that makes a creation safe to repeat. So it is written down before the call that an issue may come
    of it; when no answer comes, the label that every such issue carries is looked for before Jira is asked again.

    Raises:
        JiraError: it was not created, or that is not known.
    """
    found = _left_behind(account, link) if link.sent else None
    if found is None:
        found = _created(account, link)
    id_, key = found
    if not id_ or not key:
        raise jira.AwayError("Jira did not say which issue it created.", overloaded=False)
    JiraLink.objects.filter(pk=link.pk, state=JiraLinkState.CREATING).update(
        state=JiraLinkState.LINKING, issue_id=id_, issue_key=key, sent=False, attempts=0, last_error=""
    )


def label_of(link: JiraLink) -> str:
    """The label of issues that Heard creates from a problem."""
    return f"heard-{link.problem.key}"


def _left_behind(account: jira.Account, link: JiraLink) -> tuple[str, str] | None:
    """The newest issue with the label that is linked to nothing."""
    jql = f'project = "{link.site.project}" AND labels = "{label_of(link)}" ORDER BY created DESC'
    for issue in jira.issues_find(account, jql):
        if not JiraLink.objects.filter(site=link.site, issue_id=issue.id).exists():
            return issue.id, issue.key
    return None


def _created(account: jira.Account, link: JiraLink) -> tuple[str, str]:
    fields = _fields(link, figures_load([link.problem])[link.problem_id])
    claim = JiraLink.objects.filter(pk=link.pk)
    claim.update(sent=True)
    try:
        return jira.issue_create(account, fields)
    except jira.AwayError:
        raise
    except jira.JiraError:
        claim.update(sent=False)
        raise


def _fields(link: JiraLink, figures: Figures) -> dict[str, Any]:
    site, values = link.site, figures.texts()
    description: Any = wiki_of(site.description_template, values)
    if site.kind == JiraKind.CLOUD:
        description = document_of(site.description_template, values)
    fields: dict[str, Any] = {
        "project": {"key": site.project},
        "issuetype": {"name": site.issue_type},
        "summary": summary_of(site.summary_template, values),
        "labels": [label_of(link)],
    }
    return {**fields, "description": description} if site.description_template.strip() else fields
