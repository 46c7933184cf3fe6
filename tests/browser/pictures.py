"""The pictures of `docs/images`: each page of a running demo, light and dark.

`python -m tests.browser.pictures http://127.0.0.1:8000` while `make demo` serves.
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.browser.chromium import FLAGS, chromium_path

IMAGES = Path(__file__).parents[2] / "docs" / "images"
# Name of the picture, the address, and what is waited for. `first` is the address of the list's first problem.
PAGES = {
    "ranking": ("/", "table.figures"),
    "filters": ("/?filters=open&min_arr=100000", "table.figures"),
    "problem": ("first", "#receipt"),
    "about": ("first about/", "#trend canvas"),
    "split": ("first split", "#effects"),
    "telling": ("first tell/", "main h1"),
    "review": ("/review/", "main h1"),
    "roadmap": ("/roadmap/", ".roadmap"),
    "map": ("/map/", "#map circle"),
    "log": ("/log/", "#log"),
    "ask": ("/ask/?q=people forget their password", "#by-words"),
    "what-if": ("/what-if/?churn_weight=9&prospects=no", "#answer table"),
    "accounts": ("/accounts/", "table"),
}
SIZE = ViewportSize(width=1440, height=900)


def pictures_take(address: str) -> list[Path]:
    """Sign in as the demo user, open each page, and store what is seen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        taken = [picture for scheme in ("light", "dark") for picture in _taken(browser, address, scheme)]
        browser.close()
    return taken


def _taken(browser: Browser, address: str, scheme: str) -> list[Path]:
    context = browser.new_context(viewport=SIZE, color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    page.goto(f"{address}/login/")
    page.get_by_label("User name").fill("demo")
    page.get_by_label("Password").fill("heard-demo")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector("a.problem-title")
    first = page.locator("a.problem-title").first.get_attribute("href")
    taken = []
    for name, (where, ready) in PAGES.items():
        page.goto(address + _address(page, where, str(first)))
        page.wait_for_selector(ready)
        if name == "log":
            page.locator("#text").press_sequentially("Can our people sign in with the company account?")
            page.wait_for_selector(".alike")
        # What comes by itself is there.
        page.wait_for_load_state("networkidle")
        picture = IMAGES / f"{name}-{scheme}.png"
        page.screenshot(path=picture)
        taken.append(picture)
    context.close()
    return taken


def _address(page: Page, where: str, first: str) -> str:
    """A split picks the quote that stands first on the problem's page."""
    if where == "first split":
        page.goto(f"{page.url.split('/', 3)[0]}//{page.url.split('/', 3)[2]}{first}")
        return f"{first}split/?item={page.locator('.quote-tick').first.get_attribute('value')}"
    return where.replace("first ", first).replace("first", first)


if __name__ == "__main__":
    for picture in pictures_take(sys.argv[1].rstrip("/")):
        print(picture.name)  # noqa: T201
