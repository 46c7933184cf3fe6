"""A product manager's morning against the real thing: server, worker, database, model, mail, and a real browser."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.faults.conftest import ROOT, Installation
from tests.faults.test_serve import answers, free_port
from tests.insights.mail_server import MailServer, mail_server

pytestmark = pytest.mark.browser
PROPOSE = """
from insights.models import Proposal, Ranking, Run
third, second = Ranking.objects.latest().entries.order_by("rank")[1:3]
Proposal.objects.create(
    run=Run.objects.published()[0], kind="merge", problem=second.problem, target=third.problem, item_ids=[], gain=0.3
)
"""


@pytest.fixture
def mail() -> Iterator[MailServer]:
    """Where letters go."""
    with mail_server() as server:
        yield server


@pytest.fixture
def address(tmp_path: Path, mail: MailServer) -> Iterator[str]:
    """Where Heard is served, with the sample inbox triaged and one proposal waiting."""
    heard = Installation(tmp_path, f"sqlite:///{tmp_path / 'heard.sqlite3'}", "filesystem://")
    # The demo's settings: debug pages, and a demo user.
    heard.environment |= {
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "HEARD_EMAIL_URL": mail.url,
        "HEARD_EMAIL_FROM": "Product <product@heard.example>",
    }
    for command in ("migrate --verbosity 0", "load_sample", "triage", "demo_user"):
        heard.manage(*command.split())
    heard.manage("shell", "--no-imports", "-c", PROPOSE)
    bind = f"127.0.0.1:{free_port()}"
    with heard.log.open("wb") as log:
        serve = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--bind", bind],
            cwd=ROOT,
            env=heard.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    heard.wait(lambda: answers(bind), 120, "the sign-in page")
    yield f"http://{bind}"
    heard.kill(serve)


def press(page: Page, *keys: str) -> None:
    """Press keys one after another."""
    for key in keys:
        page.keyboard.press(key)


def test_from_the_first_sign_in_to_telling_customers(chromium: Browser, address: str, mail: MailServer) -> None:
    page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(address)
    page.get_by_label("User name").fill("demo")
    page.get_by_label("Password").fill("heard-demo")
    page.keyboard.press("Enter")

    # Understand the top problem.
    expect(page.get_by_role("heading", name="Ranking 1")).to_be_visible()
    press(page, "j", "Enter")
    expect(page.get_by_role("heading", name="Receipt")).to_be_visible()
    top, title = page.url.rstrip("/").rpartition("/")[2], page.locator("h1").inner_text()

    # Accept a merge, and take it back.
    press(page, "g", "v")
    expect(page.get_by_role("heading", name="What changes")).to_be_visible()
    page.keyboard.press("a")
    notice = page.locator(".notice")
    expect(notice).to_contain_text("Accepted.")
    page.keyboard.press("u")
    expect(notice).to_contain_text("it waits for an answer again")

    # Split two quotes off the top problem.
    page.goto(f"{address}/problems/{top}/")
    press(page, "j", "x", "j", "x", "p")
    expect(page.get_by_role("heading", name="Leaves")).to_be_visible()
    page.get_by_label("Title of the new problem").fill("Something else")
    page.keyboard.press("Enter")
    expect(notice).to_contain_text("is a problem of its own now")
    expect(page.locator("h1")).to_have_text("Something else")

    # What if churn weighed more?
    press(page, "g", "w")
    page.get_by_label("Churn weight", exact=False).first.fill("9")
    page.keyboard.press("Tab")
    expect(page.locator("#answer table")).to_be_visible()

    # Plan it with the keyboard, then ship it.
    page.goto(f"{address}/?q={top}")
    press(page, "j", "x", "s")
    page.keyboard.type("Planned")
    page.get_by_role("button", name="Set", exact=True).press("Enter")
    expect(notice).to_contain_text(f"{top} is planned now.")
    page.goto(f"{address}/problems/{top}/")
    page.keyboard.press("s")
    page.keyboard.type("Shipped")
    page.get_by_role("button", name="Set status").press("Enter")
    expect(notice).to_contain_text(f"{top} is shipped now.")

    # Tell everybody who asked.
    page.get_by_role("link", name="Tell who asked").click()
    expect(page.get_by_role("heading", name="Buyers, champions and admins")).to_be_visible()
    page.get_by_role("button", name="Look at the letters").click()
    heading = page.locator("h1").inner_text()
    page.get_by_role("button", name="Send").click()
    expect(notice).to_contain_text("on the way")
    for _ in range(60):
        page.reload()
        if "to be sent" not in page.content():
            break
        page.wait_for_timeout(500)
    expect(page.get_by_role("heading", name="Everybody who can be written to knows")).to_be_visible()
    assert len(mail.letters) == int(heading.split()[0]) > 3
    assert all(str(letter["Subject"]) == f"{title}: it is here" for letter in mail.letters)
    page.context.close()
