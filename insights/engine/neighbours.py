"""The k nearest neighbours of every item, exact while that is cheap, approximate above."""

import faiss
import numpy as np
from numpy.typing import NDArray

from insights.engine.parallel import blocks, in_threads

EXACT_UP_TO = 10_000  # items; above, only the cells around an item are searched
_CELL = 100  # items in a cell on average, at the least
_CELL_PER_ROOT = 0.4  # the same per root of all items, which balances finding cells with searching them
_PROBES = 24  # cells searched at least, the own one included
_CANDIDATES = 4_000  # items compared with at least, however small the cells around are
_BLOCK = 512  # rows compared at a time


def nearest(vectors: NDArray[np.float32], k: int) -> NDArray[np.int32]:
    """Row numbers of the `k` items most similar to each, nearest first, the item itself left out.

    `vectors`: float32[n, d], unit rows. Returns int32[n, min(k, n - 1)].
    """
    n = len(vectors)
    k = min(k, n - 1)
    if k < 1:
        return np.empty((n, 0), dtype=np.int32)
    return _exact(vectors, k) if n <= EXACT_UP_TO else _celled(vectors, k)


def _exact(vectors: NDArray[np.float32], k: int) -> NDArray[np.int32]:
    found = np.empty((len(vectors), k), dtype=np.int32)

    def search(part: slice) -> None:
        near = vectors[part] @ vectors.T
        rows = np.arange(len(near))
        near[rows, part.start + rows] = -np.inf
        found[part] = _best(near, k)

    in_threads(search, blocks(len(vectors), _BLOCK))
    return found


def _celled(vectors: NDArray[np.float32], k: int) -> NDArray[np.int32]:
    """Compare the items of each cell with those of the cells around it, as one matrix product per cell.

    An inverted index that looks up one query after the other reads each list once per query and is bound by memory;
    queries of one cell share their candidates, so this way the processor is kept busy instead.
    """
    n, d = vectors.shape
    cells = int(n / max(_CELL, _CELL_PER_ROOT * np.sqrt(n)))
    quantizer = faiss.Kmeans(d, cells, niter=6, seed=1, spherical=True, max_points_per_centroid=64)
    quantizer.train(vectors)
    _, cell = quantizer.index.search(vectors, 1)
    order = np.argsort(cell.ravel(), kind="stable").astype(np.int32)
    starts = np.searchsorted(cell.ravel()[order], np.arange(cells + 1))
    _, around = quantizer.index.search(np.asarray(quantizer.centroids), cells)
    reachable = np.cumsum(np.diff(starts)[around], axis=1)
    probes = np.maximum(_PROBES, (reachable < max(_CANDIDATES, k + 1)).sum(axis=1) + 1)
    found = np.empty((n, k), dtype=np.int32)

    def search(number: int) -> None:
        members = order[starts[number] : starts[number + 1]]
        near_cells = around[number, : probes[number]]
        # The cell itself comes first, so that its items' own columns are known.
        near_cells = np.concatenate([[number], near_cells[near_cells != number]])
        pool = np.concatenate([order[starts[c] : starts[c + 1]] for c in near_cells])
        others = vectors[pool]
        for part in blocks(len(members), _BLOCK):
            near = vectors[members[part]] @ others.T
            rows = np.arange(len(near))
            near[rows, part.start + rows] = -np.inf
            found[members[part]] = pool[_best(near, k)]

    in_threads(search, range(cells))
    return found


def _best(near: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """Columns of the `k` largest values of each row, largest first."""
    top = np.argpartition(near, near.shape[1] - k, axis=1)[:, near.shape[1] - k :]
    order = np.argsort(-np.take_along_axis(near, top, axis=1), axis=1, kind="stable")
    return np.take_along_axis(top, order, axis=1)
