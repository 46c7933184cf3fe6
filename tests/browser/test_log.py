"""An agent logs a request: twelve strokes and clicks at most beyond the text itself, and it is in the list."""

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from insights.models import Problem, Ranking
from insights.services.triage import triage_drain
from tests.browser.accessibility import violations
from tests.insights.conftest import *  # noqa: F403

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TICKET = "Hello, our staff would like to sign in with the company account, through our identity provider. Thanks!"
MOST_STROKES = 12


class Hands:
    """What an agent does, counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.strokes = page, 0

    def press(self, *keys: str) -> None:
        """One stroke for each."""
        for key in keys:
            self.page.keyboard.press(key)
            self.strokes += 1


def test_a_ticket_is_logged_in_twelve_strokes(desk: Page, live_server: LiveServer, company: Ranking) -> None:
    User.objects.get(username="ann").groups.set([Group.objects.get(name="Agent")])
    sso = Problem.objects.get(memberships__item__external_id="sso-0")
    before = company.entries.get(problem=sso)
    desk.goto(live_server.url)
    hands = Hands(desk)
    hands.press("g", "l")
    expect(desk.get_by_label("What the customer said")).to_be_focused()
    # Pasting is one stroke, however long the text.
    desk.keyboard.insert_text(TICKET)
    hands.strokes += 1
    first = desk.locator("#alike article").first
    expect(first).to_contain_text(sso.title)
    assert violations(desk) == []
    hands.press("Tab", "Tab")
    expect(desk.get_by_label("Account", exact=True)).to_be_focused()
    hands.press("A", "2")
    hands.press("Alt+1")
    expect(desk.locator(".notice")).to_contain_text(f"It is part of {sso.key} now.")
    assert hands.strokes <= MOST_STROKES
    triage_drain(progress=lambda _step, _done, _total: None)
    desk.goto(f"{live_server.url}/?q={sso.key}&col=customers&col=items")
    row = desk.locator("tr[data-row]")
    expect(row.locator("td").nth(-2)).to_have_text(str(before.customers + 1))
    expect(row.locator("td").nth(-1)).to_have_text(str(before.items + 1))


def test_what_is_selected_becomes_an_item(desk: Page, live_server: LiveServer, company: Ranking) -> None:
    desk.goto(f"{live_server.url}/log/")
    box = desk.get_by_label("What the customer said")
    box.fill("First a dark mode. Then an export to Excel.")
    for start, end in ((0, 18), (19, 43)):
        box.evaluate("(box, [start, end]) => { box.focus(); box.setSelectionRange(start, end); }", [start, end])
        desk.keyboard.press("Alt+q")
    expect(desk.locator("#quotes li")).to_have_count(2)
    desk.get_by_label("Account", exact=True).fill("A0")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".notice")).to_contain_text("2 quotes are logged")
