"""Problems keep their keys, one to one, and no key goes to a remainder."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from insights.engine.matching import matched
from tests.engine.worlds import Labels


def labels(*groups: int) -> Labels:
    return np.array(groups, dtype=np.int32)


before_and_after = st.lists(st.tuples(st.integers(-1, 6), st.integers(-1, 6)), max_size=80)


@given(before_and_after)
def test_keys_always_go_one_to_one_to_groups_that_share_most_of_the_smaller(pairs: list[tuple[int, int]]) -> None:
    old, new = labels(*(a for a, _ in pairs)), labels(*(b for _, b in pairs))
    keys = matched(old, new)
    assert len(set(keys.values())) == len(keys)
    known = (old >= 0) & (new >= 0)
    for after, before in keys.items():
        shared = int(((old == before) & (new == after)).sum())
        smaller = min(int((known & (old == before)).sum()), int((known & (new == after)).sum()))
        assert shared * 2 > smaller


@given(st.lists(st.integers(-1, 5), max_size=60), st.permutations(range(6)), st.integers(0, 20))
def test_groups_that_only_grow_keep_their_keys(was: list[int], names: list[int], newcomers: int) -> None:
    old = labels(*was, *[-1] * newcomers)
    new = labels(*(names[group] if group >= 0 else 6 for group in was), *(number % 9 for number in range(newcomers)))
    assert matched(old, new) == {names[group]: group for group in set(was) if group >= 0}


def test_the_larger_part_of_a_split_keeps_the_key_and_the_remainder_gets_none() -> None:
    assert matched(labels(*[4] * 10), labels(*[0] * 6, *[1] * 4)) == {0: 4}


def test_a_merged_problem_takes_the_key_of_its_larger_half() -> None:
    assert matched(labels(*[0] * 6, *[1] * 4), labels(*[0] * 10)) == {0: 0}


def test_a_key_does_not_move_to_what_is_mostly_another_problem() -> None:
    # Problem 0 is swallowed by problem 1, but for one item among nine of problem 2.
    old = labels(*[0] * 10, *[1] * 20, *[2] * 9)
    new = labels(*[0] * 9, 1, *[0] * 20, *[1] * 9)
    assert matched(old, new) == {0: 1, 1: 2}


def test_as_many_items_as_possible_stay_where_they_were() -> None:
    old = labels(*[0] * 5, *[0] * 4, *[1] * 6)
    new = labels(*[0] * 5, *[1] * 4, *[0] * 6)
    assert matched(old, new) == {0: 1, 1: 0}


def test_nothing_known_matches_nothing() -> None:
    assert matched(labels(), labels()) == {}
    assert matched(labels(-1, -1, 0), labels(0, 1, -1)) == {}


def test_groups_that_are_all_torn_to_pieces_pass_on_no_key() -> None:
    assert matched(labels(0, 0, 1, 1), labels(0, 1, 0, 1)) == {}
