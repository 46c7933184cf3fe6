"""The scorecard: every fact moves the risk the right way, and the reasons add up to it."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.engine.churn.scorecard import Facts, fields_of, score
from customers.engine.churn.scorecard_table import scorecard_probability, scorecard_table

NEUTRAL: dict[str, Any] = {
    "health_score": 70,
    "nps": 20,
    "seats": 100,
    "active_seats": 60,
    "overdue_days": 0,
    "tenure_months": 24,
    "open_tickets": 1,
    "days_to_renewal": 200,
    "sponsor_left": False,
    "contract": "One year",
}


def _risk(**facts: Any) -> float:
    scored = score(Facts(**{**NEUTRAL, **facts}), base=0.1)
    assert scored is not None
    return scored.risk


@pytest.mark.parametrize(
    ("field", "worst_first"),
    [
        ("health_score", [0, 39, 40, 59, 60, 79, 80, 100]),
        ("nps", [-100, -1, 0, 49, 50, 100]),
        ("active_seats", [0, 29, 30, 49, 50, 80, 81, 100]),
        ("overdue_days", [61, 60, 31, 30, 0]),
        ("tenure_months", [0, 5, 6, 36, 37, 200]),
        ("open_tickets", [30, 10, 9, 5, 4, 0]),
        ("days_to_renewal", [0, 90, 91, 400]),
        ("sponsor_left", [True, False]),
        ("contract", ["Month-to-month", "Two year"]),
    ],
)
def test_each_fact_moves_the_risk_the_right_way(field: str, worst_first: list[Any]) -> None:
    risks = [_risk(**{field: value}) for value in worst_first]
    assert risks == sorted(risks, reverse=True)
    assert risks[0] > _risk()
    assert risks[-1] <= _risk()


def test_facts_that_say_neither_good_nor_bad_leave_the_base_rate_without_reasons() -> None:
    scored = score(Facts(**NEUTRAL), base=0.1)
    assert scored is not None
    assert scored.risk == pytest.approx(0.1)
    assert scored.reasons == ()


@pytest.mark.parametrize(
    "facts", [{}, {"seats": 10}, {"active_seats": 3}, {"seats": 0, "active_seats": 0}, {"contract": " "}]
)
def test_nothing_known_is_no_risk_at_all(facts: dict[str, Any]) -> None:
    assert score(Facts(**facts), base=0.1) is None


def test_a_renewal_that_has_passed_says_nothing() -> None:
    assert score(Facts(days_to_renewal=-1), base=0.1) is None


@given(
    facts=st.builds(
        Facts,
        health_score=st.none() | st.floats(0, 100),
        nps=st.none() | st.integers(-100, 100),
        seats=st.none() | st.integers(0, 1000),
        active_seats=st.none() | st.integers(0, 1000),
        overdue_days=st.none() | st.integers(0, 400),
        tenure_months=st.none() | st.integers(0, 400),
        open_tickets=st.none() | st.integers(0, 50),
        days_to_renewal=st.none() | st.integers(-400, 400),
        sponsor_left=st.none() | st.booleans(),
        contract=st.none() | st.sampled_from(["", "monthly", "Two-Year", "other"]),
    ),
    base=st.floats(0.005, 0.95),
)
@settings(max_examples=200, deadline=None)
def test_the_points_of_the_reasons_and_the_base_add_up_to_the_risk(facts: Facts, base: float) -> None:
    scored = score(facts, base=base)
    if scored is None:
        return
    total = math.log(base / (1 - base)) + math.fsum(reason.points for reason in scored.reasons)
    assert math.isclose(total, math.log(scored.risk / (1 - scored.risk)), rel_tol=1e-9, abs_tol=1e-9)
    assert all(reason.points and reason.text for reason in scored.reasons)
    assert list(scored.reasons) == sorted(scored.reasons, key=lambda reason: -abs(reason.points))


@pytest.mark.parametrize("base", [0, 1, -0.1, 1.5, math.nan])
def test_a_base_rate_that_is_none_is_refused(base: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        score(Facts(nps=3), base=base)


def test_well_known_column_names_are_found_in_any_spelling() -> None:
    names = ["Tenure", "NPS", "Health Score", "active-seats", "Open invoices: overdue days", "Open_Tickets", "colour"]
    assert fields_of(names) == {
        "tenure_months": "Tenure",
        "nps": "NPS",
        "health_score": "Health Score",
        "active_seats": "active-seats",
        "overdue_days": "Open invoices: overdue days",
        "open_tickets": "Open_Tickets",
    }


def test_one_known_column_is_too_few_for_a_scorecard() -> None:
    assert scorecard_table({"tenure": ["3"], "colour": ["red"]}) is None


def test_a_table_is_judged_row_by_row_on_the_base_rate_of_the_training_rows() -> None:
    table = scorecard_table(
        {"tenure": ["3", "40", ""], "Contract": ["Month-to-month", "", " "], "Sponsor left": ["no", "YES", "?"]}
    )
    assert table is not None
    risks = scorecard_probability(table, np.array([True, False, False, False]), table)
    points = np.log(risks / (1 - risks)) - math.log(1 / 3)
    assert points == pytest.approx([0.3 + 0.5, -0.4 + 0.7, 0])
