"""What a fresh grouping would change is suggested, and nothing else is."""

import numpy as np
import pytest
from hypothesis import given, settings

from insights.engine.changes import Kind, suggestions
from insights.engine.grouping import group
from tests.engine.worlds import World, seeds, world, worlds


@settings(max_examples=40, deadline=None)
@given(worlds(), seeds)
def test_suggestions_are_always_gains_and_come_best_first(given_world: World, seed: int) -> None:
    vectors, truth = given_world.vectors, given_world.truth
    random = np.random.default_rng(seed)
    strayed = random.random(len(truth)) < 0.3
    published = np.where(strayed, random.integers(-1, 5, len(truth)), truth).astype(np.int32)
    fresh = group(vectors).labels
    found = suggestions(vectors, published, fresh)
    gains = [one.gain for one in found]
    assert gains == sorted(gains, reverse=True)
    assert all(0 < gain <= 2 for gain in gains)
    for one in found:
        assert len(set(one.rows.tolist())) == len(one.rows) > 0
        assert (published[one.rows] == one.problem).all()
        assert one.target != one.problem
        assert (one.target is None) == (one.kind == Kind.SPLIT)
        if one.kind == Kind.MERGE:
            assert len(one.rows) == (published == one.problem).sum()


@settings(max_examples=30, deadline=None)
@given(worlds(), seeds)
def test_nothing_is_suggested_where_the_fresh_grouping_is_the_published_one(given_world: World, seed: int) -> None:
    labels = group(given_world.vectors).labels
    assert suggestions(given_world.vectors, labels, labels) == []
    names = np.random.default_rng(seed).permutation(int(labels.max(initial=-1)) + 1).astype(np.int32)
    renamed = np.append(names, np.int32(-1))[labels]
    assert suggestions(given_world.vectors, renamed, labels) == []


def test_a_blob_published_as_two_problems_is_a_merge_of_the_smaller_into_the_larger() -> None:
    clear = world(1, (30, 20, 20))
    part = np.flatnonzero(clear.truth == 0)[:10]
    published = clear.truth.copy()
    published[part] = 7
    (one,) = suggestions(clear.vectors, published, clear.truth)
    assert (one.kind, one.problem, one.target) == (Kind.MERGE, 7, 0)
    assert sorted(one.rows.tolist()) == part.tolist()


def test_two_blobs_published_as_one_problem_are_a_split_of_the_smaller() -> None:
    clear = world(2, (30, 20, 20))
    published = np.where(clear.truth == 1, 0, clear.truth).astype(np.int32)
    (one,) = suggestions(clear.vectors, published, clear.truth)
    assert (one.kind, one.problem, one.target) == (Kind.SPLIT, 0, None)
    assert sorted(one.rows.tolist()) == np.flatnonzero(clear.truth == 1).tolist()


def test_a_few_strays_are_a_move_with_the_most_telling_first() -> None:
    clear = world(3, (30, 20, 20))
    strays = np.flatnonzero(clear.truth == 0)[:4]
    published = clear.truth.copy()
    published[strays] = 1
    (one,) = suggestions(clear.vectors, published, clear.truth)
    assert (one.kind, one.problem, one.target) == (Kind.MOVE, 1, 0)
    assert sorted(one.rows.tolist()) == strays.tolist()
    there = clear.vectors[published == 0].sum(axis=0)
    near = clear.vectors[one.rows] @ there
    assert (np.diff(near) <= 1e-5).all()
    staying = clear.vectors[(published == 1) & (clear.truth == 1)]
    to, away = (clear.vectors[strays] @ clear.vectors[published == 0].T).mean(), (clear.vectors[strays] @ staying.T)
    assert one.gain == pytest.approx(to - away.mean(), abs=1e-5)


def test_one_item_is_no_problem_of_its_own() -> None:
    clear = world(4, (30, 20))
    fresh = clear.truth.copy()
    fresh[np.flatnonzero(clear.truth == 0)[0]] = 2
    assert suggestions(clear.vectors, clear.truth, fresh) == []


def test_what_would_come_no_nearer_is_not_suggested() -> None:
    clear = world(5, (30, 20))
    fresh = clear.truth.copy()
    fresh[np.flatnonzero(clear.truth == 0)[:3]] = 1
    assert suggestions(clear.vectors, clear.truth, fresh) == []


def test_unplaced_items_are_not_suggested_anything() -> None:
    clear = world(6, (30, 20), off_topic=5)
    assert suggestions(clear.vectors, np.full_like(clear.truth, -1), clear.truth) == []
    assert suggestions(clear.vectors, clear.truth, np.full_like(clear.truth, -1)) == []
