"""Micro-groups: the leaves of the linkage tree, and how similar they are to each other."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, csr_matrix
from sknetwork.clustering import Leiden

from insights.engine.neighbours import nearest

ITEMS_AS_LEAVES = 8_192  # up to here every item is its own micro-group
_FEWEST_LEAVES = 256  # room for the problems of a set that is just too large for single texts
MOST_LEAVES = 16_384  # a dense matrix of that many is 1 GB
_SCALES = (10, 30, 90)  # neighbourhood sizes whose overlap is averaged
_PAIRS_AT_ONCE = 50_000  # bounds the memory of a step
_OVERLAP_SHARE = 0.65  # weight of shared neighbours beside cosine


@dataclass(frozen=True)
class Neighbourhoods:
    """`lists`: int32[n, k] nearest first. `scales`: the list lengths whose overlap is compared."""

    lists: NDArray[np.int32]
    scales: tuple[int, ...]

    def membership(self, scale: int) -> csr_array:
        """0/1 matrix, n x n: row i marks item i and its `scale` nearest neighbours."""
        n = len(self.lists)
        columns = np.column_stack([np.arange(n), self.lists[:, :scale]]).ravel()
        starts = np.arange(0, len(columns) + 1, scale + 1)
        return csr_array((np.ones(len(columns), dtype=np.float32), columns, starts), shape=(n, n))


def neighbourhoods(vectors: NDArray[np.float32]) -> Neighbourhoods:
    """Neighbour lists of `vectors` (float32[n, d], unit rows), at scales that leave room for several groups."""
    n = len(vectors)
    # In a handful of items, lists as long as usual would hold everything and say nothing.
    scales = tuple(k for k in _SCALES if k <= n / 8) or (min(_SCALES[0], max(2, n // 4), n - 1),)
    return Neighbourhoods(nearest(vectors, scales[-1]), scales)


def micro_groups(vectors: NDArray[np.float32], near: Neighbourhoods) -> NDArray[np.int64]:
    """Leaf number of each item, int64[n]: single texts in small sets, tight communities in large ones.

    `vectors`: float32[n, d], sorted, so that verbatim repeats are neighbours; they share a leaf.
    The Potts model has no resolution limit, so small problems are not swallowed (Traag et al. 2011). The resolution
    rises until a community is no larger, on average, than the longest neighbour list: what lies beyond its lists a
    neighbour graph cannot tell apart.
    """
    n = len(near.lists)
    if n <= ITEMS_AS_LEAVES:
        new = (vectors[1:] != vectors[:-1]).any(axis=1)
        return np.concatenate([[0], np.cumsum(new)]).astype(np.int64)
    graph = csr_matrix(shared_neighbour_graph(near))
    wanted = min(MOST_LEAVES // 2, max(n / near.scales[-1], _FEWEST_LEAVES))
    resolution = max(1.0, wanted / 32)  # low enough to start below the number that is wanted
    while True:
        found = Leiden(resolution=resolution, modularity="potts", random_state=0).fit_predict(graph)
        if found.max() + 1 >= wanted:
            return np.asarray(found, dtype=np.int64)
        resolution *= np.sqrt(2)


def shared_neighbour_graph(near: Neighbourhoods) -> csr_array:
    """Symmetric n x n graph over the nearest 30 neighbours, weighted by the Jaccard overlap of the longest lists."""
    n, k = near.lists.shape
    reach = min(30, k)
    member = near.membership(near.scales[-1])
    rows, columns = np.repeat(np.arange(n), reach), near.lists[:, :reach].ravel()
    weights = np.empty(len(rows), dtype=np.float64)

    def weigh(start: int) -> None:
        part = slice(start, start + _PAIRS_AT_ONCE)
        shared = np.asarray(member[rows[part]].multiply(member[columns[part]]).sum(axis=1)).ravel()
        weights[part] = shared / (2 * (near.scales[-1] + 1) - shared)

    # Sparse products run outside the interpreter's lock, and each part writes to a place of its own.
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        list(threads.map(weigh, range(0, len(rows), _PAIRS_AT_ONCE)))
    graph = csr_array((weights, (rows, columns)), shape=(n, n))
    return csr_array(graph.maximum(graph.T))


def pair_sums(
    vectors: NDArray[np.float32], near: Neighbourhoods, leaf: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Cosine, and share of common neighbours, summed over the pairs of every two leaves: two float32[m, m].

    Cosine needs only the sums of vectors: its sum over A x B is sum(A)·sum(B). The share of common neighbours is
    linear in the same way, with the rows of the neighbour matrix in place of vectors.
    """
    n, m = len(leaf), int(leaf.max()) + 1
    pool = csr_array((np.ones(n, dtype=np.float32), (leaf, np.arange(n))), shape=(m, n))
    sums = pool @ vectors
    overlap = np.zeros((m, m), dtype=np.float32)
    for scale in near.scales:
        profile = pool @ near.membership(scale)
        overlap += (profile @ profile.T).toarray() * np.float32(1 / len(near.scales) / (scale + 1))
    return sums @ sums.T, overlap


def mixed_mean(
    cosine: NDArray[np.float32], overlap: NDArray[np.float32], weight: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Mean similarity of every two leaves, float32[m, m], from the sums over their pairs and their sizes."""
    mixed = np.float32(1 - _OVERLAP_SHARE) * cosine + np.float32(_OVERLAP_SHARE) * overlap
    size = weight.astype(np.float32)
    mixed /= size[:, None]
    mixed /= size[None, :]
    return mixed
