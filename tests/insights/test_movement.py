"""Why a problem moved: its history over the API and on its page, in amounts that add up."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from customers.models import Account, Contact
from feedback.models import FeedbackItem
from insights.engine.score import Weights
from insights.models import Membership, Problem, Ranking
from insights.services.corrections import items_move, problem_merge
from insights.services.movement import problem_history
from insights.services.ranking import ranking_publish
from insights.services.weights import weights_publish

CAUSES = (
    "new_customers", "lost_customers", "regrouping", "items", "ageing", "value", "churn_risk", "fit", "weights",
)  # fmt: skip
Publish = Callable[..., Ranking]


@pytest.fixture
def publish(monkeypatch: pytest.MonkeyPatch) -> Publish:
    """Publish a ranking some days later."""

    def later(days: int = 0, weights: Weights | None = None) -> Ranking:
        if weights:
            weights_publish(weights=weights, reason="To see what follows", author=None)
        now = timezone.now() + dt.timedelta(days=days)
        with monkeypatch.context() as patch:
            patch.setattr(timezone, "now", lambda: now)
            ranking = ranking_publish()
        assert ranking is not None
        return ranking

    return later


def problem_of(item: str) -> Problem:
    """The problem that an item is in."""
    return Problem.objects.get(memberships__item__external_id=item)


def history(api: Any, item: str, **query: str) -> Any:
    """The body of the history of an item's problem."""
    return api(f"/api/v1/problems/{problem_of(item).key}/history/", **query).json()


def moving(why: dict[str, str]) -> set[str]:
    """Causes that moved something."""
    return {cause for cause in CAUSES if Decimal(why[cause])}


def test_each_change_shows_under_its_cause(company: Ranking, api: Any, publish: Publish) -> None:
    Account.objects.filter(external_id="A2").update(arr=Decimal("90000.00"))
    publish()
    Account.objects.filter(external_id="A2").update(churn_risk=Decimal("0.7000"))
    publish()
    Account.objects.filter(external_id="A2").update(fit=Decimal("0.6000"))
    publish()
    FeedbackItem.objects.filter(external_id="dark-0").update(severity="blocking")
    publish()
    items_move(items=[FeedbackItem.objects.get(external_id="sso-0")], target=problem_of("dark-0"), author=None)
    publish()
    publish(days=30)
    publish(days=30, weights=Weights(churn_weight=Decimal(4)))
    rows = history(api, "dark-0")["results"]
    assert [row["snapshot"] for row in rows] == [8, 7, 6, 5, 4, 3, 2, 1]
    assert [moving(row["why"]) for row in rows[:-1]] == [
        {"weights"}, {"ageing"}, {"regrouping"}, {"items"}, {"fit"}, {"churn_risk"}, {"value"},
    ]  # fmt: skip
    assert rows[-1]["why"] is None


def test_the_causes_sum_to_the_difference_of_every_problem(company: Ranking, publish: Publish) -> None:
    Account.objects.filter(external_id="A1").update(arr=Decimal("77777.77"), churn_risk=None)
    Membership.objects.filter(item__external_id="export-1").delete()
    publish(days=1)
    problem_merge(problem=problem_of("dark-0"), target=problem_of("invoice-0"), author=None)
    Contact.objects.update(influence=Decimal("0.3500"))
    publish(days=9)
    Account.objects.filter(external_id="A1").update(parent=Account.objects.get(external_id="A0"))
    publish(days=9, weights=Weights(half_life_days=Decimal(45)))
    for problem in Problem.objects.all():
        moments = problem_history(problem=problem, before=None, limit=10)
        for newer, older in pairwise(moments):
            assert newer.why is not None
            assert newer.why.since == older.entry.ranking
            assert sum(share.amount for share in newer.why.shares) == newer.why.change
            assert newer.why.change == newer.entry.score - older.entry.score


def test_a_problem_that_comes_back_to_the_list_comes_whole(company: Ranking, api: Any, publish: Publish) -> None:
    problem, memberships = problem_of("sso-0"), list(Membership.objects.filter(item__external_id__startswith="sso"))
    Membership.objects.filter(problem=problem).delete()
    publish()
    Membership.objects.bulk_create(memberships)
    publish()
    newest, oldest = history(api, "sso-0")["results"]
    assert (newest["snapshot"], oldest["snapshot"]) == (3, 1)
    assert newest["why"]["since"] == 2
    assert newest["why"]["change"] == newest["why"]["new_customers"] == newest["score"]


def test_pages_of_the_history_follow_each_other(company: Ranking, api: Any, publish: Publish) -> None:
    for arr in (1_000_000, 2_000_000, 3_000_000):
        Account.objects.filter(external_id="A0").update(arr=arr)
        publish()
    whole = history(api, "sso-0")
    assert whole["next"] is None
    body = history(api, "sso-0", page_size="1")
    rows = body["results"]
    while body["next"]:
        body = api(body["next"]).json()
        rows += body["results"]
    assert rows == whole["results"]
    assert len(rows) == 4


def test_a_longer_history_takes_no_more_queries(
    company: Ranking, publish: Publish, django_assert_max_num_queries: Any
) -> None:
    for item in ("dark-0", "dark-1", "dark-2"):
        moved = [FeedbackItem.objects.get(external_id=item)]
        items_move(items=moved, target=problem_of("sso-0"), author=None)
        publish()
    problem = problem_of("sso-0")
    for limit in (2, 4):
        with django_assert_max_num_queries(6):
            problem_history(problem=problem, before=None, limit=limit)


def test_amounts_in_different_currencies_are_not_compared(company: Ranking, api: Any, publish: Publish) -> None:
    Account.objects.filter(external_id="A0").update(arr=1)
    publish()
    Ranking.objects.filter(pk=company.pk).update(currency="EUR")
    assert [row["why"] for row in history(api, "sso-0")["results"]] == [None, None]


@pytest.mark.parametrize("before", ["x", "-1", "1e3", "²", "9" * 30])
def test_a_bad_snapshot_number_is_answered(company: Ranking, api: Any, before: str) -> None:
    answer = api(f"/api/v1/problems/{problem_of('sso-0').key}/history/", before=before)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["before"])


def test_a_merged_problem_keeps_its_history(company: Ranking, api: Any, publish: Publish) -> None:
    dark = problem_of("dark-0")
    problem_merge(problem=dark, target=problem_of("sso-0"), author=None)
    publish()
    assert [row["snapshot"] for row in api(f"/api/v1/problems/{dark.key}/history/").json()["results"]] == [1]
    assert api("/api/v1/problems/P-999999/history/").status_code == 404


def test_the_page_tells_why_since_another_day(company: Ranking, browser: Client, publish: Publish) -> None:
    page = f"/problems/{problem_of('sso-0').key}/moved/"
    assert "no ranking of an earlier day" in browser.get(page).content.decode()
    before = company.entries.get(problem=problem_of("sso-0")).score
    Account.objects.filter(external_id="A0").update(arr=Decimal("900000.00"))
    after = publish(days=1).entries.get(problem=problem_of("sso-0")).score
    told = browser.get(page)
    text = told.content.decode()
    assert "Why it moved" in text
    assert "The revenue of customers changed" in text
    assert "What was said is older now" in text
    assert f"+${after - before:,.2f}" in text
    assert sum(share.amount for _, share in told.context["causes"]) == after - before
