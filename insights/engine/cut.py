"""Choose which branches of the linkage tree are problems.

A merge is kept when its evidence reaches a level. Evidence is the mean cosine across the merge, corrected for two
effects that move the right level from one corpus to the next:

- Subtracting the mean vector takes more from a group the larger its share of the corpus is, so large groups look
  less alike than they are: the level falls with the logarithm of the share.
- In a crowded region different problems have a high cosine too. There the neighbour graph knows more: two halves of
  one problem share as many neighbours with each other as each does within itself. Where they are larger than the
  lists are long, neighbours are all from the same corner of a problem, and the level falls once more.
"""

import numpy as np
from numpy.typing import NDArray

from insights.engine.linkage import Tree

LEVEL = 0.26  # evidence that makes one problem of two groups
FACET_STEP = 0.15  # how much more evidence a facet needs than its problem
_PER_SHARE = 0.05  # cosine that a group loses per e-fold of its share of the corpus
_LARGE, _LARGEST = 300, 1_500  # items between which the growth of a group loses it evidence once more
_USUAL_CLOSENESS = 1.1  # of short requests, whatever their number and grain
_PER_MIXING = 0.3  # cosine that full mixing of neighbourhoods is worth


def evidence(
    tree: Tree, cosine: NDArray[np.float32], overlap: NDArray[np.float32], closeness: float
) -> NDArray[np.float64]:
    """Evidence for every merge, float64[merges], never lower at a node than at its parent.

    `cosine`, `overlap`: float32[m, m], sums over the pairs of two leaves; both are overwritten. The sum inside a
    node counts each item with itself, which shrinks the mixing of very small groups towards none. `closeness`
    makes corpora of loose, long texts comparable with those of short ones, see `closeness_of`.
    """
    m = tree.leaves
    across, _ = _sums_along(tree, cosine)
    shared, inside = _sums_along(tree, overlap)
    left, right, weight = tree.left, tree.right, tree.weight
    pairs = weight[left] * weight[right]
    mixing = shared / np.sqrt(inside[left] * inside[right])
    share = weight[m:] / weight[:m].sum()
    found = np.full(len(weight), -np.inf)
    found[m:] = (
        across / pairs / closeness + _PER_MIXING * mixing + _PER_SHARE * (np.log(share) + _beyond_lists(weight[m:]))
    )
    # A problem starts, seen from the root, at the first merge that is good enough, whatever lies inside it.
    for node in range(len(weight) - 1, m - 1, -1):
        a, b = left[node - m], right[node - m]
        found[a], found[b] = max(found[a], found[node]), max(found[b], found[node])
    return found[m:]


def closeness_of(vectors: NDArray[np.float32], lists: NDArray[np.int32]) -> float:
    """How alike two texts of one problem are in this corpus, relative to short requests, at most 1.

    The similarity to the nearest neighbour, continued to a still nearer one along its fall over the first ten
    neighbours: small sets have far neighbours for want of items, but there the fall is steep.
    `vectors`: float32[n, d], centred unit rows; `lists`: int32[n, k], nearest first.
    """
    if not lists.shape[1]:
        return 1.0
    first, tenth = (
        float(np.median(np.einsum("ij,ij->i", vectors, vectors[lists[:, rank]])))
        for rank in (0, min(9, lists.shape[1] - 1))
    )
    return float(np.clip(first**2 / max(tenth, 1e-3) / _USUAL_CLOSENESS, 0.5, 1.0))


def groups_at(tree: Tree, found: NDArray[np.float64], level: float) -> NDArray[np.int64]:
    """Group number of each leaf, int64[m], when every merge with evidence of at least `level` is kept."""
    m = tree.leaves
    owner = np.arange(len(tree.weight))
    for node in range(len(tree.weight) - 1, m - 1, -1):
        if found[node - m] >= level:
            owner[[tree.left[node - m], tree.right[node - m]]] = owner[node]
    return np.unique(owner[:m], return_inverse=True)[1].astype(np.int64)


def _beyond_lists(size: NDArray[np.float64]) -> NDArray[np.float64]:
    """E-folds by which a group is larger than neighbour lists can hold; bounded, or everything would be one group."""
    return np.asarray(np.log(np.clip(size, _LARGE, _LARGEST) / _LARGE))


def _sums_along(tree: Tree, sums: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum of a pairwise measure across every merge (float64[merges]) and inside every node (float64[nodes])."""
    m = tree.leaves
    slot = np.arange(len(tree.weight))
    across, inside = np.empty(len(tree.left)), np.empty(len(tree.weight))
    inside[:m] = np.diagonal(sums)
    for merge, (left, right) in enumerate(zip(tree.left, tree.right, strict=True)):
        a, b = slot[left], slot[right]
        across[merge] = sums[a, b]
        inside[m + merge] = inside[left] + inside[right] + 2 * across[merge]
        sums[a] += sums[b]
        sums[:, a] += sums[:, b]
        slot[m + merge] = a
    return across, inside
