"""Sites, problems and rankings for the tests of Jira, and a way to let time pass."""

import datetime as dt
import hashlib
import hmac
import json
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.test import Client

from feedback.models import Job
from feedback.services.jobs import job_lease, job_run
from insights.models import JiraLink, JiraSite, JiraStatusMapping, Membership, Problem
from insights.services.jira.sites import jira_secret_rotate, jira_token_set
from insights.services.jira.work import PAUSE
from insights.services.ranking import ranking_publish
from insights.tasks import jira_sweep
from tests.factories import make_account, make_item
from tests.insights.jira_fake import EMAIL, TOKEN, FakeJira

PUBLIC = "https://heard.example.com"


def make_site(fake: FakeJira, name: str = "Our Jira", **facts: Any) -> JiraSite:
    """A site whose token works."""
    facts = {"kind": fake.kind, "url": fake.url, "email": EMAIL if fake.kind == "cloud" else "", **facts}
    site = JiraSite.objects.create(name=name, project="ABC", **facts)
    jira_token_set(site=site, token=TOKEN)
    site.refresh_from_db()
    return site


def make_problem(title: str = "Sign in with SSO", arr: str = "12000.00", **facts: Any) -> Problem:
    """A problem that one account of its own asks about."""
    problem = Problem.objects.create(title=title, **facts)
    account = make_account(f"A-{problem.pk}", arr=Decimal(arr), churn_risk="0.1000")
    item = make_item(f"F-{problem.pk}", f"{title}, said one", account_id=account.external_id)
    Membership.objects.create(item=item, problem=problem, confidence=0.9)
    return problem


def rank() -> None:
    """Publish a ranking, and do nothing else that is due."""
    ranking_publish()
    Job.objects.exclude(kind="jira").delete()


def mean(site: JiraSite, **meanings: str) -> None:
    """The mapping of a site: names with underscores for spaces."""
    for name, status in meanings.items():
        JiraStatusMapping.objects.create(site=site, jira_status=name.replace("_", " "), status=status)


def work() -> None:
    """What the clock and the workers do for Jira, some minutes later."""
    JiraLink.objects.update(pushed_at=F("pushed_at") - PAUSE)
    run()


def run(*, strict: bool = True) -> None:
    """What the clock and the workers do for Jira now; no job may fail unless told otherwise."""
    Job.objects.exclude(kind="jira").delete()
    jira_sweep()
    while (lease := job_lease()) is not None:
        job_run(lease=lease)
    assert not strict or not Job.objects.filter(kind="jira").exclude(state="done").exclude(error="").exists()


def pass_time(time: dt.timedelta) -> None:
    """Everything was that much longer ago."""
    JiraLink.objects.update(due_at=F("due_at") - time, pushed_at=F("pushed_at") - time)
    JiraSite.objects.update(rest_until=F("rest_until") - time)


def event_of(issue: dict[str, Any], timestamp: int, name: str = "jira:issue_updated") -> bytes:
    """The body of a webhook as Jira writes it."""
    return json.dumps({"timestamp": timestamp, "webhookEvent": name, "user": {}, "issue": issue}).encode()


def deliver(client: Client, site: JiraSite, body: bytes, secret: str) -> Any:
    """Send an event as Jira does."""
    signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return client.post(
        f"/api/v1/jira/{site.pk}/webhook/",
        body,
        content_type="application/json",
        headers={"X-Hub-Signature": signature},
    )


def secret_of(site: JiraSite) -> str:
    """A new secret of the site."""
    return jira_secret_rotate(site=site)
