"""Links to Jira issues: figures told when they change, trouble borne, nothing done twice."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models.functions import Now

from customers.models import Account
from feedback.models import Job
from feedback.services.jobs import job_lease, job_run
from insights.models import JiraLink, JiraSite, Problem
from insights.services.corrections import problem_merge
from insights.services.deliveries import STEPS
from insights.services.jira import links
from insights.services.jira.links import jira_issue_create, jira_link, jira_links_look_up, jira_unlink
from insights.services.jira.sites import JiraRefusedError, jira_token_set
from insights.services.jira.work import PAUSE
from insights.services.outbox import problems_watched
from tests.insights.jira_fake import FakeJira, Told
from tests.insights.jira_sites import PUBLIC, make_problem, make_site, pass_time, rank, run, work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reachable(settings: Any) -> None:
    settings.HEARD_WEBHOOK_ALLOW = ["127.0.0.0/8"]
    settings.HEARD_PUBLIC_URL = PUBLIC


@pytest.fixture(params=["cloud", "data_center"])
def fake(request: pytest.FixtureRequest) -> Iterator[FakeJira]:
    """A Jira of each kind."""
    with FakeJira(request.param) as jira:
        yield jira


def test_an_issue_is_told_its_problems_figures(fake: FakeJira) -> None:
    site, issue, problem = make_site(fake), fake.add(), make_problem()
    rank()
    link = jira_link(problem=problem, site=site, issue_key=issue.key.lower())
    work()
    link.refresh_from_db()
    assert (link.state, link.issue_id, link.jira_status, link.last_error) == ("live", issue.id, "To Do", "")
    assert issue.properties["heard"] == {
        "key": problem.key,
        "title": "Sign in with SSO",
        "status": "new",
        "rank": 1,
        "score": float(problem.receipts.get().score),
        "currency": "USD",
        "customers": 1,
        "revenue_at_risk": 1200.0,
        "url": f"{PUBLIC}/problems/{problem.key}/",
    }
    (remote,) = issue.remote_links.values()
    assert remote["globalId"] == f"heard:problem:{problem.key}"
    assert remote["object"]["url"] == f"{PUBLIC}/problems/{problem.key}/"
    assert remote["object"]["title"] == f"{problem.key} Sign in with SSO"
    assert "Rank 1" in remote["object"]["summary"]
    assert "customers 1 · revenue at risk 1,200.00 USD" in remote["object"]["summary"]


def test_only_links_whose_figures_changed_are_told_again(fake: FakeJira) -> None:
    site, first, second = make_site(fake), make_problem(), make_problem("Export to Excel", "5000.00")
    one, two = fake.add(), fake.add()
    jira_link(problem=first, site=site, issue_key=one.key)
    jira_link(problem=second, site=site, issue_key=two.key)
    rank()
    work()
    fake.calls.clear()
    Account.objects.filter(external_id=f"A-{first.pk}").update(arr="90000.00")
    rank()
    work()
    assert len(fake.made("PUT")) == len(fake.made("POST")) == 1
    assert one.properties["heard"]["revenue_at_risk"] == 9000.0
    assert len(one.remote_links) == 1, "the same globalId updates"
    fake.calls.clear()
    rank()
    work()
    assert fake.calls == []


def test_an_issue_is_not_told_every_minute(fake: FakeJira) -> None:
    site, problem, issue = make_site(fake), make_problem(), fake.add()
    jira_link(problem=problem, site=site, issue_key=issue.key)
    work()
    work()
    fake.calls.clear()
    for title in ("SSO", "SSO, please"):
        JiraLink.objects.update(pushed_at=Now())
        with problems_watched():
            Problem.objects.update(title=title)
        run()
        assert fake.calls == []
    pass_time(PAUSE)
    run()
    assert (len(fake.calls), issue.properties["heard"]["title"]) == (2, "SSO, please")


def test_a_site_that_moved_is_looked_through_by_keys(fake: FakeJira) -> None:
    site, problem, issue = make_site(fake), make_problem(), fake.add()
    jira_link(problem=problem, site=site, issue_key=issue.key)
    work()
    with FakeJira(fake.kind) as other:
        stranger, same = other.add(), other.add()
        stranger.key, same.key = "XYZ-1", issue.key
        JiraSite.objects.update(url=other.url)
        jira_links_look_up(site=site)
        work()
        assert (set(stranger.properties), set(same.properties)) == (set(), {"heard"})
    assert JiraLink.objects.get().issue_id == same.id


def test_an_address_that_redirects_is_not_followed_with_the_token(fake: FakeJira) -> None:
    site, issue = make_site(fake), fake.add()
    fake.trouble("GET", "", Told(302, None, {"Location": "https://elsewhere.example.com/"}))
    jira_link(problem=make_problem(), site=site, issue_key=issue.key)
    work()
    assert "It leads to https://elsewhere.example.com/" in JiraSite.objects.get().last_error
    assert JiraLink.objects.get().state == "linking"


def test_a_merged_problems_issue_speaks_for_what_it_became(fake: FakeJira) -> None:
    site, problem, target, issue = make_site(fake), make_problem(), make_problem("SSO"), fake.add()
    jira_link(problem=problem, site=site, issue_key=issue.key)
    rank()
    work()
    problem_merge(problem=problem, target=target, author=None)
    rank()
    work()
    assert issue.properties["heard"]["key"] == target.key
    assert issue.properties["heard"]["customers"] == 2
    (remote,) = issue.remote_links.values()
    assert remote["object"]["url"] == f"{PUBLIC}/problems/{target.key}/"
    assert list(JiraLink.objects.of(target)) == list(JiraLink.objects.all())
    problem.refresh_from_db()
    with pytest.raises(JiraRefusedError, match=f"{problem.key} is part of {target.key} now"):
        jira_link(problem=problem, site=site, issue_key="ABC-99")


def test_one_issue_belongs_to_one_problem(fake: FakeJira) -> None:
    site, problem, other, issue = make_site(fake), make_problem(), make_problem("Other"), fake.add()
    link = jira_link(problem=problem, site=site, issue_key=issue.key)
    assert jira_link(problem=problem, site=site, issue_key=issue.key) == link
    with pytest.raises(JiraRefusedError, match=f"linked to {problem.key} already"):
        jira_link(problem=other, site=site, issue_key=issue.key)
    with pytest.raises(JiraRefusedError, match="'12' is not the key of an issue"):
        jira_link(problem=other, site=site, issue_key="12")
    work()
    issue.key = "NEW-1"
    again = jira_link(problem=other, site=site, issue_key="NEW-1")
    work()
    again.refresh_from_db()
    assert (again.state, again.last_error) == ("refused", f"NEW-1 is linked to {problem.key} already.")


def test_a_site_that_asks_for_a_rest_gets_it(fake: FakeJira) -> None:
    site, issue = make_site(fake), fake.add()
    fake.trouble("PUT", "properties", Told(429, {"errorMessages": ["Rate limit"]}, {"Retry-After": "120"}))
    jira_link(problem=make_problem(), site=site, issue_key=issue.key)
    work()
    work()
    assert len(fake.made("PUT")) == 1
    pass_time(dt.timedelta(seconds=110))
    work()
    assert len(fake.made("PUT")) == 1, "it rests as long as it was asked to"
    pass_time(dt.timedelta(seconds=11))
    work()
    assert issue.properties["heard"]["rank"] is None
    site.refresh_from_db()
    assert (site.notice, site.last_error, JiraLink.objects.get().last_error) == ("", "", "")


def test_an_expired_token_stops_the_site_until_it_is_replaced_and_loses_no_link(fake: FakeJira) -> None:
    site, issues = make_site(fake), [fake.add() for _ in range(3)]
    for n, issue in enumerate(issues):
        jira_link(problem=make_problem(f"Problem {n}"), site=site, issue_key=issue.key)
    work()
    fake.token = "a-new-token"
    rank()
    fake.calls.clear()
    work()
    site.refresh_from_db()
    assert "Jira refuses the token" in site.notice
    assert len(fake.calls) <= 2
    fake.calls.clear()
    pass_time(dt.timedelta(days=30))
    rank()
    work()
    assert fake.calls == []
    assert set(JiraLink.objects.values_list("state", flat=True)) == {"live"}
    jira_token_set(site=site, token="a-new-token")
    work()
    assert {issue.properties["heard"]["rank"] for issue in issues} == {1, 2, 3}
    assert JiraSite.objects.get().notice == ""


def test_a_link_is_not_lost_to_a_token_that_has_expired(fake: FakeJira) -> None:
    site, issue = make_site(fake), fake.add()
    fake.token = "a-new-token"
    jira_link(problem=make_problem(), site=site, issue_key=issue.key)
    work()
    assert JiraLink.objects.get().state == "linking"
    assert "Jira refuses the token" in JiraSite.objects.get().notice


def test_a_forbidden_issue_does_not_stop_the_others(fake: FakeJira) -> None:
    site, closed, open_ = make_site(fake), fake.add(), fake.add()
    fake.trouble("GET", closed.key, Told(403, {"errorMessages": ["Not for you."]}))
    for issue in (closed, open_):
        jira_link(problem=make_problem(issue.key), site=site, issue_key=issue.key)
    work()
    states = dict(JiraLink.objects.values_list("issue_key", "state"))
    assert states == {closed.key: "refused", open_.key: "live"}
    assert "Not for you." in JiraLink.objects.get(issue_key=closed.key).last_error
    assert JiraSite.objects.get().notice == ""


def test_a_deleted_issue_is_kept_shown_and_left_alone(fake: FakeJira) -> None:
    site, issue, problem = make_site(fake), fake.add(), make_problem()
    jira_link(problem=problem, site=site, issue_key=issue.key)
    work()
    del fake.issues[issue.id]
    rank()
    work()
    link = JiraLink.objects.get()
    assert (link.state, link.due_at) == ("gone", None)
    assert "does not exist" in link.last_error
    fake.calls.clear()
    make_problem("Another", "99000.00")
    pass_time(dt.timedelta(days=30))
    rank()
    work()
    assert fake.calls == []
    fake.issues[issue.id] = issue
    jira_link(problem=problem, site=site, issue_key=issue.key)
    work()
    assert JiraLink.objects.get().state == "live", "linking it again finds it"


def test_an_issue_that_fails_waits_alone_and_longer_each_time(fake: FakeJira) -> None:
    site, broken, sound = make_site(fake), fake.add(), fake.add()
    fake.trouble("PUT", broken.id, Told(500), 2)
    for issue in (broken, sound):
        jira_link(problem=make_problem(issue.key), site=site, issue_key=issue.key)
    work()
    assert "heard" in sound.properties
    assert JiraLink.objects.get(issue_key=broken.key).attempts == 1
    pass_time(STEPS[0])
    work()
    pass_time(STEPS[0])
    work()
    assert len(fake.made("PUT", broken.id)) == 2, "the second wait is longer"
    pass_time(STEPS[1])
    work()
    assert "heard" in broken.properties


@pytest.mark.parametrize("told", [None, Told(503)])
def test_a_jira_that_is_down_is_not_asked_for_each_link(fake: FakeJira, told: Told | None) -> None:
    site, issues = make_site(fake), [fake.add(), fake.add(), fake.add()]
    fake.trouble("GET", "", told, 1)
    for issue in issues:
        jira_link(problem=make_problem(issue.key), site=site, issue_key=issue.key)
    work()
    assert len(fake.calls) == 1
    pass_time(STEPS[0])
    work()
    assert all("heard" in issue.properties for issue in issues)
    assert JiraSite.objects.get().failures == 0


def test_unlinking_takes_off_what_was_written(fake: FakeJira) -> None:
    site, issue = make_site(fake), fake.add()
    link = jira_link(problem=make_problem(), site=site, issue_key=issue.key)
    work()
    issue.remote_links["other:1"] = {}
    issue.properties["other"] = 1
    jira_unlink(link=link)
    work()
    assert (set(issue.remote_links), set(issue.properties)) == ({"other:1"}, {"other"})
    assert not JiraLink.objects.exists()


def test_unlinking_what_jira_never_heard_of_just_forgets_it(fake: FakeJira) -> None:
    link = jira_link(problem=make_problem(), site=make_site(fake), issue_key="ABC-1")
    jira_unlink(link=link)
    jira_unlink(link=link)
    work()
    assert not JiraLink.objects.exists()
    assert fake.calls == []


def test_unlinking_bears_that_somebody_tidied_up_before(fake: FakeJira) -> None:
    site, issue = make_site(fake), fake.add()
    link = jira_link(problem=make_problem(), site=site, issue_key=issue.key)
    work()
    issue.properties.clear()
    jira_unlink(link=link)
    work()
    assert (issue.remote_links, JiraLink.objects.count()) == ({}, 0)


@pytest.mark.parametrize("same", [True, False])
def test_of_two_who_link_at_once_the_first_wins(
    fake: FakeJira,
    same: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site, problem, other = make_site(fake), make_problem(), make_problem("Other")
    claim = links._claimed

    def overtaken(link: JiraLink) -> JiraLink:
        JiraLink.objects.create(site=site, problem=problem if same else other, issue_key="ABC-1")
        return claim(link)

    monkeypatch.setattr(links, "_claimed", overtaken)
    if same:
        assert jira_link(problem=problem, site=site, issue_key="ABC-1") == JiraLink.objects.get()
    else:
        with pytest.raises(JiraRefusedError, match="ABC-1 was linked to another problem just now"):
            jira_link(problem=problem, site=site, issue_key="ABC-1")


def test_of_two_who_create_at_once_the_first_wins(fake: FakeJira, monkeypatch: pytest.MonkeyPatch) -> None:
    site, problem = make_site(fake), make_problem()
    claim = links._claimed

    def overtaken(link: JiraLink) -> JiraLink:
        JiraLink.objects.create(site=site, problem=problem, created_here=True, state="creating")
        return claim(link)

    monkeypatch.setattr(links, "_claimed", overtaken)
    jira_issue_create(problem=problem, site=site)
    work()
    assert len(fake.issues) == JiraLink.objects.count() == 1


def test_a_lost_issue_that_turns_up_under_another_key_is_linked_anew(fake: FakeJira) -> None:
    site, problem, issue = make_site(fake), make_problem(), fake.add()
    jira_link(problem=problem, site=site, issue_key=issue.key)
    work()
    JiraLink.objects.update(state="gone", due_at=None)
    issue.key = "NEW-1"
    jira_link(problem=problem, site=site, issue_key="NEW-1")
    work()
    assert list(JiraLink.objects.values_list("issue_key", "state")) == [("NEW-1", "live")]


def test_a_fault_of_ours_lets_the_site_rest(fake: FakeJira, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> None:
        raise KeyError("ours")

    monkeypatch.setattr("insights.services.jira.work.figures_load", fail)
    site, issue = make_site(fake), fake.add()
    jira_link(problem=make_problem(), site=site, issue_key=issue.key)
    for _ in range(4):
        Job.objects.filter(state="queued").update(due_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        run(strict=False)
    assert Job.objects.filter(kind="jira", state="quarantined").count() == 1
    site.refresh_from_db()
    assert site.last_error.startswith("A fault of Heard: KeyError")
    assert site.rest_until is not None


def test_an_issue_that_may_not_be_edited_is_tried_again_later(fake: FakeJira) -> None:
    site, issue = make_site(fake), fake.add()
    fake.trouble("PUT", "properties", Told(403, {"errorMessages": ["You may not edit this."]}))
    jira_link(problem=make_problem(), site=site, issue_key=issue.key)
    work()
    link = JiraLink.objects.get()
    assert (link.state, link.attempts) == ("live", 1)
    assert "You may not edit this." in link.last_error
    pass_time(STEPS[0])
    work()
    assert JiraLink.objects.get().last_error == ""


def test_an_answer_that_is_no_json_is_no_success(fake: FakeJira) -> None:
    site, issue = make_site(fake), fake.add()
    fake.trouble("GET", "", Told(200, "a page to sign in"))
    jira_link(problem=make_problem(), site=site, issue_key=issue.key)
    work()
    link = JiraLink.objects.get()
    assert (link.state, link.attempts) == ("linking", 1)
    assert "cannot be read" in link.last_error


def test_an_address_that_leads_inside_is_not_called(fake: FakeJira, settings: Any) -> None:
    site, issue = make_site(fake), fake.add()
    settings.HEARD_WEBHOOK_ALLOW = []
    jira_link(problem=make_problem(), site=site, issue_key=issue.key)
    work()
    assert fake.calls == []
    assert "not a public address" in JiraSite.objects.get().last_error


def test_tokens_are_not_stored_readably_and_a_lost_key_says_so(fake: FakeJira, settings: Any) -> None:
    site, issue = make_site(fake), fake.add()
    assert "a-token" not in site.token
    settings.SECRET_KEY = "another"
    jira_link(problem=make_problem(), site=site, issue_key=issue.key)
    work()
    assert fake.calls == []
    assert "HEARD_SECRET_KEY changed" in JiraSite.objects.get().notice


def test_two_workers_do_not_call_one_site_at_once(fake: FakeJira) -> None:
    site, issue = make_site(fake), fake.add()
    first = job_lease()
    jira_link(problem=make_problem(), site=site, issue_key=issue.key)
    Job.objects.exclude(kind="jira").delete()
    second = job_lease()
    assert first is not None
    assert second is not None
    job_run(lease=second)
    assert fake.calls == []
    job_run(lease=first)
    assert "heard" in issue.properties
