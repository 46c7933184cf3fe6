"""The score adds up, stays in money, and moves for nothing but its own reasons."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.engine.score import (
    Ask,
    Customer,
    Weights,
    customer_weight,
    intensity,
    renewal_nearness,
    score_problem,
)

TODAY = dt.date(2026, 11, 1)
WEIGHTS = Weights()

shares = st.decimals(0, 1, places=4)
customers = st.builds(
    Customer,
    key=st.sampled_from([f"family:{n}" for n in range(8)]),
    name=st.just("Somebody"),
    value=st.decimals(0, 10_000_000, places=2),
    churn_risk=shares,
    renewal_nearness=st.decimals("0.25", 1, places=4),
    fit=st.decimals("0.5", 1, places=4),
)
asks = st.builds(
    Ask,
    customer=st.sampled_from([f"family:{n}" for n in range(8)]),
    severity=st.sampled_from(sorted(WEIGHTS.severity)),
    role=st.sampled_from(sorted(WEIGHTS.role)),
    age_days=st.integers(0, 2000),
)
books = st.lists(customers, min_size=8, max_size=8, unique_by=lambda customer: customer.key).map(
    lambda some: {customer.key: customer for customer in some}
)


def customer(**facts: object) -> Customer:
    """A customer of 10,000.00 that nothing raises or lowers."""
    known: dict[str, object] = {
        "key": "family:1",
        "name": "One",
        "value": Decimal("10000.00"),
        "churn_risk": Decimal(0),
        "renewal_nearness": Decimal(1),
        "fit": Decimal(1),
    }
    return Customer(**{**known, **facts})  # type: ignore[arg-type]


def test_a_receipt_worked_by_hand() -> None:
    one = customer(churn_risk=Decimal("0.2500"), renewal_nearness=Decimal("0.5000"), fit=Decimal("0.9000"))
    score = score_problem(
        [Ask("family:1", "blocking", "buyer", 0), Ask("family:1", "low", "user", 180)], {one.key: one}, WEIGHTS
    )
    line = score.lines[0]
    assert line.weight == Decimal("11250.00")  # 10000 x (1 + 2 x 0.25 x 0.5) x 0.9
    assert line.intensity == Decimal("0.912000")  # 1 - (1 - 0.9) x (1 - 0.3 x 0.8 / 2)
    assert line.amount == score.total == Decimal("10260.00")


@given(st.lists(asks, max_size=40), books)
def test_the_lines_sum_to_the_score_and_each_line_can_be_worked_again(
    said: list[Ask], book: dict[str, Customer]
) -> None:
    score = score_problem(said, book, WEIGHTS)
    assert sum((line.amount for line in score.lines), Decimal(0)) == score.total
    for line in score.lines:
        one = line.customer
        weight = one.value * (1 + WEIGHTS.churn_weight * one.churn_risk * one.renewal_nearness) * one.fit
        assert abs(line.weight - weight) <= Decimal("0.005")
        assert abs(line.amount - line.weight * line.intensity) <= Decimal("0.005")
    assert sum(line.asks for line in score.lines) == len(said)


@given(st.lists(asks, min_size=1, max_size=40), books, st.randoms(use_true_random=False))
def test_the_order_in_which_things_are_said_does_not_matter(
    said: list[Ask], book: dict[str, Customer], random: object
) -> None:
    shuffled = list(said)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert score_problem(said, book, WEIGHTS) == score_problem(shuffled, book, WEIGHTS)


@given(asks, st.integers(1, 200))
def test_a_hundred_tickets_never_outgrow_their_customer(ask: Ask, times: int) -> None:
    one = customer(key=ask.customer)
    once = score_problem([ask], {one.key: one}, WEIGHTS).total
    often = score_problem([ask] * times, {one.key: one}, WEIGHTS).total
    assert once <= often <= customer_weight(one, WEIGHTS)


@given(st.lists(asks, max_size=20), asks, books)
def test_one_more_request_never_lowers_a_score(said: list[Ask], more: Ask, book: dict[str, Customer]) -> None:
    assert score_problem([*said, more], book, WEIGHTS).total >= score_problem(said, book, WEIGHTS).total


def test_lines_run_from_the_largest_down_and_ties_by_key() -> None:
    book = {f"family:{n}": customer(key=f"family:{n}", value=Decimal(value)) for n, value in ((1, 5), (2, 9), (3, 5))}
    score = score_problem([Ask(key, "high", "buyer", 0) for key in ("family:3", "family:1", "family:2")], book, WEIGHTS)
    assert [line.customer.key for line in score.lines] == ["family:2", "family:1", "family:3"]


def test_a_request_nobody_made_scores_nothing() -> None:
    assert score_problem([], {}, WEIGHTS).total == Decimal("0.00")


def test_a_request_halves_every_half_life() -> None:
    now, later = (intensity([Ask("c", "high", "buyer", age)], WEIGHTS) for age in (0, 180))
    assert (now, later) == (Decimal("0.700000"), Decimal("0.350000"))


@pytest.mark.parametrize(
    ("days", "nearness"),
    [(0, "1"), (90, "1"), (91, "0.9973"), (227, "0.6264"), (365, "0.25"), (5000, "0.25"), (-1, None)],
)
def test_a_renewal_counts_more_the_nearer_it_is(days: int, nearness: str | None) -> None:
    found = renewal_nearness(TODAY + dt.timedelta(days=days), today=TODAY)
    assert found == (None if nearness is None else Decimal(nearness))


def test_an_unknown_renewal_is_not_guessed() -> None:
    assert renewal_nearness(None, today=TODAY) is None


@given(st.integers(0, 800), st.integers(0, 800))
def test_nearness_never_rises_with_distance(a: int, b: int) -> None:
    near, far = sorted((a, b))
    first, second = (renewal_nearness(TODAY + dt.timedelta(days=days), today=TODAY) for days in (near, far))
    assert first is not None
    assert second is not None
    assert first >= second
