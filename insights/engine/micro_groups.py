"""Micro-groups: the leaves of the linkage tree, and how similar they are to each other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, csr_matrix
from sknetwork.clustering import Leiden

from insights.engine.neighbours import nearest

ITEMS_AS_LEAVES = 4_096  # up to here every item is its own micro-group
_FEWEST_LEAVES = 256  # room for the problems of a set that is just too large for single texts
_MOST_WANTED = 4_096  # leaves; where many are strays the graph yields several times as many, and a matrix is dense
_SCALES = (10, 30, 90)  # neighbourhood sizes whose overlap is averaged
_LEAVES_PER_RESOLUTION = 24  # where the search for the resolution starts
_NEAR_ENOUGH = 0.8  # of the wanted number of leaves
_LEAST_STEP = 1.05
_REACH = 30  # neighbours that an item is linked to
_LEAVES_AT_ONCE = 1_024  # bounds the memory of a step
_OVERLAP_SHARE = 0.65  # weight of shared neighbours beside cosine


@dataclass(frozen=True)
class Neighbourhoods:
    """`lists`: int32[n, k] nearest first. `scales`: the list lengths whose overlap is compared."""

    lists: NDArray[np.int32]
    scales: tuple[int, ...]

    def membership(self, scale: int) -> csr_array:
        """0/1 matrix, n x n: row i marks item i and its `scale` nearest neighbours."""
        n = len(self.lists)
        columns = np.empty((n, scale + 1), dtype=np.int32)
        columns[:, 0], columns[:, 1:] = np.arange(n), self.lists[:, :scale]
        starts = np.arange(0, columns.size + 1, scale + 1)
        return csr_array((np.ones(columns.size, dtype=np.float32), columns.ravel(), starts), shape=(n, n))


def neighbourhoods(vectors: NDArray[np.float32]) -> Neighbourhoods:
    """Neighbour lists of `vectors` (float32[n, d], unit rows), at scales that leave room for several groups."""
    n = len(vectors)
    # In a handful of items, lists as long as usual would hold everything and say nothing.
    scales = tuple(k for k in _SCALES if k <= n / 8) or (min(_SCALES[0], max(2, n // 4), n - 1),)
    return Neighbourhoods(nearest(vectors, scales[-1]), scales)


def micro_groups(near: Neighbourhoods) -> NDArray[np.int64]:
    """Leaf number of each item, int64[n]: single texts in small sets, tight communities in large ones.

    The Potts model has no resolution limit, so small problems are not swallowed (Traag et al. 2011). The resolution
    rises until a community is no larger, on average, than the longest neighbour list: what lies beyond its lists a
    neighbour graph cannot tell apart.
    """
    n = len(near.lists)
    if n <= ITEMS_AS_LEAVES:
        return np.arange(n)
    graph = csr_matrix(shared_neighbour_graph(near))
    wanted = min(_MOST_WANTED, max(n / near.scales[-1], _FEWEST_LEAVES))
    resolution = wanted / _LEAVES_PER_RESOLUTION
    while True:
        found = Leiden(resolution=resolution, modularity="potts", random_state=0).fit_predict(graph)
        if found.max() + 1 >= wanted * _NEAR_ENOUGH:
            return np.asarray(found, dtype=np.int64)
        # The number of communities grows more slowly than the resolution, at about this power.
        resolution *= max(wanted / (found.max() + 1), _LEAST_STEP) ** 1.5


def shared_neighbour_graph(near: Neighbourhoods) -> csr_array:
    """Symmetric n x n graph over the nearest 30 neighbours, weighted by the Jaccard overlap of the longest lists."""
    n, k = near.lists.shape
    reach = min(_REACH, k)
    circle = np.empty((n, k + 1), dtype=np.int32)
    circle[:, 0], circle[:, 1:] = np.arange(n), near.lists
    shared = np.empty((n, reach), dtype=np.float32)
    mine = np.zeros(n, dtype=np.bool_)
    # Looking up marks is eight times as fast as a sparse product of the same rows.
    for item in range(n):
        mine[circle[item]] = True
        shared[item] = np.count_nonzero(mine.take(circle[circle[item, 1 : reach + 1]]), axis=1)
        mine[circle[item]] = False
    shared /= 2 * (k + 1) - shared
    starts = np.arange(0, n * reach + 1, reach)
    graph = csr_array((shared.ravel(), near.lists[:, :reach].ravel(), starts), shape=(n, n))
    return csr_array(graph.maximum(graph.T))


def pair_sums(
    vectors: NDArray[np.float32], weight: NDArray[np.int64], near: Neighbourhoods, leaf: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Sum of the vectors of each leaf, and shares of common neighbours over the pairs of every two leaves.

    Cosine needs only the sums of vectors, float32[m, d]: its sum over A x B is sum(A)·sum(B). The share of common
    neighbours, float32[m, m], is linear in the same way, with the rows of the neighbour matrix in place of vectors. A
    row counts `weight` times.
    """
    n, m = len(leaf), int(leaf.max()) + 1
    pool = csr_array((weight.astype(np.float32), (leaf, np.arange(n))), shape=(m, n))
    overlap = np.zeros((m, m), dtype=np.float32)
    for scale in near.scales:
        profile = csr_array(pool @ near.membership(scale))
        profile.data *= np.float32(1 / np.sqrt(len(near.scales) * (scale + 1)))
        columns = csr_array(profile.T)
        for start in range(0, m, _LEAVES_AT_ONCE):
            part = slice(start, start + _LEAVES_AT_ONCE)
            overlap[part] += (profile[part] @ columns).toarray()
    return np.asarray(pool @ vectors, dtype=np.float32), overlap


def mixed_mean(
    sums: NDArray[np.float32], overlap: NDArray[np.float32], weight: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Mean similarity of every two leaves, float32[m, m], from what `pair_sums` gives and the sizes of the leaves."""
    size = weight.astype(np.float32)
    mixed = np.asarray((np.float32(1 - _OVERLAP_SHARE) * sums) @ sums.T, dtype=np.float32)
    # In place and a block at a time: at the largest sizes each further matrix would cost a gigabyte.
    for start in range(0, len(mixed), _LEAVES_AT_ONCE):
        part = slice(start, start + _LEAVES_AT_ONCE)
        mixed[part] += np.float32(_OVERLAP_SHARE) * overlap[part]
        mixed[part] /= size[part, None]
        mixed[part] /= size
    return mixed
