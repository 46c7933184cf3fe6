"""The grouping ends every item somewhere, always the same way, and moves nothing that is published."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.engine import grouping
from insights.engine.constraints import Constraints
from insights.engine.evaluation import adjusted_rand
from insights.engine.grouping import Grouping, group
from insights.engine.micro_groups import ITEMS_AS_LEAVES
from tests.engine.worlds import LONG_TAIL, World, corrections_true_to, random_rows, seeds, world, worlds


def assert_complete(found: Grouping, n: int) -> None:
    """Everything that holds for any grouping whatever."""
    labels, groups = found.labels, int(found.labels.max(initial=-1)) + 1
    assert labels.shape == found.confidence.shape == found.facet.shape == (n,)
    assert (labels >= -1).all()
    assert set(np.unique(labels[labels >= 0])) == set(range(groups))
    assert ((found.confidence >= 0) & (found.confidence <= 1)).all()
    assert ((found.confidence == 0) == (labels < 0)).all()
    assert ((found.facet < 0) == (labels < 0)).all()
    assert found.theme.shape == (groups,)
    assert set(found.theme.tolist()) == set(range(int(found.theme.max(initial=-1)) + 1))
    assert (found.groups.sizes == np.bincount(labels[labels >= 0], minlength=groups)).all()
    for problem in range(groups):
        facets = np.unique(found.facet[labels == problem])
        assert facets.tolist() == list(range(len(facets)))


def same(one: Grouping, two: Grouping) -> bool:
    arrays = ("labels", "confidence", "theme", "facet")
    return all((getattr(one, name) == getattr(two, name)).all() for name in arrays)


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_every_item_always_ends_in_exactly_one_place_and_the_same_one_twice(given_world: World) -> None:
    found = group(given_world.vectors)
    assert_complete(found, len(given_world.vectors))
    assert same(found, group(given_world.vectors.copy()))


@settings(max_examples=40, deadline=None)
@given(worlds(), seeds)
def test_the_order_of_arrival_does_not_matter(given_world: World, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(given_world.vectors))
    first, second = group(given_world.vectors), group(given_world.vectors[order])
    assert adjusted_rand(first.labels[order], second.labels) >= 0.97
    assert ((first.labels[order] < 0) == (second.labels < 0)).mean() >= 0.97


@settings(max_examples=30, deadline=None)
@given(seeds, st.floats(0.4, 0.8), st.integers(0, 5))
def test_clear_blobs_are_found_exactly_and_off_topic_texts_stay_unplaced(
    seed: int, noise: float, off_topic: int
) -> None:
    clear = world(seed, LONG_TAIL, off_topic=off_topic, noise=noise)
    found = group(clear.vectors)
    assert adjusted_rand(clear.truth, found.labels) == 1.0
    assert (found.labels[clear.truth < 0] == -1).all()


@settings(max_examples=40, deadline=None)
@given(worlds(noisiest=2.0), seeds, st.booleans())
def test_a_published_item_never_changes_its_problem(given_world: World, seed: int, corrected: bool) -> None:  # noqa: FBT001
    vectors = given_world.vectors
    n = len(vectors)
    previous = np.full(n, -1, dtype=np.int32)
    early = np.random.default_rng(seed).random(n) < 0.6
    previous[early] = group(vectors[early]).labels
    said = corrections_true_to(previous, seed) if corrected and (previous >= 0).any() else Constraints()
    found = group(vectors, previous=previous, constraints=said)
    assert_complete(found, n)
    old = previous >= 0
    pairs = set(zip(previous[old].tolist(), found.labels[old].tolist(), strict=True))
    assert len(pairs) == len({before for before, _ in pairs}) == len({after for _, after in pairs})


def test_new_blobs_become_new_groups_beside_the_published_ones() -> None:
    clear = world(5, (30, 20, 15, 10, 8))
    previous = np.where(clear.truth < 3, clear.truth, -1).astype(np.int32)
    assert adjusted_rand(clear.truth, group(clear.vectors, previous=previous).labels) == 1.0


def test_published_problems_stay_apart_and_whole_against_the_vectors() -> None:
    clear = world(6, (30, 30, 20))
    # Half of blob 0 is published as another problem; blobs 1 and 2 are published as one.
    half = (clear.truth == 0) & (np.arange(len(clear.truth)) % 2 == 0)
    previous = np.where(half, 0, np.where(clear.truth == 0, 1, 2)).astype(np.int32)
    found = group(clear.vectors, previous=previous)
    assert adjusted_rand(previous, found.labels) == 1.0


def test_a_problem_whose_every_item_is_bound_merges_with_no_other() -> None:
    clear = world(7, (30, 20))
    previous = clear.truth.copy()
    few = np.flatnonzero(clear.truth == 0)[:2]
    previous[few] = 2
    said = Constraints(must_link=((int(few[0]), int(few[1])),))
    assert adjusted_rand(previous, group(clear.vectors, previous=previous, constraints=said).labels) == 1.0


def test_bound_items_at_the_edge_of_a_published_problem_stay_in_it() -> None:
    clear = world(8, (30, 20, 20))
    strays = np.flatnonzero(clear.truth == 2)[:2]
    previous = clear.truth.copy()
    previous[strays] = 0  # published in problem 0, though they look like problem 2
    first, second = (int(stray) for stray in strays)
    inner, outer = (int(np.flatnonzero(previous == blob)[0]) for blob in (0, 1))
    said = Constraints(cannot_link=((first, outer), (second, outer)), pinned={inner: 0, second: 0})
    assert adjusted_rand(previous, group(clear.vectors, previous=previous, constraints=said).labels) == 1.0


def test_a_word_of_difference_parts_a_published_problem_and_only_there() -> None:
    clear = world(9, (30, 20))
    one, two = (int(item) for item in np.flatnonzero(clear.truth == 0)[:2])
    other, another = (int(item) for item in np.flatnonzero(clear.truth == 1)[:2])
    said = Constraints(must_link=((other, another),), cannot_link=((one, two), (two, other)))
    labels = group(clear.vectors, previous=clear.truth, constraints=said).labels
    assert labels[one] != labels[two]
    assert labels[two] != labels[other]
    rest = np.setdiff1d(np.arange(len(labels)), [one, two])
    assert adjusted_rand(clear.truth[rest], labels[rest]) == 1.0


def test_a_word_of_sameness_merges_two_published_problems_when_typical_items_say_it() -> None:
    clear = world(10, (30, 20, 10))
    homes = [np.flatnonzero(clear.truth == blob) for blob in (0, 1)]
    one, two = (int(rows[(clear.vectors[rows] @ clear.vectors[rows].sum(axis=0)).argmax()]) for rows in homes)
    labels = group(clear.vectors, previous=clear.truth, constraints=Constraints(must_link=((one, two),))).labels
    assert adjusted_rand(np.where(clear.truth == 1, 0, clear.truth), labels) == 1.0


@pytest.mark.parametrize("n", [0, 1])
def test_fewer_than_two_items_are_left_unplaced(n: int) -> None:
    found = group(random_rows(1, n, 16))
    assert_complete(found, n)
    assert (found.labels == -1).all()
    assert found.groups.sums.shape == (0, 16)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_a_handful_of_items_is_grouped(n: int) -> None:
    assert_complete(group(random_rows(2, n)), n)
    repeated = np.repeat(random_rows(3, 1), n, axis=0)
    assert (group(repeated).labels == 0).all()


def test_identical_vectors_are_one_problem() -> None:
    found = group(np.repeat(random_rows(4, 1), 300, axis=0))
    assert_complete(found, 300)
    assert (found.labels == 0).all()


def test_many_verbatim_repeats_share_the_problem_of_their_like() -> None:
    clear = world(11, (12, 9, 6, 4))
    times = np.random.default_rng(1).integers(1, 30, len(clear.truth))
    vectors, truth = np.repeat(clear.vectors, times, axis=0), np.repeat(clear.truth, times)
    found = group(vectors)
    assert_complete(found, len(vectors))
    for text in range(len(times)):
        assert len(np.unique(found.labels[np.repeat(np.arange(len(times)), times) == text])) == 1
    assert adjusted_rand(truth, found.labels) >= 0.97
    order = np.random.default_rng(2).permutation(len(vectors))
    assert (group(vectors[order]).labels == found.labels[order]).all()


@pytest.fixture(scope="module")
def large() -> World:
    return world(12, (1800, 1400, 1200, 1000, 800, 600, 600, 500, 400, 300, 100), off_topic=20)


def test_a_large_set_is_grouped_through_micro_groups(large: World) -> None:
    assert len(large.vectors) > ITEMS_AS_LEAVES
    found = group(large.vectors)
    assert_complete(found, len(large.vectors))
    on_topic = large.truth >= 0
    assert adjusted_rand(large.truth[on_topic], found.labels[on_topic]) >= 0.97


def test_a_large_published_set_keeps_its_problems_and_its_corrections(large: World) -> None:
    previous = np.where(large.truth < 8, large.truth, -1).astype(np.int32)
    said = corrections_true_to(previous, 1, count=30)
    found = group(large.vectors, previous=previous, constraints=said)
    old = previous >= 0
    assert adjusted_rand(previous[old], found.labels[old]) == 1.0
    for blob in (8, 9, 10):
        assert not set(found.labels[large.truth == blob]) & set(found.labels[old])


def test_texts_that_have_nothing_in_common_are_all_left_unplaced(monkeypatch: pytest.MonkeyPatch) -> None:
    strangers = np.linalg.qr(np.random.default_rng(1).normal(size=(48, 48)))[0][:20].astype(np.float32)
    assert (group(strangers).labels == -1).all()
    monkeypatch.setattr(grouping, "ITEMS_AS_LEAVES", 1)  # as in a large set, where items move once groups are known
    assert (group(strangers).labels == -1).all()
