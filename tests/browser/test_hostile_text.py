"""Whatever customers, colleagues and systems write stays text on every page of the desk."""

from contextlib import suppress

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, models
from playwright.sync_api import Dialog, Page
from pytest_django.live_server_helper import LiveServer

from customers.models import Account
from feedback.models import LoggedItem
from insights.models import Problem, Question, Ranking, RankingEntry, ReceiptLine
from tests.insights.conftest import *  # noqa: F403
from tests.insights.everything import one_of_each
from tests.kept_rows import APPS, models_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOSTILE = (
    "\"'><script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)>"
    "</textarea></title>javascript:alert(4){{ 7|add:7 }}"
)
# What the code goes by: names of systems, hashes, addresses that are looked up.
LEFT = {"external_id", "currency", "key", "slug", "email", "kind", "query", "version", "weights_version"}


def spoiled() -> int:
    """Write hostile text into every text column that takes it; answers into how many."""
    spoilt = 0
    for model in models_of(APPS):
        for field in model._meta.concrete_fields:
            free = isinstance(field, models.CharField | models.TextField) and not field.choices
            if not free or field.name in LEFT or field.name.endswith(("_hash", "_ref", "_reference", "fingerprint")):
                continue
            for row in model._base_manager.exclude(**{field.name: ""}):
                # Where text has to be unique or short, as much of it as there is room for.
                text = f"{row.pk}{HOSTILE}"[: field.max_length or None]
                # What the database keeps out cannot come to a page.
                with suppress(IntegrityError):
                    spoilt += model._base_manager.filter(pk=row.pk).update(**{field.name: text})
    return spoilt


def test_hostile_text_stays_inert_on_every_page(desk: Page, live_server: LiveServer, company: Ranking) -> None:
    one_of_each()
    problem = RankingEntry.objects.get(ranking=company, rank=1).problem
    other = Problem.objects.exclude(pk=problem.pk).filter(merged_into=None)[0]
    Problem.objects.filter(pk=problem.pk).update(status="shipped", owner=User.objects.get(username="ann"), area="x")
    User.objects.update(first_name=HOSTILE[:150])
    assert spoiled() > 60
    assert ReceiptLine.objects.filter(customer_name__contains="<script>").exists()
    item = problem.memberships.earliest("pk").item_id
    LoggedItem.objects.update_or_create(item_id=item, defaults={"author": User.objects.get(username="ann")})
    question = Question.objects.latest("pk")
    said: list[str] = []

    def heard(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    desk.on("dialog", heard)
    pages = [
        "/?filters=open&status=all",
        f"/?q={HOSTILE}&since={HOSTILE}",
        f"/problems/{problem.key}/",
        f"/problems/{problem.key}/about/",
        f"/problems/{problem.key}/moved/",
        f"/problems/{problem.key}/split/?item={item}&title={HOSTILE}",
        f"/problems/{problem.key}/move/?item={item}&to={other.key}&find={HOSTILE}",
        f"/merge/?key={problem.key}&into={other.key}",
        f"/problems/{problem.key}/tell/",
        "/review/",
        f"/review/?at=question-{question.pk}",
        "/log/",
        "/roadmap/",
        "/map/",
        f"/ask/?q={HOSTILE}",
        "/unplaced/",
        "/what-if/",
        "/what-if/compare/",
        "/accounts/",
        f"/accounts/{Account.objects.get(external_id='A0').external_id}/",
    ]
    for path in pages:
        answer = desk.goto(live_server.url + path)
        assert answer is not None
        assert answer.status == 200, path
        # What customers wrote has become no element: the page's own scripts are all files.
        assert desk.locator("script:not([src]):not([type='application/json'])").count() == 0, path
        assert desk.locator("img, svg[onload], [onerror]").count() == 0, path
        desk.evaluate("scrollTo(0, document.body.scrollHeight)")
        desk.wait_for_load_state("networkidle")
    assert said == []
