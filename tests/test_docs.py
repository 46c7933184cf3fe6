"""The documentation names every setting, command and address, and nothing that is not there."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.test import Client

ROOT = Path(__file__).resolve().parent.parent
DOCS = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
APPS = {"config", "customers", "feedback", "insights"}


def read(*paths: str) -> str:
    """The text of files below the root."""
    return "\n".join((ROOT / path).read_text(encoding="utf-8") for path in paths)


def test_every_setting_from_the_environment_is_documented() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "config").rglob("*.py"))
    settings = set(re.findall(r"env(?:\.\w+)?\(\s*\"([A-Z_]+)\"", code))
    assert "HEARD_BASE_CURRENCY" in settings
    documented = set(re.findall(r"`((?:HEARD_|DATABASE_|CELERY_)[A-Z_]+)`", read("docs/settings.md")))
    tests_only = {name for name in documented if name.startswith("HEARD_TEST_")} | {"HEARD_REQUIRE_LANES"}
    assert settings == documented - tests_only


def test_every_command_is_documented() -> None:
    commands = {name for name, app in get_commands().items() if app in APPS}
    assert {name for name in commands if f"`{name}`" not in read("docs/operations.md")} == set()


def test_every_address_of_the_api_is_documented(db: None, client: Client) -> None:
    schema = client.get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}).json()
    for path, calls in schema["paths"].items():
        named = path.replace("{key}", "P-12").replace("{reference}", "A-17").replace("{id}", "3")
        for method in calls:
            assert f"{method.upper()} {named}" in read("docs/api.md")


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?://)([^)#]+)\)", text):
        assert (path.parent / target).exists(), target
