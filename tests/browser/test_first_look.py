"""What somebody does who opens Heard for the first time."""

import re
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from feedback.services.sample import sample_load
from insights.models import Problem, Ranking
from insights.services.triage import triage_drain
from tests.browser.accessibility import violations
from tests.kept_rows import KeptRows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _sample_made() -> None:
    sample_load(progress=lambda _line, _lines: None)
    triage_drain(progress=lambda _step, _done, _total: None)


SAMPLE = KeptRows(_sample_made)


@pytest.fixture
def sample() -> Ranking:
    """The sample inbox, triaged with the real model."""
    get_user_model().objects.create_user("visitor", password="a-long-password")
    SAMPLE.put()
    ranking = Ranking.objects.first()
    assert ranking is not None
    return ranking


def amount(text: str) -> Decimal:
    """The number in a printed amount."""
    return Decimal(re.sub(r"[^0-9.]", "", text))


def test_sign_in_open_the_first_problem_and_add_up_its_receipt(
    page: Page, live_server: LiveServer, sample: Ranking
) -> None:
    page.goto(live_server.url)
    page.get_by_label("User name").fill("visitor")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("do not match")
    page.get_by_label("Password").fill("a-long-password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Ranking 1")).to_be_visible()
    rows = page.locator("table.figures tbody tr")
    expect(rows).to_have_count(min(50, sample.entries.count()))
    # Nothing sticks out sideways, whatever the width.
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    rows.first.locator("a.problem-title").click()
    receipt = page.locator("section[aria-labelledby=receipt]")
    amounts = [amount(text) for text in receipt.locator("tbody td:nth-child(7)").all_inner_texts()]
    total = amount(receipt.locator("tfoot tr:last-child td:nth-child(2)").first.inner_text())
    assert sum(amounts) == total == sample.entries.get(rank=1).score
    assert page.locator("blockquote").count() >= 1
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_light_and_dark_are_a_choice_that_stays(page: Page, live_server: LiveServer) -> None:
    get_user_model().objects.create_user("visitor", password="a-long-password")
    page.goto(live_server.url)
    page.get_by_label("User name").fill("visitor")
    page.get_by_label("Password").fill("a-long-password")
    page.get_by_role("button", name="Sign in").click()
    html = page.locator("html")
    before = html.get_attribute("data-bs-theme")
    page.get_by_role("button", name="Light / dark").click()
    chosen = "light" if before == "dark" else "dark"
    expect(html).to_have_attribute("data-bs-theme", chosen)
    page.reload()
    expect(html).to_have_attribute("data-bs-theme", chosen)


def test_the_list_and_a_problem_are_accessible(desk: Page, live_server: LiveServer, sample: Ranking) -> None:
    desk.goto(live_server.url)
    assert violations(desk) == []
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Receipt")).to_be_visible()
    assert violations(desk) == []


def test_with_the_keyboard_alone_two_problems_are_planned_and_it_is_undone(
    desk: Page, live_server: LiveServer, sample: Ranking
) -> None:
    desk.goto(live_server.url)
    for key in ("j", "x", "j", "x", "s"):
        desk.keyboard.press(key)
    desk.keyboard.type("Planned")
    while desk.evaluate("document.activeElement.textContent") != "Set":
        desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    notice = desk.locator(".notice")
    expect(notice).to_contain_text("2 problems are planned now.")
    assert violations(desk) == []
    assert Problem.objects.filter(status="planned", entries__rank__in=[1, 2]).count() == 2
    notice.get_by_role("button", name="Undo").press("Enter")
    expect(notice).to_contain_text("Undone")
    assert not Problem.objects.filter(status="planned").exists()
