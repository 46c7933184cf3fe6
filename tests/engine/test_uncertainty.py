"""How sure a rank is."""

from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.engine.score import Ask, Customer, Weights, customer_weight, score_problem
from insights.engine.uncertainty import STEP, _seed, _times_drawn, mainstays, rank_ranges

amounts = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from("abcdefgh"), st.floats(0, 1e6, allow_nan=False)), max_size=60
)


def test_a_lead_shared_by_many_customers_is_sure_and_one_by_a_single_customer_is_not() -> None:
    many = [(0, f"c{n}", 100.0) for n in range(60)]
    single = [(1, "whale", 4000.0)]
    others = [(row, f"o{row}{n}", 50.0) for row in (2, 3) for n in range(40)]
    ranges = rank_ranges([*many, *single, *others], problems=4)
    assert (ranges.low[0], ranges.high[0] <= 2) == (1, True)
    assert (ranges.low[1], ranges.high[1]) == (1, 4)


@given(amounts)
def test_a_range_lies_within_the_list(some: list[tuple[int, str, float]]) -> None:
    ranges = rank_ranges(some, problems=10)
    assert (ranges.low >= 1).all()
    assert (ranges.low <= ranges.high).all()
    assert (ranges.high <= 10).all()


@given(amounts)
def test_the_same_amounts_give_the_same_ranges(some: list[tuple[int, str, float]]) -> None:
    first, second = (rank_ranges(some, problems=10) for _ in range(2))
    assert (first.low == second.low).all()
    assert (first.high == second.high).all()


@given(amounts, st.text(max_size=5))
def test_a_newcomer_with_nothing_to_add_leaves_every_range_as_it_is(
    some: list[tuple[int, str, float]], newcomer: str
) -> None:
    before, after = (rank_ranges(its, problems=10) for its in (some, [*some, (9, newcomer, 0.0)]))
    assert (before.low == after.low).all()
    assert (before.high == after.high).all()


def test_customers_are_drawn_once_on_average_and_not_at_all_as_often_as_chance_says() -> None:
    drawn = np.array([_times_drawn(np.array([_seed(f"c{n}") for n in range(2000)], np.uint64), d) for d in range(200)])
    assert abs(drawn.mean() - 1) < 0.01
    assert abs(drawn.var() - 1) < 0.02
    assert abs((drawn == 0).mean() - np.exp(-1)) < 0.005
    assert np.abs(np.corrcoef(drawn[:20])[np.triu_indices(20, 1)]).max() < 0.12


def test_an_empty_list_has_no_ranges() -> None:
    assert rank_ranges([], problems=0).low.shape == (0,)


def ladder(whale: str) -> list[tuple[int, str, Decimal]]:
    """Six problems of falling scores, each of many customers but the first, which one customer carries."""
    steps = [(row, f"c{row}{n}", Decimal(500 - 50 * row)) for row in range(1, 6) for n in range(10)]
    return [(0, whale, Decimal("5000.00")), (0, "small", Decimal("1.00")), *steps]


def test_a_problem_hangs_on_the_customer_without_whom_it_falls_far() -> None:
    assert mainstays(ladder("whale"), problems=6) == ["whale", None, None, None, None, None]


def test_a_short_fall_is_no_dependence() -> None:
    assert STEP == 3
    assert mainstays([row for row in ladder("whale") if row[0] < 4], problems=4) == [None] * 4


def test_far_down_a_fall_must_be_longer() -> None:
    def fallen(places: int) -> str | None:
        # The last customer's problem stands at rank 20; without it, all of those that follow are ahead.
        above = [(row, f"a{row}", Decimal(1000 - row)) for row in range(19)]
        below = [(20 + row, f"b{row}", Decimal(100 - row)) for row in range(places)]
        return mainstays([*above, (19, "whale", Decimal(500)), *below], problems=20 + places)[19]

    assert (fallen(20), fallen(21)) == (None, "whale")


def test_a_customer_is_taken_out_of_every_problem() -> None:
    # All lose the same customer, so none of them falls.
    everywhere = [(row, "whale", Decimal(1000)) for row in range(6)]
    rest = [(row, f"c{row}", Decimal(60 - row)) for row in range(6)]
    assert mainstays([*everywhere, *rest], problems=6) == [None] * 6


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.tuples(st.integers(0, 11), st.sampled_from("abcdef")), st.decimals(0, 1000, places=2)))
def test_a_dependence_is_what_dropping_the_customer_and_ranking_again_shows(
    amounts: dict[tuple[int, str], Decimal],
) -> None:
    def score(at: int, without: str | None) -> Decimal:
        return sum((amount for (row, key), amount in amounts.items() if row == at and key != without), Decimal(0))

    def order(without: str | None) -> list[int]:
        return sorted(range(12) if without is None else now, key=lambda row: -score(row, without))

    now = order(None)
    ranked = [(now.index(row), key, amount) for (row, key), amount in amounts.items()]
    for place, mainstay in enumerate(mainstays(ranked, problems=12)):
        its = [(amount, key) for row, key, amount in ranked if row == place]
        largest = max(its)[1] if its else None
        falls = bool(its) and order(largest).index(now[place]) - place > max(STEP, place + 1)
        assert mainstay == (largest if falls else None)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 900)), min_size=1, max_size=20),
    st.decimals("0.01", 1_000_000, places=2),
)
def test_a_hundred_tickets_of_one_account_move_nothing_beyond_its_weight(
    others: list[tuple[str, int]], value: Decimal
) -> None:
    weights = Weights()
    customers = {
        key: Customer(key, key, amount, Decimal("0.3"), Decimal("0.5"), Decimal(1))
        for key, amount in (("a", Decimal(900)), ("b", Decimal(50_000)), ("c", Decimal(7)), ("gamer", value))
    }
    asks = [Ask(key, "medium", "user", age) for key, age in others]
    flood = [Ask("gamer", "blocking", "buyer", 0)] * 100
    before, after = (score_problem(its, customers, weights) for its in (asks, [*asks, *flood]))
    assert 0 <= after.total - before.total <= customer_weight(customers["gamer"], weights)
    assert [line for line in after.lines if line.customer.key != "gamer"] == list(before.lines)


def test_an_empty_list_hangs_on_nobody() -> None:
    assert mainstays([], problems=0) == []
