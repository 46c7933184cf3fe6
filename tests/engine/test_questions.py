"""Questions are few, never repeated, and the most telling first."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.engine.grouping import group
from insights.engine.questions import questions
from tests.engine.worlds import World, random_rows, world, worlds


@settings(max_examples=40, deadline=None)
@given(worlds(noisiest=2.0), st.integers(0, 12))
def test_questions_are_always_distinct_unasked_and_best_first(given_world: World, count: int) -> None:
    grouping = group(given_world.vectors)
    every = questions(given_world.vectors, grouping, 10_000)
    asked = frozenset((one.first, one.second) for one in every[::2])
    found = questions(given_world.vectors, grouping, count, asked)
    assert len(found) <= count
    assert not {(one.first, one.second) for one in found} & asked
    for chosen in (every, found):
        pairs = [(one.first, one.second) for one in chosen]
        assert len(set(pairs)) == len(pairs)
        assert all(first < second for first, second in pairs)
        gains = [one.gain for one in chosen]
        assert gains == sorted(gains, reverse=True)
        assert all(gain >= 0 for gain in gains)
        about: dict[tuple[int, int], int] = {}
        for one in chosen:
            homes = [int(grouping.labels[item]) for item in (one.first, one.second)]
            assert min(homes) >= 0
            assert one.joined == (homes[0] == homes[1])
            for item, home in zip((one.first, one.second), homes, strict=True):
                facet = (home, int(grouping.facet[item]))
                about[facet] = about.get(facet, 0) + 1
        assert max(about.values(), default=0) <= 2


@pytest.mark.parametrize("n", [0, 1])
def test_nothing_is_asked_about_too_little(n: int) -> None:
    vectors = random_rows(1, n)
    assert questions(vectors, group(vectors), 5) == ()


def test_nothing_is_asked_about_one_facet() -> None:
    vectors = np.repeat(random_rows(1, 1), 20, axis=0)
    assert questions(vectors, group(vectors), 5) == ()


def test_a_blob_published_as_two_problems_is_asked_about_first() -> None:
    clear = world(2, (40, 30, 20, 20))
    half = (clear.truth == 0) & (np.arange(len(clear.truth)) % 2 == 0)
    previous = np.where(half, 4, clear.truth).astype(np.int32)
    grouping = group(clear.vectors, previous=previous)
    first = questions(clear.vectors, grouping, 1)[0]
    assert not first.joined
    assert {int(previous[first.first]), int(previous[first.second])} == {0, 4}


def test_where_no_facets_are_parted_the_joined_ones_are_asked_about() -> None:
    clear = world(3, (30, 20))
    grouping = group(clear.vectors, previous=np.zeros(50, dtype=np.int32))
    one_problem = replace(grouping, facet=clear.truth)
    found = questions(clear.vectors, one_problem, 5)
    assert [one.joined for one in found] == [True]
