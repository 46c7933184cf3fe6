"""Themes: which problems belong together, one level above."""

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, ward

_PER_ROOT = 1.4  # themes per root of the problems: about as many problems in a theme as there are themes
_MOST = 30  # a list that a person can still read


def themes(sums: NDArray[np.float32]) -> NDArray[np.int32]:
    """Theme of each of g problems, int32[g], numbered from 0.

    `sums`: float32[g, d], sum of the members' vectors; only its direction counts, so that a problem weighs the same
    however loud it is. Ward's method keeps themes of like size; average linkage would leave strange problems alone.
    """
    g = len(sums)
    wanted = min(_MOST, round(_PER_ROOT * np.sqrt(g)))
    if g <= wanted:
        return np.arange(g, dtype=np.int32)
    directions = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    found = fcluster(ward(directions), wanted, criterion="maxclust")
    return np.unique(found, return_inverse=True)[1].astype(np.int32)
