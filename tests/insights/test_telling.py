"""Closing the loop: everybody who asked hears what became of it, once, in words that somebody has seen."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from customers.models import Account, Contact
from feedback.models import Job, JobState
from feedback.services.items import feedback_ingest
from insights.models import Problem, Ranking, Told
from insights.services.corrections import problem_merge
from insights.services.edits import problems_edit
from insights.services.triage import TriageSummary
from tests.factories import make_record
from tests.insights.mail_server import MailServer, mail_server

Drain = Callable[[], TriageSummary]


@pytest.fixture
def mail(settings: Any) -> Iterator[MailServer]:
    """A mail server that Heard sends through."""
    with mail_server() as server:
        host, port = server.url.removeprefix("smtp://").split(":")
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = host, int(port)
        settings.DEFAULT_FROM_EMAIL = "Product <product@heard.example>"
        yield server


@pytest.fixture
def planner(company: Ranking, browser: Client, manager: User) -> Client:
    """Somebody who decides about problems."""
    manager.first_name, manager.last_name = "Maja", "Lind"
    manager.save()
    manager.groups.add(Group.objects.get(name="Product manager"))
    return browser


@pytest.fixture
def shipped(planner: Client) -> Problem:
    """Single sign-on is there: two buyers had asked for it."""
    problem = Problem.objects.get(memberships__item__external_id="sso-0")
    problems_edit(problems=[problem], values={"status": "shipped"}, author=None)
    return problem


def address(problem: Problem) -> str:
    """Where it is told from."""
    return f"/problems/{problem.key}/tell/"


def form(page: str) -> dict[str, Any]:
    """The fields of a page as a browser would send them."""
    ticked = re.findall(r'name="email" value="([^"]+)"(?: checked)?', page)
    fields = re.findall(r'name="((?:subject|news)[^"]*)"[^>]* value="([^"]*)"', page)
    letters = re.findall(r'<textarea[^>]* name="(body-[^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    letters += re.findall(r'<textarea name="(body-[^"]+)" hidden>(.*?)</textarea>', page, re.DOTALL)
    return {"email": ticked, **{name: unescape(text) for name, text in [*fields, *letters]}}


def states() -> dict[str, str]:
    """How the telling of each person stands."""
    return dict(Told.objects.values_list("email", "state"))


def test_the_letters_are_seen_then_sent_once(planner: Client, shipped: Problem, mail: MailServer, drain: Drain) -> None:
    page = planner.get(address(shipped)).text
    assert "2 people ticked" in page
    assert "Buyers, champions and admins" in page
    letters = form(page)
    letters["body-deciders"] = letters["body-deciders"].replace("you told us", "on {date} you told us {quote}")
    preview = planner.post(address(shipped), {**letters, "do": "look"})
    assert "2 letters about" in preview.text
    said = (
        Contact.objects.get(email="buyer@a1.example")
        .feedback.filter(membership__problem=shipped)
        .latest("said_at", "pk")
    )
    assert f"&gt; {said.text}" in preview.text
    assert not Told.objects.exists()
    sent = planner.post(address(shipped), {**form(preview.text), "do": "send"}, follow=True)
    assert "2 letters are on the way." in sent.text
    assert mail.letters == []
    drain()
    assert sorted(mail.recipients) == ["buyer@a0.example", "buyer@a1.example"]
    letter = next(letter for letter in mail.letters if letter["To"] == "buyer@a1.example")
    assert (letter["Subject"], letter["From"]) == (f"{shipped.title}: it is here", "Product <product@heard.example>")
    body = letter.get_content()
    assert "go through it for Account A1" in body
    assert body.rstrip().endswith("Maja Lind")
    assert set(states().values()) == {"sent"}
    page = planner.get(address(shipped)).text
    assert "Everybody who can be written to knows" in page
    again = planner.post(address(shipped), {**form(preview.text), "do": "send"})
    assert again.status_code == 422
    drain()
    assert len(mail.letters) == 2


def test_whoever_asks_later_is_told_later(planner: Client, shipped: Problem, mail: MailServer, drain: Drain) -> None:
    page = planner.get(address(shipped)).text
    planner.post(address(shipped), {**form(page), "do": "send"})
    drain()
    feedback_ingest(
        records=[make_record("sso-9", "Please support SSO login through Okta", contact_email="New@Late.example")]
    )
    drain()
    page = planner.get(address(shipped)).text
    assert form(page)["email"] == ["new@late.example"]
    assert "People whose role is not known" in page
    problems_edit(problems=[shipped], values={"status": "declined"}, author=None)
    assert len(form(planner.get(address(shipped)).text)["email"]) == 3


def test_an_export_counts_as_told_and_can_be_taken_back(planner: Client, shipped: Problem) -> None:
    page = planner.get(address(shipped)).text
    one = {**form(page), "email": ["buyer@a0.example"]}
    preview = planner.post(address(shipped), {**one, "do": "look"}).text
    assert "no mail server" in preview
    assert 'value="send"' not in preview
    answer = planner.post(address(shipped), {**form(preview), "do": "export"})
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{shipped.key}-shipped-letters.csv"'
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert (row["email"], row["account"]) == ("buyer@a0.example", "Account A0")
    assert "Hello Ann Example," in row["body"]
    assert states() == {"buyer@a0.example": "exported"}
    assert form(planner.get(address(shipped)).text)["email"] == ["buyer@a1.example"]
    taken = planner.post(address(shipped), {"do": "take-back"}, follow=True)
    assert "1 person counts as not told." in taken.text
    assert states() == {}


def test_nobody_is_sent_to_without_a_mail_server(planner: Client, shipped: Problem) -> None:
    answer = planner.post(address(shipped), {**form(planner.get(address(shipped)).text), "do": "send"})
    assert answer.status_code == 422
    assert "Heard has no mail server" in answer.text
    assert states() == {}


def test_whom_the_server_refuses_is_said_and_tried_again(
    planner: Client, shipped: Problem, mail: MailServer, drain: Drain
) -> None:
    mail.refused = {"buyer@a0.example"}
    planner.post(address(shipped), {**form(planner.get(address(shipped)).text), "do": "send"})
    drain()
    assert states() == {"buyer@a0.example": "failed", "buyer@a1.example": "sent"}
    page = planner.get(address(shipped)).text
    assert "no such person" in page
    mail.refused = set()
    assert "1 letter is sent again." in planner.post(address(shipped), {"do": "again"}, follow=True).text
    drain()
    assert set(states().values()) == {"sent"}
    assert sorted(mail.recipients) == ["buyer@a0.example", "buyer@a1.example"]


def test_a_letter_that_may_have_arrived_is_not_sent_again_by_itself(
    planner: Client, shipped: Problem, mail: MailServer, drain: Drain
) -> None:
    mail.hangs_up_at = "buyer@a0.example"
    planner.post(address(shipped), {**form(planner.get(address(shipped)).text), "do": "send"})
    drain()
    assert states() == {"buyer@a0.example": "sending", "buyer@a1.example": "sent"}
    assert mail.recipients == ["buyer@a1.example"]
    assert "Perhaps sent" in planner.get(address(shipped)).text
    planner.post(address(shipped), {"do": "again"})
    drain()
    assert sorted(mail.recipients) == ["buyer@a0.example", "buyer@a1.example"]


def test_a_server_that_is_away_loses_no_letter(planner: Client, shipped: Problem, settings: Any, drain: Drain) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    settings.DEFAULT_FROM_EMAIL = "product@heard.example"
    planner.post(address(shipped), {**form(planner.get(address(shipped)).text), "do": "send"})
    drain()
    assert Job.objects.filter(kind="tell", state=JobState.QUARANTINED).count() == 1
    assert set(states().values()) == {"failed"}
    assert "No letter was sent" in planner.get(address(shipped)).text


def test_who_left_is_listed_and_not_ticked(planner: Client, shipped: Problem) -> None:
    Account.objects.filter(external_id="A0").update(stage="churned", churned_on=timezone.localdate())
    page = planner.get(address(shipped)).text
    assert "1 person ticked" in page
    assert "has left" in page


def test_items_without_an_address_are_named(planner: Client) -> None:
    invoice = Problem.objects.get(memberships__item__external_id="invoice-0")
    problems_edit(problems=[invoice], values={"status": "planned"}, author=None)
    page = planner.get(address(invoice)).text
    assert "X9 (4 items)" in page
    assert "No item of this problem names an e-mail address." in page


def test_what_was_told_before_a_merge_counts_after_it(planner: Client, shipped: Problem, manager: User) -> None:
    planner.post(address(shipped), {**form(planner.get(address(shipped)).text), "do": "export"})
    export = Problem.objects.get(memberships__item__external_id="export-0")
    problem_merge(problem=shipped, target=export, author=manager)
    problems_edit(problems=[export], values={"status": "shipped"}, author=None)
    # The buyer of A1 asked for both, and knows of the one that both are now.
    assert form(planner.get(address(export)).text)["email"] == ["buyer@a2.example"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"email": []}, "Nobody is ticked."),
        ({"email": ["stranger@else.example"]}, "Nobody is ticked."),
        ({"subject-deciders": " "}, "A subject needs 1 to 300 characters."),
        ({"body-deciders": "x" * 20_001}, "A letter needs 1 to 20000 characters."),
        ({"body-deciders": "Dear {colour}"}, "Nobody knows what to put for {colour}"),
        ({"news": "declined", "do": "export"}, "has changed since"),
    ],
)
def test_what_cannot_be_sent_is_said_and_nothing_is_lost(
    planner: Client, shipped: Problem, change: dict[str, Any], why: str
) -> None:
    filled = {**form(planner.get(address(shipped)).text), "do": "look", **change}
    answer = planner.post(address(shipped), filled)
    assert answer.status_code == 422
    assert why in unescape(answer.text)
    if body := change.get("body-deciders"):
        assert body in unescape(answer.text)
    assert states() == {}


def test_braces_of_customers_and_line_breaks_do_no_harm(planner: Client, shipped: Problem) -> None:
    Contact.objects.filter(email="buyer@a0.example").update(name="{quote} \r\nBcc: all@else.example")
    filled = {**form(planner.get(address(shipped)).text), "subject-deciders": "{name}"}
    answer = planner.post(address(shipped), {**filled, "do": "export"})
    rows = {row["email"]: row for row in csv.DictReader(io.StringIO(answer.text))}
    assert rows["buyer@a0.example"]["subject"] == "{quote} Bcc: all@else.example"


def test_a_problem_without_news_has_nothing_to_tell(planner: Client) -> None:
    problem = Problem.objects.get(memberships__item__external_id="dark-0")
    assert "There is nothing to tell yet" in planner.get(address(problem)).text
    assert planner.get("/problems/P-999/tell/").status_code == 404


def test_who_may_not_tell_sees_nobody_s_address(company: Ranking, browser: Client) -> None:
    problem = Problem.objects.get(memberships__item__external_id="sso-0")
    assert "Tell who asked" not in browser.get(f"/problems/{problem.key}/").text
    assert browser.get(address(problem)).status_code == 403
