"""What axe-core finds wrong with a page as it stands: WCAG 2.2, A and AA."""

from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "vendor" / "axe" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[str]:
    """Each rule that is broken, with the places."""
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [
        f"{broken['id']}: {broken['help']}: {', '.join(node['target'][0] for node in broken['nodes'])}"
        for broken in found["violations"]
    ]
