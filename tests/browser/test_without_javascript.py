"""Reading takes no JavaScript, and what is printed is what was read."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from insights.models import Problem, Ranking
from tests.insights.conftest import *  # noqa: F403

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plain(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page without JavaScript, on which a product manager is signed in."""
    user = User.objects.create_user("ann")
    user.groups.add(Group.objects.get(name="Product manager"))
    client = Client()
    client.force_login(user)
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    yield context.new_page()
    context.close()


def test_everything_is_read_without_it(plain: Page, live_server: LiveServer, company: Ranking) -> None:
    best = company.entries.get(rank=1).problem
    plain.goto(live_server.url)
    plain.get_by_role("link", name="Filters and columns").click()
    plain.get_by_label("Words of the title, or a key").fill(best.key)
    plain.get_by_role("button", name="Show").click()
    expect(plain.locator("tr[data-row]")).to_have_count(1)
    expect(plain.locator("tr[data-row]")).to_contain_text("New")
    plain.locator("tr[data-row] .problem-title").click()
    expect(plain.get_by_role("heading", name="Receipt")).to_be_visible()
    plain.get_by_role("link", name="Its year, who asks").click()
    expect(plain.get_by_role("heading", name="Who asks, and how")).to_be_visible()
    plain.goto(f"{live_server.url}/problems/{best.key}/")
    plain.get_by_role("link", name="Why it moved").click()
    expect(plain.locator("main")).to_contain_text("no ranking of an earlier day")
    plain.goto(f"{live_server.url}/ask/?q=dark")
    plain.get_by_role("link", name="Look for it").click()
    expect(plain.locator("main .candidates a").first).to_be_visible()
    plain.goto(f"{live_server.url}/map/")
    expect(plain.locator("#map circle")).to_have_count(4)


def test_deciding_works_without_it_too(plain: Page, live_server: LiveServer, company: Ranking) -> None:
    best = company.entries.get(rank=1).problem
    plain.goto(f"{live_server.url}/problems/{best.key}/")
    plain.get_by_label("Status", exact=True).select_option("planned")
    plain.get_by_role("button", name="Set status").click()
    expect(plain.locator(".notice")).to_contain_text(f"{best.key} is planned now.")
    plain.get_by_role("button", name="Undo").click()
    expect(plain.locator(".notice")).to_contain_text("Undone")
    assert not Problem.objects.filter(status="planned").exists()


@pytest.mark.parametrize("where", ["list", "problem", "roadmap"])
def test_what_is_printed_is_what_was_read(plain: Page, live_server: LiveServer, company: Ranking, where: str) -> None:
    best = company.entries.get(rank=1).problem
    plain.goto(live_server.url + {"list": "/", "problem": f"/problems/{best.key}/", "roadmap": "/roadmap/"}[where])
    plain.emulate_media(media="print")
    expect(plain.locator(".rail")).to_be_hidden()
    expect(plain.locator(".topbar")).to_be_hidden()
    expect(plain.get_by_text(best.title).first).to_be_visible()
    assert plain.locator("button:visible").count() == 0
    assert plain.locator("select:visible").count() == 0
