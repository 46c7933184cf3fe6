"""Carry what people said about two items over to the facets that the two stand for."""

import numpy as np
from numpy.typing import NDArray

from insights.engine.constraints import Blocks


def constrained_leaves(
    vectors: NDArray[np.float32], facet: NDArray[np.int64], blocks: Blocks
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Leaves that honour every constraint, int64[n], and the pairs of leaves that must stay apart, int64[p, 2].

    `facet`: int64[n], a fine grouping made without constraints. Each facet follows the bound item nearest to its
    centre: a "same" about that item joins whole facets, a "not the same" parts them. The facet's other bound items
    leave it for their own block, so that nothing people said can be broken by the rest of a facet.
    """
    n = len(facet)
    leaf = n + facet
    bound = np.flatnonzero(blocks.bound)
    if len(bound):
        sums = np.zeros((int(facet.max()) + 1, vectors.shape[1]), dtype=np.float32)
        np.add.at(sums, facet, vectors)
        typical = np.einsum("ij,ij->i", vectors[bound], sums[facet[bound]])
        for item in bound[np.argsort(typical, kind="stable")]:
            leaf[facet == facet[item]] = blocks.block[item]
        leaf[bound] = blocks.block[bound]
    names, leaf = np.unique(leaf, return_inverse=True)
    apart = np.searchsorted(names, blocks.apart)
    return leaf.astype(np.int64), apart.astype(np.int64)


def blocks_at_home(vectors: NDArray[np.float32], home: NDArray[np.int64], blocks: Blocks) -> Blocks:
    """The same constraints, and bound items stay in their published problem unless a constraint parts them from it.

    `home`: int64[n], the published problem of each item, -1 = none. A problem goes with the bound item nearest to its
    centre, as in `constrained_leaves`; here the blocks of its other bound items join that one's block, but for those
    that must not, and those with which another problem goes: that would merge the two.
    """
    bound = np.flatnonzero(blocks.bound & (home >= 0))
    if not len(bound):
        return blocks
    sums = np.zeros((int(home.max()) + 1, vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, home[home >= 0], vectors[home >= 0])
    typical = np.einsum("ij,ij->i", vectors[bound], sums[home[bound]])
    items = bound[np.argsort(typical, kind="stable")][::-1].tolist()
    apart: dict[int, set[int]] = {}
    for one, two in blocks.apart.tolist():
        apart.setdefault(one, set()).add(two)
        apart.setdefault(two, set()).add(one)
    leader: dict[int, int] = {}
    for item in items:
        leader.setdefault(int(home[item]), int(blocks.block[item]))
    into = {block: block for block in leader.values()}
    for item in items:
        block, target = int(blocks.block[item]), leader[int(home[item])]
        if block not in into and target not in apart.get(block, ()):
            into[block] = target
            for other in apart.pop(block, set()):
                apart[other] = apart[other] - {block} | {target}
                apart.setdefault(target, set()).add(other)
    renamed = np.arange(int(blocks.block.max()) + 1)
    renamed[list(into)] = list(into.values())
    pairs = np.unique(renamed[blocks.apart], axis=0)
    return Blocks(
        renamed[blocks.block], pairs, blocks.bound, {into.get(b, b): group for b, group in blocks.pin.items()}
    )
