"""Which members of a problem would leave with those that a person has picked."""

import numpy as np
from numpy.typing import NDArray

ROUNDS = 20


def leanings(vectors: NDArray[np.float32], picked: NDArray[np.bool_]) -> NDArray[np.float32]:
    """How much more each row is like those that leave than like those that stay.

    Two means, seeded by a person: the picked rows leave whatever happens, each other row joins the nearer of the two
    centres, and the centres follow, until nobody changes sides. At least one row is picked and one is not.

    Args:
        vectors: float32[n, d], unit rows.
        picked: bool[n].

    Returns:
        float32[n]: cosine with the centre of the leaving less cosine with that of the staying; above 0 it would leave.
    """
    leaves = picked.copy()
    leaning = np.zeros(len(vectors), dtype=np.float32)
    for _ in range(ROUNDS):
        leaning = _cosines(vectors, leaves) - _cosines(vectors, ~leaves)
        now = picked | (leaning > 0)
        # Somebody stays: a split that takes everybody is none.
        if now.all() or (now == leaves).all():
            break
        leaves = now
    return leaning


def _cosines(vectors: NDArray[np.float32], rows: NDArray[np.bool_]) -> NDArray[np.float32]:
    centre = vectors[rows].mean(axis=0)
    length = float(np.linalg.norm(centre))
    cosines: NDArray[np.float32] = vectors @ (centre / length if length else centre)
    return cosines
