"""A flat map of problems: what is near in meaning lies near."""

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

FEWEST = 4
PERPLEXITY, ROUNDS = 30, 500
# How far apart the points start, and how much their first rounds pull at them. With a map before, both are such that
# the points stay about where they were: half of them move less than 3 % of its side, against 20 % from a heap.
FRESH, KNOWN = (1e-4, 12.0), (10.0, 4.0)


def positions(directions: NDArray[np.float32], before: NDArray[np.float32]) -> NDArray[np.float32]:
    """Where each problem lies, float32[n, 2] in the unit square, its longer side filled.

    t-SNE (van der Maaten and Hinton, 2008), started from where the problems lay before, so that a map which people know
    changes no more than it must; what is new starts where its main components put it. The same input gives the same
    map.

    Args:
        directions: float32[n, d], where the problems lie in the space of the run; lengths do not matter.
        before: float32[n, 2], the last map; nan for problems that were not on it.
    """
    n = len(directions)
    lengths = np.linalg.norm(directions, axis=1, keepdims=True)
    unit = np.asarray(directions / np.where(lengths > 0, lengths, 1), dtype=np.float32)
    if n < FEWEST:
        return _in_unit_square(np.column_stack([np.arange(n), np.zeros(n)]).astype(np.float32))
    known: NDArray[np.bool_] = np.asarray(np.isfinite(before).all(axis=1))
    spread, pull = KNOWN if known.sum() >= FEWEST else FRESH
    layout = TSNE(
        init=(_start(unit, before, known) * spread).astype(np.float32),
        # It has to stay below a third of the points.
        perplexity=min(PERPLEXITY, (n - 1) / 3),
        early_exaggeration=pull,
        max_iter=ROUNDS,
        learning_rate="auto",
        random_state=0,
    )
    return _in_unit_square(np.asarray(layout.fit_transform(unit), dtype=np.float32))


def _start(unit: NDArray[np.float32], before: NDArray[np.float32], known: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Around the middle, spread by 1: the main components, or the last map where there is one."""
    flat: NDArray[np.float64] = np.asarray(PCA(2, random_state=0).fit_transform(unit), dtype=np.float64)
    flat = np.asarray((flat - flat.mean(axis=0)) / (flat.std() or 1))
    if known.sum() >= FEWEST:
        flat[known] = (before[known] - before[known].mean(axis=0)) / (before[known].std() or 1)
    return flat


def _in_unit_square(layout: NDArray[np.float32]) -> NDArray[np.float32]:
    low, high = layout.min(axis=0, initial=0), layout.max(axis=0, initial=0)
    side = float((high - low).max()) or 1.0
    margin = (1 - (high - low) / side) / 2
    return np.asarray(np.clip((layout - low) / side + margin, 0, 1), dtype=np.float32)
