"""Similarity of items to groups, and the placing of newcomers into groups that exist."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from insights.engine.confidence import confidences

LOOSE = 0.5  # an item less than this share as like its group as the usual member is left unplaced
_LEAST_USUAL = 0.05  # cosine; members that people joined against their vectors have less, and no newcomer is like both
_BLOCK = 8_192  # rows compared with all groups at a time


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


def own_and_rival(
    vectors: NDArray[np.float32], labels: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean cosine of each item to the other members of its group, and to the most similar other group.

    `vectors`: float32[n, d], centred unit rows. `labels`: int64[n], no -1. Two float32[n]; the first is 0 for an
    only member, the second -1 where there is one group.
    """
    g = int(labels.max(initial=-1)) + 1
    sums = np.zeros((g, vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, labels, vectors)
    sizes = np.bincount(labels, minlength=g)
    own, rival = np.empty(len(labels), dtype=np.float32), np.empty(len(labels), dtype=np.float32)
    for start in range(0, len(labels), _BLOCK):
        part = slice(start, start + _BLOCK)
        mine = labels[part]
        near = vectors[part] @ sums.T
        rows = np.arange(len(near))
        itself = np.einsum("ij,ij->i", vectors[part], vectors[part])
        own[part] = (near[rows, mine] - itself) / np.maximum(sizes[mine] - 1, 1)
        near /= np.maximum(sizes, 1)
        near[rows, mine] = -1
        rival[part] = near.max(axis=1)
    own[sizes[labels] < 2] = 0
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
