"""Newcomers join the group they are near to, or none."""

import numpy as np
import pytest
from hypothesis import given, settings

from insights.engine import placing
from insights.engine.constraints import Constraints
from insights.engine.grouping import group
from insights.engine.placing import Groups, centred, own_and_rival, place
from tests.engine.worlds import World, random_rows, seeds, unit, world, worlds


@settings(max_examples=30, deadline=None)
@given(worlds(noisiest=0.6))
def test_a_vector_at_the_centre_of_a_group_joins_it(given_world: World) -> None:
    groups = group(given_world.vectors).groups
    # The vector whose centred direction is that of the group.
    directions = unit(groups.sums + np.float32(1e-12)) if len(groups.sums) else groups.sums
    many = groups.usual > 0.2
    labels, sure = place(np.asarray(groups.centre + directions, dtype=np.float32), groups)
    assert (labels[many] == np.flatnonzero(many)).all()
    assert (sure[many] > 0.5 - 1 / groups.sizes[many]).all()


@settings(max_examples=30, deadline=None)
@given(worlds(), seeds)
def test_whoever_is_placed_is_sure_of_something_and_nobody_else(given_world: World, seed: int) -> None:
    groups = group(given_world.vectors).groups
    labels, sure = place(random_rows(seed, 50), groups)
    assert ((labels >= -1) & (labels < len(groups.sizes))).all()
    assert ((sure == 0) == (labels < 0)).all()
    assert ((sure >= 0) & (sure <= 1)).all()


def test_newcomers_of_clear_blobs_join_them_and_strangers_join_none() -> None:
    clear = world(1, (60, 50, 40, 30, 20, 20, 15), off_topic=10)
    known = (np.arange(len(clear.truth)) % 2 == 0) & (clear.truth >= 0)
    found = group(clear.vectors[known])
    labels, _ = place(clear.vectors[~known], found.groups)
    name = {int(blob): int(label) for blob, label in zip(clear.truth[known], found.labels, strict=True)} | {-1: -1}
    assert labels.tolist() == [name[blob] for blob in clear.truth[~known].tolist()]


def test_nothing_and_nowhere_are_answered() -> None:
    groups = group(world(1).vectors).groups
    labels, sure = place(random_rows(1, 0), groups)
    assert labels.shape == sure.shape == (0,)
    labels, sure = place(random_rows(1, 3), group(random_rows(1, 0)).groups)
    assert labels.tolist() == [-1, -1, -1]
    assert not sure.any()


def test_a_group_of_one_takes_only_its_like() -> None:
    clear = world(2, (20, 20, 20, 20), off_topic=1)
    alone = int(np.flatnonzero(clear.truth < 0)[0])
    said = Constraints(cannot_link=tuple((alone, int(np.flatnonzero(clear.truth == blob)[0])) for blob in range(4)))
    found = group(clear.vectors, constraints=said)
    label = int(found.labels[alone])
    assert found.groups.sizes[label] == 1
    assert place(clear.vectors[[alone]], found.groups)[0].tolist() == [label]
    away = found.groups.sums / np.linalg.norm(found.groups.sums, axis=1, keepdims=True)
    # A little nearer to the one item than to the groups: not enough to be of its kind.
    faint = unit(random_rows(3, 200) + 0.3 * away[label] - away.sum(axis=0) * 0.1) + found.groups.centre
    moved = centred(np.asarray(faint, dtype=np.float32), found.groups.centre)
    labels, _ = place(np.asarray(faint, dtype=np.float32), found.groups)
    assert not ((labels == label) & (moved @ away[label] < 0.45)).any()


def test_a_pair_that_people_joined_against_its_vectors_takes_no_strangers() -> None:
    one = random_rows(4, 1)
    sums = one + unit(0.04 * random_rows(5, 1) - one)
    usual = np.array([sums[0] @ sums[0] / 2 - 1], dtype=np.float32)
    assert usual[0] < -0.9
    pair = Groups(np.zeros(48, dtype=np.float32), sums, np.array([2]), usual)
    assert (place(random_rows(6, 300), pair)[0] == -1).all()


@given(seeds)
def test_own_and_rival_are_mean_cosines_over_the_others(seed: int) -> None:
    random = np.random.default_rng(seed)
    vectors, labels = random_rows(seed, 12, 8), random.integers(0, 4, 12)
    labels = np.unique(labels, return_inverse=True)[1].astype(np.int64)
    own, rival = own_and_rival(vectors, np.ones(len(vectors), dtype=np.int64), labels)
    near = vectors @ vectors.T
    for item in range(12):
        mine = [near[item, other] for other in range(12) if labels[other] == labels[item] and other != item]
        theirs = [near[item, labels == other].mean() for other in range(labels.max() + 1) if other != labels[item]]
        assert own[item] == pytest.approx(np.mean(mine) if mine else 0, abs=1e-5)
        assert rival[item] == pytest.approx(max(theirs, default=-1), abs=1e-5)


def test_blocks_of_rows_leave_no_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    clear = world(5)
    groups = group(clear.vectors).groups
    whole = (
        place(clear.vectors, groups),
        own_and_rival(clear.vectors, np.ones(len(clear.truth), dtype=np.int64), clear.truth.astype(np.int64)),
    )
    monkeypatch.setattr(placing, "_BLOCK", 7)
    parts = (
        place(clear.vectors, groups),
        own_and_rival(clear.vectors, np.ones(len(clear.truth), dtype=np.int64), clear.truth.astype(np.int64)),
    )
    np.testing.assert_allclose(np.array(whole), np.array(parts), atol=1e-5)
