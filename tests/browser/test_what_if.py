"""Trying other weights in the browser: a slider moves the ranks, a name keeps them, two can be compared."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from insights.models import Ranking, Scenario
from tests.browser.accessibility import violations
from tests.insights.conftest import *  # noqa: F403

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_ranks_move_at_once_and_what_was_tried_is_kept_and_compared(
    desk: Page, live_server: LiveServer, company: Ranking
) -> None:
    live = list(company.entries.values_list("rank", "score"))
    desk.goto(f"{live_server.url}/what-if/")
    expect(desk.get_by_role("status").last).to_contain_text("stand where they stand in the live list")
    assert violations(desk) == []
    assert _fits(desk)
    # With the keyboard alone: look for the largest account and leave it out.
    desk.get_by_label("Leave an account out").press_sequentially("Account A0")
    desk.get_by_role("checkbox", name="Account A0").press("Space")
    answer = desk.locator("#answer")
    expect(answer).to_contain_text("stand elsewhere than in the live list")
    expect(answer.locator(".up").first).to_be_visible()
    desk.wait_for_url("**/what-if/?without=A0")
    # The address is the state: another reader sees the same.
    shown = answer.locator("tbody").inner_text()
    desk.reload()
    assert answer.locator("tbody").inner_text() == shown
    slider = desk.get_by_role("slider").first
    slider.press("End")
    desk.wait_for_url("**churn_weight=10*")
    assert violations(desk) == []
    desk.get_by_label("Name", exact=True).fill("Without the giant")
    desk.get_by_role("button", name="Save").click()
    scenario = Scenario.objects.get()
    desk.wait_for_url(f"**/what-if/{scenario.pk}/")
    desk.goto(f"{live_server.url}/what-if/compare/?a=live&b={scenario.pk}")
    expect(desk.locator("tr.differs").first).to_be_visible()
    assert violations(desk) == []
    assert _fits(desk)
    # Nothing of that was published.
    assert Ranking.objects.count() == 1
    assert list(company.entries.values_list("rank", "score")) == live
