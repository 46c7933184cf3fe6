"""Receipts are worked out again, and a cent that is off is found and named."""

import json
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from insights.models import Ranking, Receipt, ReceiptLine
from insights.services.receipts import receipts_check

CENT = Decimal("0.01")


def said(*arguments: str) -> tuple[str, str]:
    """What the command prints, and with what it fails."""
    out = StringIO()
    try:
        call_command("check_receipts", *arguments, stdout=out)
    except CommandError as failed:
        return out.getvalue(), str(failed)
    return out.getvalue(), ""


def test_the_receipts_of_a_ranking_add_up(company: Ranking) -> None:
    printed, failed = said("--json")
    lines = ReceiptLine.objects.filter(receipt__entries__ranking=company).count()
    assert failed == ""
    assert json.loads(printed) == {"ranking": 1, "receipts": 4, "lines": lines, "wrong": []}
    assert said()[0] == f"Ranking 1: 4 receipts, {lines} lines.\n"


@pytest.mark.parametrize(
    ("figure", "change"),
    [
        ("amount", CENT),
        ("weight", -CENT),
        ("intensity", Decimal("0.000001")),
        ("fit", Decimal("-0.2")),
        ("value", Decimal(100)),
        ("churn_risk", Decimal("0.1")),
        ("asks", 1),
    ],
)
def test_a_figure_of_a_line_that_is_off_is_found(company: Ranking, figure: str, change: Any) -> None:
    line = ReceiptLine.objects.filter(receipt__entries__ranking=company, customer_name="Account A0").get()
    setattr(line, figure, getattr(line, figure) + change)
    line.save()
    printed, failed = said()
    assert f"P-{line.receipt.problem_id}, line Account A0: " in printed
    assert failed.startswith("Figures that do not add up: ")


def test_what_is_wrong_is_named_with_what_it_should_be(company: Ranking) -> None:
    entry = company.entries.get(rank=1)
    Receipt.objects.filter(pk=entry.receipt_id).update(score=entry.score + CENT)
    printed, failed = said("--json")
    assert json.loads(printed)["wrong"] == [
        {
            "problem": entry.problem.key,
            "line": None,
            "figure": "receipt total",
            "says": str(entry.score + CENT),
            "should_be": str(entry.score),
        }
    ]
    assert failed == "Figures that do not add up: 1."


@pytest.mark.parametrize("figure", ["score", "customers", "items"])
def test_an_entry_that_differs_from_its_receipt_is_found(company: Ranking, figure: str) -> None:
    entry = company.entries.get(rank=2)
    setattr(entry, figure, getattr(entry, figure) + 1)
    entry.save()
    assert [(wrong.problem, wrong.figure) for wrong in receipts_check().wrong] == [(entry.problem.key, figure)]


def test_other_weights_than_those_of_the_snapshot_are_found(company: Ranking) -> None:
    company.weights["half_life_days"] = "30"
    company.save()
    assert {wrong.figure for wrong in receipts_check().wrong} == {"intensity", "what-if of the same terms"}


def test_what_scenarios_are_worked_out_from_is_checked_too(company: Ranking) -> None:
    one, other = company.entries.order_by("rank")[:2]
    Receipt.objects.filter(pk=one.receipt_id).update(packed_asks=other.receipt.packed_asks)
    Receipt.objects.filter(pk=one.receipt_id).update(packed_lines=other.receipt.packed_lines)
    (wrong,) = receipts_check().wrong
    assert (wrong.problem, wrong.figure) == (one.problem.key, "what-if of the same terms")
    assert (wrong.says, wrong.should_be) == (str(other.score), str(one.score))


def test_without_a_ranking_there_is_nothing_to_check(db: None) -> None:
    assert said("--json") == ('{"ranking": null, "receipts": 0, "lines": 0, "wrong": []}\n', "")
    assert said()[0].startswith("Nothing is ranked yet")
