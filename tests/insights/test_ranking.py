"""The ranked list: it adds up, it says the same everywhere, and it changes only for a reason."""

import json
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from customers.models import Account
from insights.models import Membership, Problem, Ranking, Receipt
from insights.services.ranking import ranking_publish
from insights.services.triage import TriageSummary
from tests.factories import make_account

Drain = Callable[[], TriageSummary]


def entry_of(ranking: Ranking, external_id: str) -> Any:
    """The row of the problem that an item is in."""
    return ranking.entries.get(problem__memberships__item__external_id=external_id)


def test_each_receipt_sums_exactly_to_its_score(company: Ranking) -> None:
    for entry in company.entries.all():
        amounts = [line.amount for line in entry.receipt.lines.all()]
        assert sum(amounts) == entry.receipt.score == entry.score > 0
        assert amounts == sorted(amounts, reverse=True)


def test_a_line_can_be_worked_again_from_what_it_shows(company: Ranking) -> None:
    churn_weight = Decimal(company.weights["churn_weight"])
    for entry in company.entries.all():
        for line in entry.receipt.lines.all():
            weight = line.value * (1 + churn_weight * line.churn_risk * line.renewal_nearness) * line.fit
            assert abs(weight - line.weight) <= Decimal("0.005")
            assert abs(line.weight * line.intensity - line.amount) <= Decimal("0.005")


def test_money_outranks_volume(company: Ranking) -> None:
    sso, export, dark = (entry_of(company, item) for item in ("sso-0", "export-0", "dark-0"))
    assert sso.rank < export.rank < dark.rank
    assert sso.customers == 2


def test_the_same_list_from_command_page_and_api(company: Ranking, browser: Client, api: Any) -> None:
    out = StringIO()
    call_command("ranked", "--format", "json", "--limit", "100", stdout=out)
    said = json.loads(out.getvalue())
    answered = api("/api/v1/ranking/").json()
    assert answered["results"] == said["results"]
    assert answered["snapshot"] == said["snapshot"]
    table = StringIO()
    call_command("ranked", stdout=table)
    page = browser.get("/").content.decode()
    for row in answered["results"]:
        score = f"${Decimal(row['score']):,.2f}"
        assert score in page
        assert score in table.getvalue()
        receipt = api(f"/api/v1/problems/{row['key']}/receipt/").json()
        assert sum(Decimal(line["amount"]) for line in receipt["lines"]) == Decimal(row["score"])
        assert f"${Decimal(receipt['score']):,.2f}" in browser.get(f"/problems/{row['key']}/").content.decode()


def test_an_unknown_account_counts_at_the_floor_and_is_flagged(company: Ranking) -> None:
    line = entry_of(company, "invoice-0").receipt.lines.get()
    assert line.customer_name == "Unknown account X9"
    assert line.value == Decimal("400.00")  # 1 % of the median of 500,000, 40,000 and 3,000
    assert set(line.defaults) == {"value", "churn_risk", "renewal_nearness", "fit"}


def test_a_family_is_one_customer(company: Ranking) -> None:
    before = entry_of(company, "sso-0")
    Account.objects.filter(external_id="A1").update(parent=Account.objects.get(external_id="A0"))
    ranking = ranking_publish()
    assert ranking is not None
    after = entry_of(ranking, "sso-0")
    assert (before.customers, after.customers) == (2, 1)
    assert after.arr_total == before.arr_total == Decimal("540000.00")


def test_nothing_new_publishes_nothing(company: Ranking) -> None:
    assert ranking_publish() is None
    assert Ranking.objects.count() == 1


def test_a_change_of_revenue_moves_only_what_that_customer_asked_for(company: Ranking) -> None:
    Account.objects.filter(external_id="A2").update(arr=Decimal("2000000.00"))
    ranking = ranking_publish()
    assert ranking is not None
    assert ranking.number == 2
    for item in ("sso-0", "invoice-0"):
        old, new = entry_of(company, item), entry_of(ranking, item)
        value = [line.value for line in new.receipt.lines.all() if "value" not in line.defaults]
        assert new.score == old.score or not value
    assert entry_of(ranking, "dark-0").rank == 1
    assert entry_of(ranking, "dark-0").rank_delta > 0


def test_an_unrelated_item_leaves_a_receipt_as_it_is(company: Ranking, drain: Drain) -> None:
    make_account("A3", arr=None)
    receipts = set(Receipt.objects.values_list("pk", flat=True))
    Membership.objects.filter(item__external_id="dark-0").delete()
    ranking = ranking_publish()
    assert ranking is not None
    assert entry_of(ranking, "sso-0").receipt_id in receipts
    assert entry_of(ranking, "dark-1").receipt_id not in receipts


def test_a_problem_that_hangs_on_one_account_is_marked(
    company: Ranking, browser: Client, api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "⚑ one account" not in browser.get("/").content.decode()
    # Four problems cannot fall by more than three places.
    monkeypatch.setattr("insights.engine.uncertainty.STEP", 0)
    Account.objects.filter(external_id="A2").update(arr=Decimal("3000000.00"))
    ranking = ranking_publish()
    assert ranking is not None
    dark = entry_of(ranking, "dark-0")
    assert (dark.rank, dark.depends_on) == (1, "Account A2")
    row = next(row for row in api("/api/v1/ranking/").json()["results"] if row["key"] == dark.problem.key)
    assert row["depends_on"] == "Account A2"
    assert "Without Account A2 it would fall" in browser.get("/").content.decode()
    assert "Account A2" in browser.get(f"/problems/{dark.problem.key}/").content.decode()
    assert entry_of(ranking, "invoice-0").depends_on == ""


def test_a_merged_problem_is_not_listed(company: Ranking) -> None:
    dark, sso = (Problem.objects.get(memberships__item__external_id=item) for item in ("dark-0", "sso-0"))
    dark.merged_into = sso
    dark.save()
    ranking = ranking_publish()
    assert ranking is not None
    assert not ranking.entries.filter(problem=dark).exists()
