"""What is done with single items once the groups are known: some move, some belong nowhere."""

import numpy as np
from numpy.typing import NDArray

from insights.engine.parallel import blocks, in_threads
from insights.engine.placing import LOOSE, own_and_rival, summed

_ROUNDS = 2  # of moving items to the nearest group
_NEAREST = 10  # neighbours that speak for an item
_LONELY = 0.35  # of the usual support, below which an item of a large set is left unplaced
_BLOCK = 4_096
Numbers = NDArray[np.int64]


def moved_to_nearest(rows: NDArray[np.float32], weight: Numbers, problem: Numbers, free: NDArray[np.bool_]) -> Numbers:
    """Move each free item of a group to the group whose direction is nearest; single items stay single.

    `rows`: float32[a, d], centred unit rows that stand for `weight` (int64[a]) items each. `problem`: int64[a].
    """
    for _ in range(_ROUNDS):
        size = np.bincount(problem, weight)
        several = np.flatnonzero(size > 1)
        if not len(several):
            return problem
        means = summed(rows, weight, problem, len(size))[several]
        means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
        problem = _nearest_mean(rows, means, several, problem, np.flatnonzero(free & (size[problem] > 1)))
    return problem


def _nearest_mean(
    rows: NDArray[np.float32], means: NDArray[np.float32], names: Numbers, problem: Numbers, movable: Numbers
) -> Numbers:
    moved = problem.copy()

    def move(part: slice) -> None:
        moved[movable[part]] = names[(rows[movable[part]] @ means.T).argmax(axis=1)]

    in_threads(move, blocks(len(movable), _BLOCK))
    return moved


def lonely(rows: NDArray[np.float32], lists: NDArray[np.int32], problem: Numbers) -> NDArray[np.bool_]:
    """Items of a large set that no problem speaks for, bool[a].

    Support is the mean cosine to the nearest ten, times one half plus the share of them in the item's own problem. In a
    large set every off-topic text has some group that it resembles, so likeness to the group does not give it away;
    but it has few near texts, and those that it has are of different problems.
    """
    near = lists[:, :_NEAREST]
    support = np.empty(len(rows), dtype=np.float32)

    def weigh(part: slice) -> None:
        cosine = sum(np.einsum("ij,ij->i", rows[part], rows[near[part, rank]]) for rank in range(near.shape[1]))
        alike = (problem[near[part]] == problem[part, None]).mean(axis=1)
        support[part] = cosine / near.shape[1] * (0.5 + alike)

    in_threads(weigh, blocks(len(rows), _BLOCK))
    return np.asarray(support < _LONELY * np.median(support))


def placed(
    rows: NDArray[np.float32], weight: Numbers, problem: Numbers, free: NDArray[np.bool_], alone: NDArray[np.bool_]
) -> Numbers:
    """Final group numbers from 0, int64[a], -1 for items that are `alone` or too unlike their group, if `free`."""
    own, _ = own_and_rival(rows, weight, problem)
    size = np.bincount(problem, weight)
    usual = np.bincount(problem, own * weight) / np.maximum(size, 1)
    loose = free & (alone | (own < LOOSE * usual[problem]) | (size[problem] < 2))
    labels = np.where(loose, -1, problem)
    left = np.bincount(labels[labels >= 0], weight[labels >= 0], minlength=len(size))
    labels[(labels >= 0) & free & (left[problem] < 2)] = -1
    labels[labels >= 0] = np.unique(labels[labels >= 0], return_inverse=True)[1]
    return labels
