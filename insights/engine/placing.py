"""Similarity of items to groups, and the placing of newcomers into groups that exist."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from insights.engine.confidence import confidences
from insights.engine.parallel import blocks, in_threads

LOOSE = 0.5  # an item less than this share as like its group as the usual member is left unplaced
_LEAST_USUAL = 0.05  # cosine; members that people joined against their vectors have less, and no newcomer is like both
_BLOCK = 4_096  # rows compared with all groups at a time
_SEVERAL = 2  # members that can be compared with each other


@dataclass(frozen=True)
class Groups:
    """What placing needs to know of g groups.

    `centre`: float32[d], the mean vector that was subtracted. `sums`: float32[g, d], sum of each group's
    centred unit vectors. `sizes`: int64[g]. `usual`: float32[g], mean cosine between its members, 1 for an
    only member.
    """

    centre: NDArray[np.float32]
    sums: NDArray[np.float32]
    sizes: NDArray[np.int64]
    usual: NDArray[np.float32]


def centred(vectors: NDArray[np.float32], centre: NDArray[np.float32]) -> NDArray[np.float32]:
    """Unit rows after subtracting `centre`: float32[n, d] → float32[n, d]."""
    moved = vectors - centre
    length = np.linalg.norm(moved, axis=1, keepdims=True)
    return np.asarray(moved / np.maximum(length, 1e-9), dtype=np.float32)


def summed(
    vectors: NDArray[np.float32], weight: NDArray[np.integer], labels: NDArray[np.int64], groups: int
) -> NDArray[np.float32]:
    """Weighted sum of the rows of each group, float32[groups, d]; rows labelled -1 count nowhere."""
    inside = np.flatnonzero(labels >= 0)
    pool = csr_array((weight[inside].astype(np.float32), (labels[inside], inside)), shape=(groups, len(vectors)))
    return np.asarray(pool @ vectors, dtype=np.float32)


def own_and_rival(
    vectors: NDArray[np.float32], weight: NDArray[np.integer], labels: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean cosine of each item to the other members of its group, and to the most similar other group.

    `vectors`: float32[n, d], centred unit rows, each standing for `weight` (int[n]) items. `labels`: int64[n], -1 for
    none. Two float32[n]; the first is 0 for an only member and for an item of no group, the second -1 where there is no
    other group.
    """
    g = int(labels.max(initial=-1)) + 1
    own, rival = np.zeros(len(labels), dtype=np.float32), np.full(len(labels), -1, dtype=np.float32)
    if not g:
        return own, rival
    sums = summed(vectors, weight, labels, g)
    sizes = np.bincount(labels[labels >= 0], weight[labels >= 0], minlength=g).astype(np.float32)

    def compare(part: slice) -> None:
        mine = np.maximum(labels[part], 0)
        near = vectors[part] @ sums.T
        rows = np.arange(len(near))
        itself = np.einsum("ij,ij->i", vectors[part], vectors[part])
        own[part] = (near[rows, mine] - itself) / np.maximum(sizes[mine] - 1, 1)
        near /= np.maximum(sizes, 1)
        near[rows, mine] = -1
        rival[part] = near.max(axis=1)

    in_threads(compare, blocks(len(labels), _BLOCK))
    nowhere = labels < 0
    own[nowhere | (sizes[labels] < _SEVERAL)] = 0
    rival[nowhere] = -1
    return own, rival


def place(vectors: NDArray[np.float32], groups: Groups) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The group of each new item (int32[n], -1 = fits none) and the confidence (float32[n], 0 where unplaced)."""
    labels = np.full(len(vectors), -1, dtype=np.int32)
    sure = np.zeros(len(vectors), dtype=np.float32)
    if not len(groups.sizes):
        return labels, sure
    moved = centred(vectors, groups.centre)
    direction = groups.sums / np.maximum(np.linalg.norm(groups.sums, axis=1, keepdims=True), 1e-9)
    mean_length = np.linalg.norm(groups.sums, axis=1) / groups.sizes
    for start in range(0, len(moved), _BLOCK):
        near = moved[start : start + _BLOCK] @ direction.T
        rows = np.arange(len(near))
        best = near.argmax(axis=1)
        near *= mean_length
        own = near[rows, best]
        near[rows, best] = -1
        fits = own >= LOOSE * np.maximum(groups.usual[best], _LEAST_USUAL)
        labels[start + rows[fits]] = best[fits]
        belief = confidences(own, near.max(axis=1), groups.usual[best], groups.sizes[best])
        sure[start + rows[fits]] = belief[fits]
    return labels, sure
