"""The Jira issues of a problem over the API."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from insights.models import ApiKey, JiraLink, JiraSite, Scope
from insights.services.corrections import problem_merge
from tests.insights.jira_fake import FakeJira
from tests.insights.jira_sites import PUBLIC, make_problem, make_site, work

pytestmark = pytest.mark.django_db
Post = Callable[..., Any]


@pytest.fixture(autouse=True)
def _reachable(settings: Any) -> None:
    settings.HEARD_WEBHOOK_ALLOW = ["127.0.0.0/8"]
    settings.HEARD_PUBLIC_URL = PUBLIC


@pytest.fixture
def fake() -> Iterator[FakeJira]:
    """A Jira Cloud."""
    with FakeJira("cloud") as jira:
        yield jira


@pytest.fixture
def post(client: Client) -> Post:
    """Write with a key that may."""
    _, key = ApiKey.objects.create_key(name="planner", scope=Scope.WRITE)

    def send(problem: str, body: object, **headers: str) -> Any:
        headers = {"Authorization": f"Api-Key {key}", **headers}
        return client.post(f"/api/v1/problems/{problem}/jira/", body, content_type="application/json", headers=headers)

    return send


def test_an_issue_is_linked_and_listed(fake: FakeJira, post: Post, api: Callable[..., Any]) -> None:
    site, problem, issue = make_site(fake), make_problem(), fake.add()
    answer = post(problem.key, {"site": site.pk, "issue": issue.key})
    assert (answer.status_code, answer.json()["state"]) == (201, "linking")
    work()
    again = post(problem.key, {"site": site.pk, "issue": issue.key})
    assert (again.status_code, again.json()["state"]) == (200, "live")
    (row,) = api(f"/api/v1/problems/{problem.key}/jira/").json()["results"]
    assert row == again.json()
    assert row["url"] == f"{fake.url}/browse/{issue.key}"
    assert (row["issue"], row["jira_status"], row["error"]) == (issue.key, "To Do", "")


def test_an_issue_is_created_once_under_an_idempotency_key(fake: FakeJira, post: Post) -> None:
    site, problem = make_site(fake), make_problem()
    first = post(problem.key, {"site": site.pk}, **{"Idempotency-Key": "k1"})
    second = post(problem.key, {"site": site.pk}, **{"Idempotency-Key": "k1"})
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.headers["Idempotent-Replay"] == "true"
    work()
    assert len(fake.issues) == 1
    assert post(problem.key, {"site": site.pk}).json()["issue"] == "ABC-1"


def test_a_merged_problems_links_are_listed_with_what_it_became(
    fake: FakeJira, post: Post, api: Callable[..., Any]
) -> None:
    site, problem, target = make_site(fake), make_problem(), make_problem("SSO")
    post(problem.key, {"site": site.pk, "issue": "ABC-1"})
    problem_merge(problem=problem, target=target, author=None)
    assert len(api(f"/api/v1/problems/{target.key}/jira/").json()["results"]) == 1
    answer = post(problem.key, {"site": site.pk})
    assert answer.status_code == 422
    assert answer.json()["detail"] == f"{problem.key} is part of {target.key} now: use that one."


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({}, 400, "site"),
        ({"site": 999}, 400, "there is no such Jira site"),
        ({"site": 2**80}, 400, "site"),
        ({"site": 1, "isue": "ABC-1"}, 400, "is not a field of this call"),
        ([], 400, "errors"),
        ({"issue": "nonsense"}, 422, "'nonsense' is not the key of an issue"),
        ({"issue": "ABC-2"}, 422, "ABC-2 is linked to"),
        ({"issue": ""}, 400, "issue"),
        ({"issue": "A\u0000-1"}, 400, "issue"),
    ],
)
def test_what_cannot_be_done_is_said(fake: FakeJira, post: Post, body: Any, status: int, words: str) -> None:
    site, problem, other = make_site(fake), make_problem(), make_problem("Other")
    post(other.key, {"site": site.pk, "issue": "ABC-2"})
    if isinstance(body, dict) and body:
        body = {"site": site.pk, **body}
    answer = post(problem.key, body)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert JiraLink.objects.count() == 1


def test_a_key_that_may_only_read_and_a_site_that_is_off(fake: FakeJira, post: Post, client: Client, key: str) -> None:
    site, problem = make_site(fake), make_problem()
    path, headers = f"/api/v1/problems/{problem.key}/jira/", {"Authorization": f"Api-Key {key}"}
    body = {"site": site.pk, "issue": "ABC-1"}
    assert client.post(path, body, content_type="application/json", headers=headers).status_code == 403
    assert client.post(path, body, content_type="application/json").status_code == 401
    assert client.get("/api/v1/problems/P-999/jira/", headers=headers).status_code == 404
    JiraSite.objects.update(enabled=False)
    assert post(problem.key, body).status_code == 400
