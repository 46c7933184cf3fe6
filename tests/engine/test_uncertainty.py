"""How sure a rank is."""

from hypothesis import given
from hypothesis import strategies as st

from insights.engine.uncertainty import rank_ranges

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


def test_an_empty_list_has_no_ranges() -> None:
    assert rank_ranges([], problems=0).low.shape == (0,)
