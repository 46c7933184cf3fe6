"""How many queries each call of the API and each page makes: as recorded, however much there is."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.models import Account, AccountState
from feedback.models import FeedbackItem, ItemState
from insights.models import ApiKey, JiraLink, JiraSite, Problem, Scenario, Scope, SurveyAnswer
from insights.services.benchmark_world import benchmark_world_create
from insights.services.ranking import ranking_publish
from tests.insights.addresses import filled, operations, pages, rows_of

RECORDED = Path(__file__).with_name("query_counts.json")
LEFT_OUT = {
    # Signing in and out shows no rows, what Jira tells is about one issue, and what connections tell is kept unread.
    "GET /login/",
    "GET /logout/",
    "POST /api/v1/jira/{site}/webhook/",
    "POST /api/v1/in/{connection}/",
    # What is near is looked for where a run has grouped something: not in a world of one item.
    "GET /problems/<str:key>/about/",
    # With nothing chosen it leads back to the list.
    "GET /merge/",
}
NAMES = [name for name in (*operations(), *(f"GET {page}" for page in pages())) if name not in LEFT_OUT]
# Items, problems, accounts; rows sent at once. Of twenty items one is unplaced.
WORLDS = {"one": ((20, 1, 1), 1), "many": ((900, 60, 80), 25)}


@pytest.fixture(params=WORLDS)
def rows(request: pytest.FixtureRequest, db: None) -> int:
    """A ranked world of one row or of many; how many rows to send."""
    (items, problems, accounts), rows = WORLDS[request.param]
    benchmark_world_create(items=items, problems=problems, accounts=accounts)
    if request.param == "one":
        placed = FeedbackItem.objects.filter(state=ItemState.PLACED).order_by("pk")
        placed.exclude(pk=placed[0].pk).delete()
    # An account that nobody knows is looked for once in each source: sources are not what is compared here.
    FeedbackItem.objects.filter(account=None).update(account_reference="")
    # So that there is something to tell.
    Problem.objects.update(status="planned")
    ranking_publish()
    Account.objects.update(health_score=50, currency="USD", arr="12000.00")
    ranking_publish()
    site = JiraSite.objects.create(
        name="Our Jira", url="https://example.atlassian.net", email="heard@one.example", project="ABC"
    )
    problem = Problem.objects.annotate(n=Count("memberships")).order_by("-n")[0]
    JiraLink.objects.bulk_create(JiraLink(site=site, problem=problem, issue_key=f"ABC-{n + 1}") for n in range(rows))
    scenario = Scenario.objects.create(name="Louder", weights={"churn_weight": "3"})
    scenario.without.set(Account.objects.order_by("-pk")[:rows])
    answering = Account.objects.order_by("pk")[:rows]
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(
            problem=problem, account=account, system="survey", external_id=account.external_id, importance=9,
            satisfaction=2, asked_on="2026-01-01",
        )
        for account in answering
    )  # fmt: skip
    return rows


def _asked() -> tuple[str, str]:
    """The problem that most was said about, and an account that said something."""
    problem = Problem.objects.annotate(n=Count("memberships")).order_by("-n").first()
    account = Account.objects.annotate(n=Count("feedback")).order_by("-n").first()
    assert problem is not None
    assert account is not None
    AccountState.objects.get_or_create(account=account, recorded_on="2020-01-01")
    return problem.key, account.external_id


def _counted(name: str, client: Client, rows: int) -> int:
    """Make the call or open the page once, and count."""
    key, account = _asked()
    method, path = name.split(" ")
    scenario = str(Scenario.objects.get().pk)
    path = filled(path, key=key, reference=account, id=scenario, pk=scenario)
    with CaptureQueriesContext(connection) as queries:
        if method in {"POST", "PATCH"}:
            answer = client.generic(method, path, json.dumps(_body(path, rows, key)), content_type="application/json")
            assert answer.json().get("refused", 0) == 0, answer.content
        else:
            answer = client.generic(method, path)
            assert b"".join(answer) != b"" or method == "DELETE"
    assert answer.status_code in {200, 201, 204, 302}, answer.content
    return len(queries)


def _body(path: str, rows: int, problem: str) -> dict[str, Any]:
    """What a call is sent."""
    if path.endswith("/jira/"):
        return {"site": JiraSite.objects.get().pk}
    if path.endswith("/scenarios/"):
        return {"name": "Other", "without": [account.external_id for account in Account.objects.all()[:rows]]}
    if "/scenarios/" in path:
        return {"name": "Other", "without": []}
    return rows_of(path, rows, problem=problem)


def _client(name: str) -> Client:
    if "/api/" in name:
        _, key = ApiKey.objects.create_key(name="tests", scope=Scope.WRITE, last_used_at=timezone.now())
        return Client(headers={"Authorization": f"Api-Key {key}"})
    client, manager = Client(), User.objects.create_user("manager")
    manager.groups.add(Group.objects.get(name="Product manager"))
    client.force_login(manager)
    return client


def _counted_alone(name: str, rows: int) -> int:
    """Count, and leave the world as it was."""
    with transaction.atomic():
        counted = _counted(name, _client(name), rows)
        transaction.set_rollback(True)
    return counted


def test_the_numbers_of_queries_are_as_recorded(rows: int) -> None:
    recorded: dict[str, int] = json.loads(RECORDED.read_text(encoding="utf-8"))
    assert {name: _counted_alone(name, rows) for name in NAMES} == recorded, (
        f"If that is meant, change tests/insights/{RECORDED.name}: its reviewers will want to know why."
    )
