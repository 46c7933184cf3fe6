"""Churn risk: every fact moves it the right way, and the reasons add up to it."""

import datetime as dt
import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.models import Account
from customers.services.churn import base_rate, churn_risk_refresh, churn_score
from tests.factories import make_account

BASE = Decimal("0.1000")
TODAY = dt.date(2026, 11, 1)
NEUTRAL: dict[str, Any] = {
    "health_score": 70,
    "nps": 20,
    "seats": 100,
    "active_seats": 60,
    "overdue_days": 0,
    "tenure_months": 24,
}


def _risk(**facts: Any) -> Decimal:
    risk, _ = churn_score(Account(**{**NEUTRAL, **facts}), base=BASE)
    assert risk is not None
    return risk


@pytest.mark.parametrize(
    ("field", "worst_first"),
    [
        ("health_score", [0, 39, 40, 59, 60, 79, 80, 100]),
        ("nps", [-100, -1, 0, 49, 50, 100]),
        ("active_seats", [0, 29, 30, 49, 50, 80, 81, 100]),
        ("overdue_days", [61, 60, 31, 30, 0]),
        ("tenure_months", [0, 5, 6, 36, 37, 200]),
    ],
)
def test_each_fact_moves_the_risk_the_right_way(field: str, worst_first: list[int]) -> None:
    risks = [_risk(**{field: value}) for value in worst_first]
    assert risks == sorted(risks, reverse=True)
    assert risks[0] > _risk()
    assert risks[-1] <= _risk()


def test_facts_that_say_neither_good_nor_bad_leave_the_base_rate() -> None:
    assert churn_score(Account(**NEUTRAL), base=BASE) == (BASE, [])


@pytest.mark.parametrize("field", ["health_score", "nps", "overdue_days", "tenure_months"])
def test_one_known_fact_is_enough(field: str) -> None:
    risk, _ = churn_score(Account(**{field: NEUTRAL[field]}), base=BASE)
    assert risk == BASE


@pytest.mark.parametrize("facts", [{}, {"seats": 10}, {"active_seats": 3}, {"seats": 0, "active_seats": 0}])
def test_nothing_known_is_no_risk_at_all(facts: dict[str, Any]) -> None:
    assert churn_score(Account(**facts), base=BASE) == (None, [])


@given(
    health_score=st.none() | st.integers(0, 100),
    nps=st.none() | st.integers(-100, 100),
    seats=st.none() | st.integers(0, 1000),
    active_seats=st.none() | st.integers(0, 1000),
    overdue_days=st.none() | st.integers(0, 400),
    tenure_months=st.none() | st.integers(0, 400),
    base=st.decimals("0.0050", "0.9500", places=4),
)
def test_the_points_of_the_reasons_and_the_base_add_up_to_the_risk(base: Decimal, **facts: int | None) -> None:
    risk, reasons = churn_score(Account(**facts), base=base)
    if risk is None:
        assert reasons == []
        return
    log_odds = math.log(base / (1 - base)) + sum(reason.points for reason in reasons)
    assert risk == Decimal(1 / (1 + math.exp(-log_odds))).quantize(Decimal("0.0001"))
    assert all(reason.points and reason.text for reason in reasons)
    assert reasons == sorted(reasons, key=lambda reason: -abs(reason.points))


@pytest.mark.django_db
def test_the_base_rate_is_the_share_that_left_within_a_year_smoothed() -> None:
    assert base_rate(today=TODAY) == Decimal("0.1000")
    for n in range(6):
        make_account(f"A{n}")
    make_account("B1", stage="churned", churned_on=TODAY - dt.timedelta(days=364))
    make_account("B2", stage="churned", churned_on=TODAY - dt.timedelta(days=365))
    assert base_rate(today=TODAY) == (Decimal(3) / Decimal(27)).quantize(Decimal("0.0001"))


@pytest.mark.django_db
def test_a_refresh_stores_risks_with_reasons_and_forgets_those_of_accounts_that_left() -> None:
    make_account("A1", health_score=10)
    make_account("A2")
    gone = make_account("A3", health_score=10)

    assert churn_risk_refresh(today=TODAY) == 2
    assert churn_risk_refresh(today=TODAY) == 0

    gone.stage, gone.churned_on = "churned", TODAY - dt.timedelta(days=400)
    gone.save()
    churn_risk_refresh(today=TODAY, accounts=[Account.objects.get(external_id="A3")])
    stored = {account.external_id: (account.churn_risk, account.churn_reasons) for account in Account.objects.all()}
    assert stored == {
        "A1": (Decimal("0.2057"), [{"text": "health score 10", "points": 1.0}]),
        "A2": (None, []),
        "A3": (None, []),
    }
