"""Churn risk by the scorecard: the reasons add up to it, and it is stored with them."""

import datetime as dt
import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.models import Account
from customers.services.churn import base_rate, by_scorecard, churn_risk_refresh
from tests.factories import make_account

TODAY = dt.date(2026, 11, 1)


@pytest.mark.parametrize("facts", [{}, {"seats": 10}, {"active_seats": 3}, {"seats": 0, "active_seats": 0}])
def test_nothing_known_is_no_risk_at_all(facts: dict[str, Any]) -> None:
    assert by_scorecard(Account(**facts), base=Decimal("0.1"), today=TODAY) == (None, [])


@given(
    health_score=st.none() | st.integers(0, 100),
    nps=st.none() | st.integers(-100, 100),
    seats=st.none() | st.integers(0, 1000),
    active_seats=st.none() | st.integers(0, 1000),
    overdue_days=st.none() | st.integers(0, 400),
    tenure_months=st.none() | st.integers(0, 400),
    open_tickets=st.none() | st.integers(0, 400),
    renewal_date=st.none() | st.dates(TODAY - dt.timedelta(days=800), TODAY + dt.timedelta(days=800)),
    base=st.decimals("0.0050", "0.9500", places=4),
)
def test_the_points_of_the_reasons_add_up_to_the_risk(base: Decimal, **facts: Any) -> None:
    risk, reasons = by_scorecard(Account(**facts), base=base, today=TODAY)
    if risk is None:
        assert reasons == []
        return
    log_odds = sum(reason["points"] for reason in reasons)
    assert risk == Decimal(1 / (1 + math.exp(-log_odds))).quantize(Decimal("0.0001"))
    assert all(reason["text"] for reason in reasons)
    points = [abs(reason["points"]) for reason in reasons if not reason.get("base")]
    assert points == sorted(points, reverse=True)


@pytest.mark.django_db
def test_the_base_rate_is_the_share_that_left_within_a_year_smoothed() -> None:
    assert base_rate(today=TODAY) == Decimal("0.1000")
    for n in range(6):
        make_account(f"A{n}")
    make_account("B1", stage="churned", churned_on=TODAY - dt.timedelta(days=364))
    make_account("B2", stage="churned", churned_on=TODAY - dt.timedelta(days=365))
    # 3 of 27, in whole per cent.
    assert base_rate(today=TODAY) == Decimal("0.1100")


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
    risk, reasons = stored.pop("A1")
    assert risk is not None
    assert risk > base_rate(today=TODAY)
    assert [reason["text"] for reason in reasons] == ["base rate of all accounts 9%", "health score 10"]
    assert stored == {"A2": (None, []), "A3": (None, [])}
