"""What answers teach about the geometry: which differences between texts matter."""

import numpy as np
from numpy.typing import NDArray

from insights.engine.constraints import Constraints

SHRINKAGE = 0.5  # share of the round, ignorant covariance in the learned one
FEWEST_PAIRS = 10  # below, a few odd pairs would teach their oddity


def learned_map(vectors: NDArray[np.float32], constraints: Constraints) -> NDArray[np.float32] | None:
    """Linear map that shortens the directions in which texts of one problem differ, float32[d, d], symmetric.

    None while too few pairs are known to be the same. `vectors`: float32[n, d], unit rows. Relevant component analysis
    (Bar-Hillel et al. 2005): the inverse square root of the covariance of the differences inside pairs, shrunk towards
    the identity because the pairs are far fewer than the dimensions.
    """
    same = np.array(constraints.must_link, dtype=np.int64).reshape(-1, 2)
    if len(same) < FEWEST_PAIRS:
        return None
    d = vectors.shape[1]
    apart = (vectors[same[:, 0]] - vectors[same[:, 1]]).astype(np.float64)
    spread = apart.T @ apart / len(apart)
    spread *= d / max(float(np.trace(spread)), 1e-12)
    values, axes = np.linalg.eigh((1 - SHRINKAGE) * spread + SHRINKAGE * np.eye(d))
    return np.asarray((axes / np.sqrt(values)) @ axes.T, dtype=np.float32)


def mapped(vectors: NDArray[np.float32], map_: NDArray[np.float32] | None) -> NDArray[np.float32]:
    """Unit rows after a learned map, float32[n, d]; the same rows where there is none."""
    if map_ is None or not len(vectors):
        return vectors
    moved = vectors @ map_
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), dtype=np.float32)
