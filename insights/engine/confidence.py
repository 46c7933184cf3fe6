"""How sure the engine is that an item belongs where it was put."""

import numpy as np
from numpy.typing import NDArray

_LEAST = 0.05  # cosine below which a ratio of cosines says nothing


def confidences(
    own: NDArray[np.float32], rival: NDArray[np.float32], usual: NDArray[np.floating], sizes: NDArray[np.integer]
) -> NDArray[np.float32]:
    """Probability that each item belongs to its group, float32[n].

    `own`: mean cosine to the other members of its group. `rival`: the same to the nearest other group.
    `usual`: mean of `own` over the group. `sizes`: members of its group.

    A logistic curve whose four numbers were fitted once over 19 corpora of different grain, each weighing the same;
    "belongs" there means: has the label that most of its group has.
    """
    margin = (own - np.maximum(rival, 0)) / np.maximum(own, _LEAST)
    typical = own / np.maximum(usual, _LEAST)
    odds = -1.2 + 2.0 * np.clip(margin, -2, 1) + 2.2 * np.clip(typical, 0, 2) - 3.2 / sizes
    return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float32)
