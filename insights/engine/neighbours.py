"""The k nearest neighbours of every item, exact while that is cheap, approximate above."""

import faiss
import numpy as np
from numpy.typing import NDArray

EXACT_UP_TO = 10_000  # items; above, only the cells around an item are searched
_CELL = 400  # items in a cell on average
_PROBES = 24  # cells searched, the own one included; more where many verbatim repeats leave the cells around empty
_BLOCK = 2_048  # rows per block of all pairs: 80 MB at most


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
    n = len(vectors)
    found = np.empty((n, k), dtype=np.int32)
    for start in range(0, n, _BLOCK):
        near = vectors[start : start + _BLOCK] @ vectors.T
        rows = np.arange(len(near))
        near[rows, start + rows] = -np.inf
        found[start : start + _BLOCK] = _best(near, k)
    return found


def _celled(vectors: NDArray[np.float32], k: int) -> NDArray[np.int32]:
    """Compare the items of each cell with those of the cells around it, as one matrix product per cell.

    An inverted index that looks up one query after the other reads each list once per query and is bound by memory;
    queries of one cell share their candidates, so this way the processor is kept busy instead.
    """
    n, d = vectors.shape
    cells = n // _CELL
    quantizer = faiss.Kmeans(d, cells, niter=6, seed=1, spherical=True, max_points_per_centroid=64)
    quantizer.train(vectors)
    _, cell = quantizer.index.search(vectors, 1)
    cell = cell.ravel()
    order = np.argsort(cell, kind="stable")
    starts = np.searchsorted(cell[order], np.arange(cells + 1))
    _, around = quantizer.index.search(np.asarray(quantizer.centroids), cells)
    reachable = np.cumsum(np.diff(starts)[around], axis=1)
    probes = np.maximum(_PROBES, (reachable <= k).sum(axis=1) + 1)
    found = np.empty((n, k), dtype=np.int32)
    for number in range(cells):
        members = order[starts[number] : starts[number + 1]]
        near_cells = around[number, : probes[number]]
        # The cell itself comes first, so that its items' own columns are known.
        near_cells = np.concatenate([[number], near_cells[near_cells != number]])
        pool = np.concatenate([order[starts[c] : starts[c + 1]] for c in near_cells])
        others = vectors[pool]
        for start in range(0, len(members), _BLOCK):
            some = members[start : start + _BLOCK]
            near = vectors[some] @ others.T
            near[np.arange(len(some)), start + np.arange(len(some))] = -np.inf
            found[some] = pool[_best(near, k)]
    return found


def _best(near: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """Columns of the `k` largest values of each row, largest first."""
    top = np.argpartition(near, near.shape[1] - k, axis=1)[:, near.shape[1] - k :]
    order = np.argsort(-np.take_along_axis(near, top, axis=1), axis=1, kind="stable")
    return np.take_along_axis(top, order, axis=1)
