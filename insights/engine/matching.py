"""Match new groups to old ones so that problems keep their keys."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def matched(old: NDArray[np.int32], new: NDArray[np.int32]) -> dict[int, int]:
    """New group → old group, one to one, so that as many items as possible stay where they were.

    `old`, `new`: int32[n], the same items' groups before and after, -1 = none. A pair is matched only when it
    shares more than half of the smaller group's known items, so a key never moves to another problem's remains.
    """
    known = (old >= 0) & (new >= 0)
    if not known.any():
        return {}
    shared = coo_array((np.ones(int(known.sum())), (old[known], new[known]))).tocsr()
    of_old: NDArray[np.float64] = np.asarray(shared.sum(axis=1)).ravel()
    of_new: NDArray[np.float64] = np.asarray(shared.sum(axis=0)).ravel()
    links = shared.tocoo()
    rows, columns = links.coords
    good = links.data * 2 > np.minimum(of_old[rows], of_new[columns])
    rows, columns, count = rows[good], columns[good], links.data[good]
    pairs: dict[int, int] = {}
    n_old, n_new = shared.shape
    graph = coo_array((count, (rows, n_old + columns)), shape=(n_old + n_new, n_old + n_new))
    _, part = connected_components(graph, directed=False)
    for number in np.unique(part[rows]):
        here = part[rows] == number
        a, i = np.unique(rows[here], return_inverse=True)
        b, j = np.unique(columns[here], return_inverse=True)
        table = np.zeros((len(a), len(b)))
        table[i, j] = count[here]
        for x, y in zip(*linear_sum_assignment(-table), strict=True):
            if table[x, y] > 0:
                pairs[int(b[y])] = int(a[x])
    return pairs
