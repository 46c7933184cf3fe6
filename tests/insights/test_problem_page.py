"""A problem's page: what is said, marked; what is known, written down; what was decided, listed."""

import datetime as dt
import json
import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from feedback.models import FeedbackItem, LoggedItem, Source
from insights.models import DiscoveryAnswer, Problem, Ranking
from insights.services.corrections import problem_merge, problem_rename
from insights.services.decisions import decisions_about
from insights.services.edits import edit_undo, problems_edit


@pytest.fixture
def sso(company: Ranking) -> Problem:
    """The problem of single sign-on."""
    found: Problem = Problem.objects.get(memberships__item__external_id="sso-0")
    return found


def test_the_words_that_matter_are_marked(planner: Client, sso: Problem) -> None:
    page = planner.get(f"/problems/{sso.key}/").text
    assert re.search(r"<mark>(?i:sso|single|sign)</mark>", page)
    quotes = [re.sub(r"</?mark>", "", quote) for quote in re.findall(r'class="quote".*?<p>(.*?)</p>', page, re.DOTALL)]
    said = FeedbackItem.objects.filter(membership__problem=sso).values_list("text", flat=True)
    assert sorted(map(unescape, quotes)) == sorted(said)


def test_the_job_and_the_estimates_are_written_on_the_page(planner: Client, sso: Problem) -> None:
    before = (sso.job_when, sso.job_want, sso.job_by, sso.effort)
    body = {"job_when": "staff join", "job_want": "one sign-on", "job_so": "", "effort": "2.5", "impact": "3.00"}
    answer = planner.post(f"/problems/{sso.key}/facts/", {**body, "confidence": "80"}, follow=True)
    assert "is as you wrote it" in answer.text
    sso.refresh_from_db()
    assert sso.job_statement == "When staff join, I want one sign-on, so I can …"
    assert (str(sso.effort), str(sso.impact), sso.confidence, sso.job_by) == ("2.50", "3.00", 80, "person")
    undo = re.search(r'action="(/undo/edit/\d+/)"', answer.text)
    assert undo is not None
    planner.post(undo[1])
    sso.refresh_from_db()
    assert (sso.job_when, sso.job_want, sso.job_by, sso.effort) == before


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"effort": "0"}, "Effort: Ensure this value is greater than or equal to 0.01."),
        ({"effort": "much"}, "Effort: Enter a number."),
        ({"impact": "7"}, "Impact: Select a valid choice."),
        ({"job_when": "x" * 301}, "When …: Ensure this value has at most 300 characters"),
    ],
)
def test_what_is_no_estimate_is_said(planner: Client, sso: Problem, body: dict[str, str], why: str) -> None:
    answer = planner.post(f"/problems/{sso.key}/facts/", body, follow=True)
    assert why in unescape(answer.text)
    assert Problem.objects.get(pk=sso.pk).effort is None


def test_a_discovery_card_says_who_answered_and_goes_back(planner: Client, sso: Problem, manager: User) -> None:
    address = f"/problems/{sso.key}/discovery/"
    answered = planner.post(address, {"question": "today", "text": " They mail us.\r\nEach time. "}, follow=True)
    assert "What do they do today? Answered." in answered.text
    planner.post(address, {"question": "today", "text": "They call."})
    page = planner.get(f"/problems/{sso.key}/").text
    assert "<p>They call.</p>" in page
    assert "manager," in page
    first, second = DiscoveryAnswer.objects.order_by("pk")
    refused = planner.post(f"/undo/discovery/{first.pk}/", follow=True)
    assert "take that back first" in refused.text
    planner.post(f"/undo/discovery/{second.pk}/")
    assert "<p>They mail us.\nEach time.</p>" in planner.get(f"/problems/{sso.key}/").text
    for body in ({"question": "luck", "text": "x"}, {"question": "size", "text": "x" * 4001}):
        planner.post(address, body)
    assert DiscoveryAnswer.objects.count() == 1


def test_what_was_found_out_before_a_merge_is_not_lost(planner: Client, sso: Problem, manager: User) -> None:
    export = Problem.objects.get(memberships__item__external_id="export-0")
    for problem, question in ((sso, "size"), (sso, "today"), (export, "today")):
        planner.post(f"/problems/{problem.key}/discovery/", {"question": question, "text": f"{problem.key} {question}"})
    problem_merge(problem=sso, target=export, author=manager)
    page = planner.get(f"/problems/{export.key}/").text
    assert f"<p>{sso.key} size</p>" in page
    assert f"<p>{export.key} today</p>" in page
    assert f"<p>{sso.key} today</p>" not in page


def test_its_year_its_facets_and_its_decisions_come_when_they_are_seen(
    planner: Client, sso: Problem, manager: User
) -> None:
    FeedbackItem.objects.filter(membership__problem=sso).update(said_at=timezone.now())
    FeedbackItem.objects.filter(external_id="sso-0").update(said_at=timezone.now() - dt.timedelta(weeks=3))
    FeedbackItem.objects.filter(external_id="sso-1").update(said_at=timezone.now() - dt.timedelta(weeks=70))
    problem_rename(problem=sso, title="Sign in once", author=manager)
    problems_edit(problems=[sso], values={"status": "shipped"}, author=manager)
    for wire in ({}, {"HX-Request": "true"}):
        page = planner.get(f"/problems/{sso.key}/about/", headers=wire).text
        assert ("<html" in page) == (not wire)
        assert "renamed; it was" in page
        assert "Status: Shipped" in page
        assert "4 items in the last 52 weeks" in page
        assert "buyer" in page.lower()
    data: dict[str, Any] = json.loads(re.search(r'id="trend-data"[^>]*>(.*?)</script>', page)[1])  # type: ignore[index]
    assert (sum(data["items"]), data["items"][-4], len(data["weeks"]), len(data["releases"])) == (4, 1, 52, 1)


def test_what_was_undone_is_still_told(sso: Problem, manager: User) -> None:
    edit = problems_edit(problems=[sso], values={"status": "planned", "area": "Access"}, author=manager)
    assert edit is not None
    edit_undo(edit=edit)
    (decision,) = decisions_about(problem=sso)
    assert (decision.text, decision.undone) == ("Status: Planned, Product area: Access", True)


def test_a_part_of_what_is_not_there_is_not_found(planner: Client) -> None:
    for part in ("about", "moved"):
        assert planner.get(f"/problems/P-999/{part}/").status_code == 404
    for form in ("facts", "discovery"):
        assert planner.post(f"/problems/P-999/{form}/").status_code == 404


def test_a_quote_leads_to_where_it_was_said(planner: Client, sso: Problem, manager: User) -> None:
    source = Source.objects.get(key="zendesk")
    source.link = "https://desk.example/tickets/{id}?tab=1"
    source.full_clean()
    source.save()
    logged = FeedbackItem.objects.get(external_id="sso-1")
    LoggedItem.objects.create(item=logged, author=manager, link="https://calls.example/7")
    page = unescape(planner.get(f"/problems/{sso.key}/").text)
    assert 'href="https://desk.example/tickets/sso-0?tab=1"' in page
    assert 'href="https://calls.example/7"' in page
    assert "tickets/sso-1" not in page


@pytest.mark.parametrize("link", ["javascript:alert({id})", "https://desk.example/", "desk.example/{id}"])
def test_what_is_no_address_is_refused(db: None, link: str) -> None:
    with pytest.raises(ValidationError, match="Write a web address"):
        Source(key="desk", link=link).full_clean()


def test_an_id_cannot_lead_elsewhere(db: None) -> None:
    source = Source(key="desk", link="https://desk.example/{id}")
    assert source.address_of("../x?y=1#z") == "https://desk.example/..%2Fx%3Fy%3D1%23z"
    assert Source(key="other").address_of("1") == ""
