"""Creating Jira issues from problems: from a template, once, and honest about answers that are lost."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from insights.models import JiraLink, JiraSite, JiraStatusMapping
from insights.outbound.jira_text import PLACEHOLDERS, document_of, summary_of, wiki_of
from insights.services.jira.links import jira_issue_create, jira_unlink
from insights.services.jira.sites import JiraRefusedError
from tests.insights.jira_fake import FakeJira, Told
from tests.insights.jira_sites import PUBLIC, make_problem, make_site, mean, pass_time, rank, work

pytestmark = pytest.mark.django_db
VALUES = {**dict.fromkeys(PLACEHOLDERS, "x"), "url": f"{PUBLIC}/problems/P-1/"}


@pytest.fixture(autouse=True)
def _reachable(settings: Any) -> None:
    settings.HEARD_WEBHOOK_ALLOW = ["127.0.0.0/8"]
    settings.HEARD_PUBLIC_URL = PUBLIC


@pytest.fixture(params=["cloud", "data_center"])
def fake(request: pytest.FixtureRequest) -> Iterator[FakeJira]:
    """A Jira of each kind."""
    with FakeJira(request.param) as jira:
        yield jira


def texts_in(node: Any) -> str:
    """The words of a document."""
    if isinstance(node, str):
        return node
    return "".join([node.get("text", ""), *(texts_in(part) for part in node.get("content", []))])


def test_an_issue_is_made_from_the_template_and_told_the_figures(fake: FakeJira) -> None:
    site = make_site(fake)
    mean(site, To_Do="planned")
    problem = make_problem(job_want="sign in once", job_so="we pass our audit")
    rank()
    jira_issue_create(problem=problem, site=site)
    work()
    (issue,) = fake.issues.values()
    link = JiraLink.objects.get()
    assert (link.state, link.issue_key, link.issue_id, link.sent) == ("live", issue.key, issue.id, False)
    assert issue.fields["summary"] == f"Sign in with SSO ({problem.key})"
    assert issue.fields["issuetype"] == {"name": "Story"}
    assert issue.fields["labels"] == [f"heard-{problem.key}"]
    words = texts_in(issue.fields["description"])
    assert "I want sign in once, so I can we pass our audit." in words
    assert "Customers who ask for this: 1. Score " in words
    assert f"{PUBLIC}/problems/{problem.key}/" in words
    assert "said one" not in words, "what customers wrote stays here"
    assert issue.properties["heard"]["rank"] == 1
    problem.refresh_from_db()
    assert problem.status == "planned"


def test_a_double_click_makes_one_issue_and_so_does_a_click_a_day_later(fake: FakeJira) -> None:
    site, problem = make_site(fake), make_problem()
    assert jira_issue_create(problem=problem, site=site) == jira_issue_create(problem=problem, site=site)
    work()
    jira_issue_create(problem=problem, site=site)
    work()
    assert len(fake.made("POST", "/issue")) - len(fake.made("POST", "remotelink")) == 1
    assert len(fake.issues) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        JiraLink.objects.create(site=site, problem=problem, created_here=True, state="creating")


@pytest.mark.parametrize("done", [True, False])
def test_a_lost_answer_makes_no_second_issue(fake: FakeJira, done: bool) -> None:  # noqa: FBT001
    site, problem = make_site(fake), make_problem()
    fake.trouble("POST", "/issue", None, done=done)
    jira_issue_create(problem=problem, site=site)
    work()
    link = JiraLink.objects.get()
    assert (link.state, link.sent) == ("creating", True)
    assert len(fake.issues) == int(done)
    with pytest.raises(JiraRefusedError, match="has not answered"):
        jira_unlink(link=link)
    pass_time(dt.timedelta(seconds=50))
    work()
    assert fake.made("GET", "search") == [], "Jira's search gets a minute to learn of it"
    pass_time(dt.timedelta(seconds=11))
    work()
    assert len(fake.made("GET", "search")) == 1
    (issue,) = fake.issues.values()
    assert JiraLink.objects.get().issue_id == issue.id
    assert "heard" in issue.properties


def test_a_refusal_is_shown_and_can_be_tried_again(fake: FakeJira) -> None:
    site, problem = make_site(fake), make_problem()
    JiraSite.objects.update(project="XYZ")
    jira_issue_create(problem=problem, site=site)
    work()
    link = JiraLink.objects.get()
    assert (link.state, link.sent) == ("refused", False)
    assert link.last_error == "Jira answered 400: project: valid project is required"
    JiraSite.objects.update(project="ABC")
    jira_issue_create(problem=problem, site=site)
    work()
    assert JiraLink.objects.get().state == "live"


def test_a_busy_jira_creates_later(fake: FakeJira) -> None:
    site, problem = make_site(fake), make_problem()
    fake.trouble("POST", "/issue", Told(429, None, {"Retry-After": "5"}))
    jira_issue_create(problem=problem, site=site)
    work()
    assert JiraLink.objects.get().sent is False
    pass_time(dt.timedelta(seconds=6))
    work()
    assert len(fake.issues) == 1
    assert fake.made("GET", "search") == []


def test_hostile_titles_stay_words(fake: FakeJira) -> None:
    title = "{html}<script>!http://evil.example/x.png! [~admin] {title} \n\0x"[:60].replace("\0", "")
    site, problem = make_site(fake), make_problem(title)
    jira_issue_create(problem=problem, site=site)
    JiraSite.objects.update(description_template="{title}")
    work()
    (issue,) = fake.issues.values()
    description = issue.fields["description"]
    if fake.kind == "cloud":
        assert {node["type"] for node in description["content"][0]["content"]} <= {"text", "hardBreak"}
    else:
        assert r"\{html\}<script>\!http" in description
        assert r"\[~admin\]" in description
    assert "\n" not in issue.fields["summary"]


def test_templates_are_filled_within_jiras_limits() -> None:
    assert summary_of("{title} " * 200, VALUES)[-1] == "…"
    assert len(summary_of("{title}" * 999, VALUES)) == 255
    assert len(wiki_of("{title}" * 99_999, VALUES)) == 32_000
    (first, second) = document_of("{title}\nmore\n\n\n{url} there", VALUES)["content"]
    assert first["content"] == [
        {"type": "text", "text": "x"},
        {"type": "hardBreak"},
        {"type": "text", "text": "more"},
    ]
    assert second["content"][0]["marks"] == [{"type": "link", "attrs": {"href": VALUES["url"]}}]
    assert summary_of("{title} {", {**VALUES, "title": "{key}"}) == "{key} {"


@pytest.mark.parametrize(
    ("facts", "field", "words"),
    [
        ({"summary_template": "{titel}"}, "summary_template", "{titel} stands for nothing. Known: {key}, {title}"),
        ({"description_template": "{title.__class__}"}, "description_template", "stands for nothing"),
        ({"url": "http://jira.example.invalid"}, "url", "does not resolve"),
        ({"url": "http://127.0.0.1/?a=b"}, "url", "Leave out"),
        ({"kind": "cloud", "email": ""}, "email", "e-mail address of its owner"),
        ({"project": "abc"}, "project", "Write the project's key"),
    ],
)
def test_a_site_that_could_not_work_is_refused(facts: dict[str, str], field: str, words: str) -> None:
    usual = {"name": "J", "kind": "data_center", "url": "http://127.0.0.1/", "project": "ABC"}
    with pytest.raises(ValidationError) as refused:
        JiraSite(**{**usual, **facts}).full_clean()
    assert words in str(refused.value.message_dict[field])


def test_a_site_needs_to_know_where_heard_is_read(fake: FakeJira, settings: Any) -> None:
    site, problem = make_site(fake), make_problem()
    settings.HEARD_PUBLIC_URL = ""
    with pytest.raises(ValidationError, match="HEARD_PUBLIC_URL"):
        site.full_clean()
    jira_issue_create(problem=problem, site=site)
    work()
    assert fake.calls == []
    assert "HEARD_PUBLIC_URL" in JiraSite.objects.get().notice


SITE = {"name": "J", "kind": "data_center", "url": "https://jira.example.com", "project": "ABC"}


@pytest.mark.parametrize(
    "facts",
    [
        {"name": ""},
        {"url": ""},
        {"project": ""},
        {"issue_type": ""},
        {"summary_template": ""},
        {"kind": "server"},
        {"kind": "cloud"},
    ],
)
def test_the_database_refuses_a_site_that_could_not_work(facts: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        JiraSite.objects.create(**{**SITE, **facts})


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"issue_key": "ABC-1"}, {"issue_key": "ABC-1"}),
        ({"issue_key": "ABC-1", "issue_id": "1"}, {"issue_key": "ABC-2", "issue_id": "1"}),
        ({"issue_key": "ABC-1"}, {"issue_key": ""}),
        ({"issue_key": "ABC-1"}, {"issue_key": "ABC-2", "state": "lost"}),
        ({"issue_key": "ABC-1"}, {"issue_key": "ABC-2", "state": "live"}),
    ],
)
def test_the_database_refuses_a_broken_link(first: dict[str, str], second: dict[str, str]) -> None:
    site, problem = JiraSite.objects.create(**SITE), make_problem()
    JiraLink.objects.create(site=site, problem=problem, **first)
    with pytest.raises(IntegrityError), transaction.atomic():
        JiraLink.objects.create(site=site, problem=problem, **second)


@pytest.mark.parametrize("facts", [{"jira_status": "done"}, {"jira_status": ""}, {"status": "lost"}])
def test_the_database_refuses_a_broken_mapping(facts: dict[str, str]) -> None:
    site = JiraSite.objects.create(**SITE)
    JiraStatusMapping.objects.create(site=site, jira_status="Done", status="shipped")
    with pytest.raises(IntegrityError), transaction.atomic():
        JiraStatusMapping.objects.create(**{"site": site, "jira_status": "Open", "status": "new", **facts})
