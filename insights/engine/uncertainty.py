"""How sure a rank is: the ranking drawn again with other customers, and without the largest of them.

Poisson bootstrap (Chamandy et al. 2012): each draw gives every customer a weight from Poisson(1), which stands for
drawing customers with replacement and needs one sparse product a draw. What a customer weighs in a draw follows from
its key alone, so that a newcomer leaves the draws of everybody else, and with them the ranges, as they are.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

DRAWS = 200
LOW, HIGH = 0.05, 0.95
# The constants of SplitMix64.
STRIDE = 0x9E3779B97F4A7C15
MIXING = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
# Chances of being drawn at most 0, 1, … times; the last is 1 as far as a float can tell.
POISSON_CDF = np.cumsum([math.exp(-1) / math.factorial(times) for times in range(18)])
# A problem hangs on a customer when without that one it falls by more places than this, and its rank more than doubles:
# far down the list scores lie close together, and a few places say nothing.
STEP = 3


@dataclass(frozen=True)
class RankRanges:
    """The 90 % range of every problem's rank, counted from 1: int64[problems] each."""

    low: NDArray[np.int64]
    high: NDArray[np.int64]


def rank_ranges(amounts: Sequence[tuple[int, str, float]], *, problems: int) -> RankRanges:
    """Bootstrap over customers.

    `amounts` holds (row of the problem, key of the customer, amount) for every line of every receipt.
    """
    keys = sorted({key for _, key, _ in amounts})
    columns = {key: column for column, key in enumerate(keys)}
    matrix = csr_matrix(
        (
            [amount for _, _, amount in amounts],
            ([row for row, _, _ in amounts], [columns[key] for _, key, _ in amounts]),
        ),
        shape=(problems, len(keys)),
    )
    seeds = np.array([_seed(key) for key in keys], dtype=np.uint64)
    ranks = np.empty((DRAWS, problems), dtype=np.int64)
    for draw in range(DRAWS):
        scores = matrix @ _times_drawn(seeds, draw)
        order = np.argsort(-scores, kind="stable")
        ranks[draw, order] = np.arange(1, problems + 1)
    low, high = np.quantile(ranks, [LOW, HIGH], axis=0, method="nearest")
    return RankRanges(low=low.astype(np.int64), high=high.astype(np.int64))


def _seed(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little")


def _times_drawn(seeds: NDArray[np.uint64], draw: int) -> NDArray[np.intp]:
    """How often each customer is drawn: Poisson(1) by inversion of uniform numbers (SplitMix64, Steele et al. 2014)."""
    mixed = seeds + np.uint64((draw + 1) * STRIDE % 2**64)
    for shift, factor in MIXING:
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    uniform = ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(11)) * 2.0**-53
    return np.searchsorted(POISSON_CDF, uniform, side="right")


def mainstays(amounts: Sequence[tuple[int, str, Decimal]], *, problems: int) -> list[str | None]:
    """For each problem the key of its largest customer, where it falls far without that one (see `STEP`).

    `amounts` as for `rank_ranges`, exact to the cent; the rows of the problems in rank order. The customer is taken out
    of every problem, as if it had left; problems that then tie keep their order.
    """
    scores = np.zeros(problems, dtype=np.int64)
    largest: list[tuple[int, str]] = [(0, "")] * problems
    asked: dict[str, list[tuple[int, int]]] = {}
    for row, key, amount in amounts:
        cents = int(amount.scaleb(2))
        scores[row] += cents
        asked.setdefault(key, []).append((row, cents))
        largest[row] = max(largest[row], (cents, key))
    fallen: list[str | None] = [None] * problems
    for key, its in asked.items():
        carried = [row for row, _ in its if largest[row][1] == key]
        if not carried:
            continue
        without = scores.copy()
        for row, cents in its:
            without[row] -= cents
        for row in carried:
            ahead = int((without > without[row]).sum() + (without[:row] == without[row]).sum())
            if ahead - row > max(STEP, row + 1):
                fallen[row] = key
    return fallen
