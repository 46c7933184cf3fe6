"""How sure a rank is: the ranking drawn again with other customers, and without the largest of them.

Poisson bootstrap (Chamandy et al. 2012): each draw gives every customer a weight from Poisson(1), which stands for
drawing customers with replacement and needs one sparse product a draw.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

DRAWS = 200
SEED = 20_260_101
LOW, HIGH = 0.05, 0.95
# A problem hangs on a customer when it falls by more places than this without that customer.
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
    columns = {key: column for column, key in enumerate(sorted({key for _, key, _ in amounts}))}
    matrix = csr_matrix(
        (
            [amount for _, _, amount in amounts],
            ([row for row, _, _ in amounts], [columns[key] for _, key, _ in amounts]),
        ),
        shape=(problems, max(len(columns), 1)),
    )
    generator = np.random.default_rng(SEED)
    ranks = np.empty((DRAWS, problems), dtype=np.int64)
    for draw in range(DRAWS):
        scores = matrix @ generator.poisson(1.0, size=matrix.shape[1])
        order = np.argsort(-scores, kind="stable")
        ranks[draw, order] = np.arange(1, problems + 1)
    low, high = np.quantile(ranks, [LOW, HIGH], axis=0, method="nearest")
    return RankRanges(low=low.astype(np.int64), high=high.astype(np.int64))


def mainstays(amounts: Sequence[tuple[int, str, Decimal]], *, problems: int) -> list[str | None]:
    """For each problem the key of its largest customer, where it falls by more than `STEP` places without that one.

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
            if ahead - row > STEP:
                fallen[row] = key
    return fallen
