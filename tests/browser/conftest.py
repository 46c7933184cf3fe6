"""A real Chromium against a live server."""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser.chromium import FLAGS, chromium_path

# Two lanes share two cores, and a server looks at the model for the first time: waiting is no failure.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
    # Playwright's loop runs in this thread, which makes Django suspect asynchronous use of the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(params=["light-1440", "dark-390"])
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page in one colour scheme and width; any error in its console fails the test."""
    scheme, width = str(request.param).split("-")
    context = chromium.new_context(
        viewport={"width": int(width), "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def desk(page: Page, live_server: LiveServer) -> Page:
    """A page on which a product manager is signed in, before the first address."""
    user = User.objects.create_user("ann", password="a-long-password")
    user.groups.add(Group.objects.get(name="Product manager"))
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    return page
