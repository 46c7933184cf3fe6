"""The list under other terms says to the cent what scoring each problem anew would say."""

import datetime as dt
import random
from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.engine.movement import DatedAsk
from insights.engine.score import Customer, Weights, score_problem
from insights.engine.what_if import ROLES, SEVERITIES, Asking, Crowd, amounts, outcome, pack

DAY = dt.date(2026, 11, 2)


def decimals(low: str, high: str, places: int) -> st.SearchStrategy[Decimal]:
    """Any decimal of so many places in a range."""
    return st.decimals(low, high, places=places, allow_nan=False)


asks = st.builds(
    DatedAsk,
    item=st.just(0),
    said_on=st.dates(dt.date(2019, 1, 1), dt.date(2027, 1, 1)),
    severity=st.sampled_from(SEVERITIES),
    role=st.sampled_from(ROLES),
    influence=st.none() | decimals("0", "1", 2),
)
customers = st.builds(
    Customer,
    key=st.just("c"),
    name=st.just(""),
    # Round sums and odd cents, from nothing to more than any company earns.
    value=st.integers(0, 10**13).map(lambda cents: Decimal(cents).scaleb(-2)) | decimals("0", "9e12", 2),
    churn_risk=decimals("0", "1", 4),
    renewal_nearness=decimals("0.25", "1", 4),
    fit=decimals("0.5", "1", 4),
)
weights_ = st.builds(
    Weights,
    churn_weight=decimals("0", "10", 3),
    half_life_days=decimals("1", "2000", 1),
    severity=st.fixed_dictionaries({name: decimals("0", "1", 3) for name in SEVERITIES}),
    role=st.fixed_dictionaries({name: decimals("0", "1", 3) for name in ROLES}),
)
everybody = st.lists(st.lists(st.tuples(customers, st.lists(asks, min_size=1, max_size=6)), max_size=4), max_size=5)


def packed(problems: list[list[tuple[Customer, list[DatedAsk]]]]) -> Crowd:
    """The customers of some problems, without anybody known."""
    return Crowd.unpack(
        pack(Asking(None, customer.value, customer.value, customer, its) for customer, its in problem)
        for problem in problems
    )


def expected(customer: Customer, its: list[DatedAsk], weights: Weights, floor: Decimal) -> Decimal:
    """What the score says of one customer."""
    at_floor = Customer(
        "c", "", max(customer.value, floor), customer.churn_risk, customer.renewal_nearness, customer.fit
    )
    return score_problem([ask.on(DAY, customer="c") for ask in its], {"c": at_floor}, weights).total


@settings(max_examples=300, deadline=None)
@given(everybody, weights_, decimals("0", "100000", 2))
def test_each_amount_is_the_score_s_own(
    problems: list[list[tuple[Customer, list[DatedAsk]]]], weights: Weights, floor: Decimal
) -> None:
    found = amounts(packed(problems), weights=weights, floor=floor, day=DAY)
    each = [expected(customer, its, weights, floor) for problem in problems for customer, its in problem]
    assert [Decimal(int(cents)).scaleb(-2) for cents in found] == each


@settings(max_examples=50, deadline=None)
@given(everybody, st.randoms(use_true_random=False))
def test_only_who_counts_is_counted(
    problems: list[list[tuple[Customer, list[DatedAsk]]]], chance: random.Random
) -> None:
    crowd = packed(problems)
    counting = np.array([chance.random() < 0.5 for _ in crowd.problem], dtype=np.bool_)
    found = outcome(crowd, problems=len(problems), counting=counting, weights=Weights(), floor=Decimal(1), day=DAY)
    wanted = iter(counting)
    for row, problem in enumerate(problems):
        its = [(customer, said) for customer, said in problem if next(wanted)]
        assert found.customers[row] == len(its)
        total = sum((expected(customer, said, Weights(), Decimal(1)) for customer, said in its), Decimal(0))
        assert Decimal(int(found.score[row])).scaleb(-2) == total
        risk = sum(((c.value * c.churn_risk).quantize(Decimal("0.01")) for c, _ in its), Decimal(0))
        assert Decimal(int(found.at_risk[row])).scaleb(-2) == risk


def test_a_tie_is_rounded_as_the_score_rounds_it() -> None:
    """Where floats lie: 0.285 is a little less in binary, and half up must still go up."""
    customer = Customer("c", "", Decimal("0.57"), Decimal(0), Decimal(1), Decimal("0.5000"))
    its = [DatedAsk(0, DAY, "blocking", "buyer")]
    assert expected(customer, its, Weights(), Decimal(0)) == Decimal("0.26")
    assert amounts(packed([[(customer, its)]]), weights=Weights(), floor=Decimal(0), day=DAY).tolist() == [26]
