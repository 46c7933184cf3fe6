"""The agent's door: what a customer said is logged in seconds, beside the problems that it may belong to."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from customers.models import Account, Contact
from feedback.models import FeedbackItem, LoggedItem
from insights.models import Membership, Problem, Ranking
from insights.services.edits import problems_edit

SAID = {"text": "Our people want to log in with the company account", "kind": "request", "severity": "high"}


@pytest.fixture
def agent(company: Ranking, browser: Client, manager: User) -> Client:
    """Somebody who logs feedback."""
    manager.groups.add(Group.objects.get(name="Agent"))
    return browser


def problem(topic: str) -> Problem:
    """The problem of a topic."""
    found: Problem = Problem.objects.get(memberships__item__external_id=f"{topic}-0")
    return found


def logged() -> FeedbackItem:
    """The item that was logged last."""
    return LoggedItem.objects.latest("logged_at").item


def test_what_is_typed_shows_what_it_may_belong_to(agent: Client) -> None:
    page = agent.post("/log/alike/", {"text": "staff should sign in with SSO"}).text
    keys = re.findall(r'name="problem" value="(P-\d+)"', page)
    assert keys[0] == problem("sso").key
    assert re.search(r"\d+ % alike", page)
    assert "appear here while you type" in agent.post("/log/alike/", {"text": " \x00"}).text


def test_one_click_adds_the_customer_to_a_problem_and_the_list_knows(agent: Client, drain: Any) -> None:
    dark = problem("dark")
    before = Ranking.objects.latest().entries.get(problem=dark)
    body = {**SAID, "account": "A0", "link": "https://desk.example/tickets/7", "problem": dark.key}
    answer = agent.post("/log/", body, follow=True)
    assert f"It is part of {dark.key} now." in answer.text
    drain()
    item = logged()
    assert (item.account, item.severity, item.state) == (Account.objects.get(external_id="A0"), "high", "placed")
    assert Membership.objects.get(item=item).problem == dark
    after = Ranking.objects.latest().entries.get(problem=dark)
    assert (after.customers, after.score > before.score) == (before.customers + 1, True)
    page = agent.get("/log/").text
    assert dark.title in unescape(page)
    assert 'href="https://desk.example/tickets/7"' in page


def test_without_a_problem_triage_finds_it(agent: Client, drain: Any) -> None:
    agent.post("/log/", {**SAID, "text": "Please support single sign-on with SAML", "account": "account a1"})
    assert "being read" in agent.get("/log/").text
    drain()
    assert Membership.objects.get(item=logged()).problem == problem("sso")
    problems_edit(problems=[problem("sso")], values={"status": "shipped"}, author=None)
    assert '<span class="status status-shipped">Shipped</span>' in agent.get("/log/").text


def test_quotes_of_a_long_ticket_become_items(agent: Client) -> None:
    agent.post("/log/", {**SAID, "quote": ["We need a dark mode", "Export to Excel", " "], "account": "A0"})
    assert set(LoggedItem.objects.values_list("item__text", flat=True)) == {"We need a dark mode", "Export to Excel"}


def test_a_contact_is_created_in_place_once(agent: Client) -> None:
    body = {**SAID, "account": "A0", "contact_email": "New@A0.example", "contact_name": " Nina  New "}
    for _ in range(2):
        agent.post("/log/", body)
    contact = Contact.objects.get(email="new@a0.example")
    assert (contact.name, contact.account.external_id) == ("Nina New", "A0")
    assert FeedbackItem.objects.filter(contact=contact).count() == 2


def test_a_log_is_taken_back_by_who_made_it(agent: Client, drain: Any) -> None:
    before = Ranking.objects.latest().entries.get(problem=problem("dark")).score
    answer = agent.post("/log/", {**SAID, "account": "A0", "problem": problem("dark").key}, follow=True)
    undo = re.search(r'action="(/undo/log/\?item=\d+)"', answer.text)
    assert undo is not None
    other = User.objects.create_user("other")
    other.groups.add(Group.objects.get(name="Agent"))
    stranger = Client()
    stranger.force_login(other)
    assert "Only who logged it" in stranger.post(undo[1], follow=True).text
    drain()
    assert "Undone: 1 item is gone." in agent.post(undo[1], follow=True).text
    drain()
    assert not LoggedItem.objects.exists()
    assert Ranking.objects.latest().entries.get(problem=problem("dark")).score == before
    assert "Only who logged it" in agent.post(undo[1], follow=True).text


def test_accounts_are_offered_the_last_ones_first(agent: Client) -> None:
    agent.post("/log/", {**SAID, "account": "A2"})
    agent.post("/log/", {**SAID, "account": "A1"})
    offered = re.findall(r'value="(A\d)"', agent.get("/log/accounts/", {"account": "account"}).text)
    assert offered == ["A1", "A2", "A0"]
    assert re.findall(r'value="(A\d)"', agent.get("/log/accounts/").text) == ["A1", "A2"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"text": " ... "}, "Paste what the customer said."),
        ({"text": "x" * 20_001}, "At most 20 quotes of 20000 characters"),
        ({"quote": ["a word"] * 21}, "At most 20 quotes"),
        ({"account": "Nobody Ltd"}, "No account goes by “Nobody Ltd”"),
        ({"kind": "song"}, "Choose a kind and a severity"),
        ({"severity": ""}, "Choose a kind and a severity"),
        ({"contact_email": "no address"}, "“no address” is no e-mail address."),
        ({"contact_email": "who@else.example", "account": ""}, "Whose contact is that?"),
        ({"link": "javascript:alert(1)"}, "“javascript:alert(1)” is no web address."),
        ({"problem": "P-999"}, "There is no problem P-999 now."),
    ],
)
def test_what_cannot_be_logged_is_said_and_what_was_typed_stays(
    agent: Client, change: dict[str, Any], why: str
) -> None:
    body = {**SAID, "account": "A0", **change}
    answer = agent.post("/log/", body)
    assert answer.status_code == 422
    assert why in unescape(answer.text)
    assert f">{body['text']}</textarea>" in unescape(answer.text)
    assert not LoggedItem.objects.exists()


def test_several_companies_of_one_name_are_told_apart(agent: Client) -> None:
    Account.objects.filter(external_id__in=["A0", "A1"]).update(name="Twin Ltd")
    assert "Several accounts go by “twin ltd”" in unescape(agent.post("/log/", {**SAID, "account": "twin ltd"}).text)


def test_who_may_not_log_is_not_offered_it(company: Ranking, browser: Client) -> None:
    assert "Log feedback" not in browser.get("/").text
    assert browser.get("/log/").status_code == 403
    assert browser.post("/log/", SAID).status_code == 403
