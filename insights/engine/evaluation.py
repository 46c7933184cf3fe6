"""Scores of a grouping against true labels. Unplaced items (-1) count as groups of one for everyone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from sklearn.metrics import adjusted_mutual_info_score

Labels = NDArray[np.int32]


@dataclass(frozen=True)
class Scores:
    """Agreement with the truth; every figure in [-1, 1], higher is better."""

    ari: float
    ami: float
    b3_precision: float
    b3_recall: float


def with_singletons(labels: NDArray[np.integer]) -> Labels:
    """Give every unplaced item (-1) a group of its own and number the groups from 0. Shape [n] → [n]."""
    numbers = np.asarray(labels, dtype=np.int64).copy()
    loose = np.flatnonzero(numbers < 0)
    numbers[loose] = numbers.max(initial=-1) + 1 + np.arange(len(loose))
    return np.unique(numbers, return_inverse=True)[1].astype(np.int32)


def scores(truth: NDArray[np.integer], found: NDArray[np.integer]) -> Scores:
    """Score `found` against `truth`; both int[n] with -1 for "belongs to none"."""
    a, b = with_singletons(truth), with_singletons(found)
    table = coo_array((np.ones(len(a)), (a, b))).tocsr().tocoo()
    size_a, size_b = np.bincount(a).astype(float), np.bincount(b).astype(float)
    together = float((table.data**2).sum())
    return Scores(
        ari=_adjusted_rand(together, size_a, size_b),
        ami=float(adjusted_mutual_info_score(a, b)),
        b3_precision=float((table.data**2 / size_b[table.coords[1]]).sum() / len(a)),
        b3_recall=float((table.data**2 / size_a[table.coords[0]]).sum() / len(a)),
    )


def adjusted_rand(a: NDArray[np.integer], b: NDArray[np.integer]) -> float:
    """Adjusted Rand index of two groupings, int[n] each, -1 = a group of one (Hubert & Arabie 1985)."""
    one, two = with_singletons(a), with_singletons(b)
    table = coo_array((np.ones(len(one)), (one, two))).tocsr()
    return _adjusted_rand(float((table.data**2).sum()), np.bincount(one).astype(float), np.bincount(two).astype(float))


def _adjusted_rand(together: float, size_a: NDArray[np.float64], size_b: NDArray[np.float64]) -> float:
    n = float(size_a.sum())
    pairs = n * (n - 1) / 2
    both = (together - n) / 2
    in_a, in_b = float((size_a**2).sum() - n) / 2, float((size_b**2).sum() - n) / 2
    expected = in_a * in_b / pairs if pairs else 0.0
    most = (in_a + in_b) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)
