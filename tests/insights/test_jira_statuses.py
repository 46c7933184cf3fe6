"""Statuses back from Jira: signed, mapped, in the order in which they happened, and read where nothing came."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from insights.models import Event, JiraLink, JiraSite, Problem
from insights.services.corrections import problem_merge
from insights.services.jira.links import jira_link
from insights.services.jira.work import jira_read_queue
from insights.tasks import jira_read_daily
from tests.insights.jira_fake import FakeIssue, FakeJira, Told
from tests.insights.jira_sites import PUBLIC, deliver, event_of, make_problem, make_site, mean, rank, secret_of, work
from tests.insights.receivers import make_endpoint

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reachable(settings: Any) -> None:
    settings.HEARD_WEBHOOK_ALLOW = ["127.0.0.0/8"]
    settings.HEARD_PUBLIC_URL = PUBLIC


@pytest.fixture(params=["cloud", "data_center"])
def fake(request: pytest.FixtureRequest) -> Iterator[FakeJira]:
    """A Jira of each kind."""
    with FakeJira(request.param, page=2) as jira:
        yield jira


@pytest.fixture
def linked(fake: FakeJira) -> tuple[JiraSite, Problem, FakeIssue, str]:
    """A site with a mapping, a problem, its issue, and the secret of the webhook."""
    site, problem, issue = make_site(fake), make_problem(), fake.add()
    mean(site, In_Progress="in_progress", Done="shipped")
    jira_link(problem=problem, site=site, issue_key=issue.key)
    work()
    return site, problem, issue, secret_of(site)


Linked = tuple[JiraSite, Problem, FakeIssue, str]


def shown(issue: FakeIssue) -> dict[str, Any]:
    """An issue as a webhook tells it."""
    return {"id": issue.id, "key": issue.key, "fields": {"status": {"name": issue.status}}}


def moved(fake: FakeJira, issue: FakeIssue, status: str) -> bytes:
    """Somebody moves an issue on: what the webhook tells of it."""
    moment = fake.move(issue, status)
    return event_of(shown(issue), moment)


def status_of(problem: Problem) -> str:
    """As it is stored now."""
    return Problem.objects.get(pk=problem.pk).status


def test_a_status_is_taken_over_and_told(client: Client, fake: FakeJira, linked: Linked) -> None:
    site, problem, issue, secret = linked
    make_endpoint("https://hooks.example.com/")
    body = moved(fake, issue, "in PROGRESS")
    answer = deliver(client, site, body, secret)
    assert (answer.status_code, answer.content) == (204, b"")
    assert status_of(problem) == "in_progress"
    event = Event.objects.get(type="problem.status_changed")
    assert (event.subject, event.data["previous_status"], event.data["status"]) == (problem.key, "new", "in_progress")
    work()
    assert issue.properties["heard"]["status"] == "in_progress"
    deliver(client, site, body, secret)
    assert Event.objects.filter(type="problem.status_changed").count() == 1, "told twice, done once"


def test_an_older_event_never_overrides_a_newer_one(client: Client, fake: FakeJira, linked: Linked) -> None:
    site, problem, issue, secret = linked
    first, second = moved(fake, issue, "In Progress"), moved(fake, issue, "Done")
    for body in (second, first, second, first):
        assert deliver(client, site, body, secret).status_code == 204
        assert status_of(problem) == "shipped"


def test_what_a_person_decides_stands_until_the_issue_moves(client: Client, fake: FakeJira, linked: Linked) -> None:
    site, problem, issue, secret = linked
    deliver(client, site, moved(fake, issue, "In Progress"), secret)
    Problem.objects.filter(pk=problem.pk).update(status="declined")
    later = int(issue.updated.timestamp() * 1000) + 60_000
    deliver(client, site, event_of(shown(issue), later), secret)
    assert status_of(problem) == "declined", "somebody only edited the issue"
    deliver(client, site, event_of({**shown(issue), "fields": {"status": {"name": "Waiting"}}}, later + 1), secret)
    assert status_of(problem) == "declined", "a status without a meaning changes nothing"
    assert JiraLink.objects.get().jira_status == "Waiting"


def test_a_merged_problems_issue_moves_what_it_became(client: Client, fake: FakeJira, linked: Linked) -> None:
    site, problem, issue, secret = linked
    target = make_problem("SSO")
    problem_merge(problem=problem, target=target, author=None)
    deliver(client, site, moved(fake, issue, "Done"), secret)
    assert (status_of(problem), status_of(target)) == ("new", "shipped")


def test_without_the_right_signature_the_door_is_closed(client: Client, fake: FakeJira, linked: Linked) -> None:
    site, problem, issue, secret = linked
    body = moved(fake, issue, "Done")
    good = deliver(client, site, body, secret).wsgi_request.headers["X-Hub-Signature"]
    Problem.objects.update(status="new")
    JiraLink.objects.update(jira_status="")
    address = f"/api/v1/jira/{site.pk}/webhook/"
    tries: list[tuple[str, bytes, dict[str, str]]] = [
        (address, body, {}),
        (address, body, {"X-Hub-Signature": ""}),
        (address, body, {"X-Hub-Signature": "sha256=" + "0" * 64}),
        (address, body, {"X-Hub-Signature": good.removeprefix("sha256=")}),
        (address, body, {"X-Hub-Signature": "sha1=" + good.removeprefix("sha256=")}),
        (address, body, {"X-Hub-Signature": "sha256=\xe9"}),
        (address, body + b" ", {"X-Hub-Signature": good}),
        (f"/api/v1/jira/{site.pk + 1}/webhook/", body, {"X-Hub-Signature": good}),
        (f"/api/v1/jira/{10**30}/webhook/", body, {"X-Hub-Signature": good}),
    ]
    answers = [
        client.post(where, what, content_type="application/json", headers=headers) for where, what, headers in tries
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert status_of(problem) == "new"
    secret_of(site)
    assert deliver(client, site, body, secret).status_code == 401, "a secret that was replaced ends"


def test_a_site_without_a_secret_takes_nothing(client: Client, fake: FakeJira) -> None:
    site = make_site(fake)
    assert deliver(client, site, event_of({}, 1), "").status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"webhookEvent": "comment_created", "timestamp": 1}', 204),
        (b'{"timestamp": 1}', 204),
        (b"{", 400),
        (b"[]", 400),
        (b"\xff", 400),
        (b"[" * 100_000, 400),
        (b'{"webhookEvent": "jira:issue_updated", "timestamp": 1}', 400),
        (event_of({"id": "1", "key": "ABC-1", "fields": {}}, 1), 400),
        (event_of({"id": "99", "key": "ABC-99", "fields": {"status": {"name": "Done"}}}, 10**30), 400),
        (event_of({"id": "99", "key": "ABC-99", "fields": {"status": {"name": "Done"}}}, 1), 204),
    ],
)
def test_what_cannot_be_used_changes_nothing(client: Client, linked: Linked, body: bytes, status: int) -> None:
    site, problem, _, secret = linked
    answer = deliver(client, site, body, secret)
    assert answer.status_code == status
    assert status_of(problem) == "new"
    if status == 400:
        assert answer.json()["detail"]


def test_a_deleted_issue_is_noted(client: Client, fake: FakeJira, linked: Linked) -> None:
    site, problem, issue, secret = linked
    deliver(client, site, event_of(shown(issue), 1, "jira:issue_deleted"), secret)
    link = JiraLink.objects.get()
    assert (link.state, link.last_error) == ("gone", "It was deleted in Jira.")
    deliver(client, site, moved(fake, issue, "Done"), secret)
    assert status_of(problem) == "new"


def test_an_issue_that_moved_to_another_project_keeps_its_link(client: Client, fake: FakeJira, linked: Linked) -> None:
    site, _, issue, secret = linked
    fake.move(issue, "In Progress")
    issue.key = "NEW-7"
    deliver(client, site, event_of(shown(issue), int(issue.updated.timestamp() * 1000)), secret)
    assert JiraLink.objects.get().issue_key == "NEW-7"
    rank()
    work()
    assert issue.properties["heard"]["rank"] == 1


def test_what_no_webhook_told_is_read_page_by_page(fake: FakeJira, linked: Linked) -> None:
    site, _, issue, _ = linked
    issues = [issue, *(fake.add() for _ in range(6))]
    for one in issues[1:]:
        jira_link(problem=make_problem(one.key), site=site, issue_key=one.key)
    work()
    for one in issues[:4]:
        fake.move(one, "Done")
    fake.calls.clear()
    call_command("jira_read")
    work()
    searches = fake.made("GET", "search")
    assert len(searches) == 4, "seven issues, two on a page"
    assert ("nextPageToken" if fake.kind == "cloud" else "startAt=2") in searches[1]
    statuses = [link.problem.status for link in JiraLink.objects.order_by("pk").select_related("problem")]
    assert statuses == ["shipped"] * 4 + ["new"] * 3
    site.refresh_from_db()
    assert (site.read_wanted, site.read_at is not None) == (False, True)


def test_reading_notices_what_was_deleted_and_still_reads_the_rest(fake: FakeJira, linked: Linked) -> None:
    site, problem, issue, _ = linked
    lost = fake.add()
    jira_link(problem=make_problem("Lost"), site=site, issue_key=lost.key)
    work()
    del fake.issues[lost.id]
    fake.move(issue, "Done")
    jira_read_daily()
    work()
    assert dict(JiraLink.objects.values_list("issue_key", "state")) == {issue.key: "live", lost.key: "gone"}
    assert status_of(problem) == "shipped"


def test_reading_with_an_expired_token_loses_nothing(fake: FakeJira, linked: Linked) -> None:
    fake.token = "another"
    jira_read_queue()
    work()
    assert JiraLink.objects.get().state == "live"
    site = JiraSite.objects.get()
    assert "Jira refuses the token" in site.notice
    assert site.read_wanted, "it is read once the token is replaced"


def test_a_stale_search_does_not_bring_an_old_status_back(client: Client, fake: FakeJira, linked: Linked) -> None:
    site, problem, issue, secret = linked
    deliver(client, site, moved(fake, issue, "Done"), secret)
    fake.move(issue, "In Progress", minutes=-1)
    jira_read_queue()
    work()
    assert status_of(problem) == "shipped"


def test_reading_rests_when_jira_says_so(fake: FakeJira, linked: Linked) -> None:
    fake.trouble("GET", "search", Told(429, None, {"Retry-After": "Thu, 01 Jan 2099 00:00:00 GMT"}))
    jira_read_queue()
    work()
    work()
    assert len(fake.made("GET", "search")) == 1
    assert JiraSite.objects.get().read_wanted
