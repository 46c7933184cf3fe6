"""Average linkage under "never together" constraints, on the dense similarity matrix of the micro-groups."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FORBIDDEN = np.float32(-np.inf)


@dataclass(frozen=True)
class Tree:
    """A forest over m leaves; merge t makes node m + t.

    `left`, `right`: int64[merges], children. `height`: float64[merges], mean similarity across the merge.
    `weight`: float64[m + merges], items under each node. Fewer than m - 1 merges when constraints keep roots apart.
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    height: NDArray[np.float64]
    weight: NDArray[np.float64]

    @property
    def leaves(self) -> int:
        return len(self.weight) - len(self.left)


def average_linkage(similarity: NDArray[np.float32], weight: NDArray[np.float64], apart: NDArray[np.int64]) -> Tree:
    """Merge the two most similar groups until nothing is left to merge.

    `similarity`: float32[m, m], mean pairwise similarity of the micro-groups; it is overwritten.
    `weight`: float64[m], items in each. `apart`: int64[p, 2], pairs that must never share a group.
    The mean over a merged group is the weighted mean of its parts (Lance & Williams 1967), and a forbidden pair
    is minus infinity, which the weighted mean hands on to every group that contains it. Each row remembers its best
    partner, so a merge costs O(m) and the tree O(m²) except where many rows lose their partner at once.
    """
    m = len(similarity)
    np.fill_diagonal(similarity, FORBIDDEN)
    similarity[apart[:, 0], apart[:, 1]] = FORBIDDEN
    similarity[apart[:, 1], apart[:, 0]] = FORBIDDEN
    partner = similarity.argmax(axis=1)
    best = similarity[np.arange(m), partner].copy()
    node, size = np.arange(m), weight.astype(np.float64).copy()
    left, right = np.empty(m, dtype=np.int64), np.empty(m, dtype=np.int64)
    height, total = np.empty(m), np.concatenate([size, np.empty(m)])
    merges = 0
    while best.max(initial=FORBIDDEN) > FORBIDDEN:
        a = int(best.argmax())
        b = int(partner[a])
        a, b = min(a, b), max(a, b)
        left[merges], right[merges], height[merges] = node[a], node[b], similarity[a, b]
        share = np.float32(size[a] / (size[a] + size[b]))
        row = share * similarity[a] + (np.float32(1) - share) * similarity[b]
        row[[a, b]] = FORBIDDEN
        similarity[a], similarity[:, a] = row, row
        similarity[b], similarity[:, b] = FORBIDDEN, FORBIDDEN
        best[b] = FORBIDDEN
        size[a] += size[b]
        total[m + merges], node[a] = size[a], m + merges
        merges += 1
        stale = np.flatnonzero(((partner == a) | (partner == b)) & (best > FORBIDDEN))
        stale = np.union1d(stale, [a])
        rows = similarity[stale]
        partner[stale] = rows.argmax(axis=1)
        best[stale] = rows[np.arange(len(stale)), partner[stale]]
    return Tree(left[:merges], right[:merges], height[:merges], total[: m + merges])
