"""The one door of the engine: vectors in, problems out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from insights.engine.confidence import confidences
from insights.engine.constraints import Blocks, Constraints, closed
from insights.engine.cut import FACET_STEP, LEVEL, THEME_LEVEL, closeness_of, evidence, groups_at
from insights.engine.leaves import blocks_at_home, constrained_leaves
from insights.engine.linkage import average_linkage
from insights.engine.micro_groups import (
    ITEMS_AS_LEAVES,
    Neighbourhoods,
    micro_groups,
    mixed_mean,
    neighbourhoods,
    pair_sums,
)
from insights.engine.placing import LOOSE, Groups, centred, own_and_rival

NO_CONSTRAINTS = Constraints()
_REFINEMENTS = 2  # rounds of moving items to the nearest group

_FEWEST = 2  # items; below, there is nothing to compare with

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Grouping:
    """What the engine found.

    `labels`: int32[n], problem of each item, 0 … groups - 1, -1 = unplaced.
    `confidence`: float32[n], probability that the item belongs there, 0 where unplaced.
    `theme`: int32[groups], theme of each problem. `facet`: int32[n], facet inside the problem, -1 = unplaced.
    `groups`: what placing newcomers needs.
    """

    labels: NDArray[np.int32]
    confidence: NDArray[np.float32]
    theme: NDArray[np.int32]
    facet: NDArray[np.int32]
    groups: Groups


def group(
    vectors: NDArray[np.float32],
    *,
    constraints: Constraints = NO_CONSTRAINTS,
    previous: NDArray[np.int32] | None = None,
) -> Grouping:
    """Group `vectors` (float32[n, d], unit rows) into problems whose number is unknown.

    `previous`: int32[n], the published problem of each item, -1 for newcomers and unplaced ones. With it the old
    problems grow and new ones appear, but none merge or split except where constraints say so; without it the whole
    is thought afresh. Rows are sorted by content first, so the order in which feedback arrives does not matter.
    Raises ContradictionError when the constraints contradict each other.
    """
    if len(vectors) < _FEWEST:
        return _nothing(len(vectors), vectors.shape[1])
    order = np.lexsort(np.asarray(vectors.T[:8][::-1]))
    blocks = _sorted(closed(constraints, len(vectors)), order)
    centre = vectors.astype(np.float64).mean(axis=0).astype(np.float32)
    rows = centred(vectors[order], centre)
    kept = None if previous is None else previous[order].astype(np.int64)
    near = neighbourhoods(rows)
    tiers = _tiers(rows, near, blocks, kept)
    free = ~blocks.bound if kept is None else ~blocks.bound & (kept < 0)
    problem = _refined(rows, tiers.problem, free) if len(rows) > ITEMS_AS_LEAVES else tiers.problem
    return _finished(rows, _Tiers(tiers.theme, problem, tiers.facet), order, centre, free)


def _nothing(n: int, d: int) -> Grouping:
    none = np.full(n, -1, dtype=np.int32)
    empty = np.empty(0, dtype=np.float32)
    groups = Groups(np.zeros(d, dtype=np.float32), np.empty((0, d), dtype=np.float32), np.empty(0, np.int64), empty)
    return Grouping(none, np.zeros(n, dtype=np.float32), np.empty(0, dtype=np.int32), none.copy(), groups)


@dataclass(frozen=True)
class _Tiers:
    """Group number of each item at the three heights of the tree, int64[n] each."""

    theme: Numbers
    problem: Numbers
    facet: Numbers


def _sorted(blocks: Blocks, order: Numbers) -> Blocks:
    """The same constraints over rows in `order`; the numbers of blocks stay."""
    return Blocks(blocks.block[order], blocks.apart, blocks.bound[order], blocks.pin)


def _tiers(rows: NDArray[np.float32], near: Neighbourhoods, blocks: Blocks, kept: Numbers | None) -> _Tiers:
    leaf = micro_groups(rows, near)
    apart = np.empty((0, 2), dtype=np.int64)
    closeness = closeness_of(rows, near.lists)
    if kept is not None:
        old = kept >= 0
        leaf = np.where(old, kept, int(kept.max()) + 1 + leaf)
        leaf = np.unique(leaf, return_inverse=True)[1].astype(np.int64)
        blocks = blocks_at_home(rows, kept, blocks)
    elif blocks.bound.any():
        leaf = _cut_at(rows, near, leaf, apart, closeness, (LEVEL + FACET_STEP,))[0]
    leaf, apart = constrained_leaves(rows, leaf, blocks)
    if kept is not None:
        settled = (kept >= 0) & ~blocks.bound
        settled |= (kept >= 0) & ~np.isin(kept, kept[settled])  # problems in which every item is bound
        homes = np.unique(leaf[settled])
        one, two = np.triu_indices(len(homes), 1)
        apart = np.vstack([apart, np.column_stack([homes[one], homes[two]])])
    return _Tiers(*_cut_at(rows, near, leaf, apart, closeness, (THEME_LEVEL, LEVEL, LEVEL + FACET_STEP)))


def _cut_at(
    rows: NDArray[np.float32],
    near: Neighbourhoods,
    leaf: Numbers,
    apart: Numbers,
    closeness: float,
    levels: tuple[float, ...],
) -> list[Numbers]:
    cosine, overlap = pair_sums(rows, near, leaf)
    weight = np.bincount(leaf).astype(np.float64)
    tree = average_linkage(mixed_mean(cosine, overlap, weight), weight, apart)
    found = evidence(tree, cosine, overlap, closeness)
    return [groups_at(tree, found, level)[leaf] for level in levels]


def _refined(rows: NDArray[np.float32], problem: Numbers, free: NDArray[np.bool_]) -> Numbers:
    """Move each free item of a group to the group whose direction is nearest; single items stay single."""
    for _ in range(_REFINEMENTS):
        size = np.bincount(problem)
        several = np.flatnonzero(size > 1)
        if not len(several):
            return problem
        sums = np.zeros((len(size), rows.shape[1]), dtype=np.float32)
        np.add.at(sums, problem, rows)
        means = sums[several] / np.maximum(np.linalg.norm(sums[several], axis=1, keepdims=True), 1e-9)
        movable = np.flatnonzero(free & (size[problem] > 1))
        moved = problem.copy()
        for start in range(0, len(movable), 8_192):
            part = movable[start : start + 8_192]
            moved[part] = several[(rows[part] @ means.T).argmax(axis=1)]
        problem = moved
    return problem


def _finished(
    rows: NDArray[np.float32], tiers: _Tiers, order: Numbers, centre: NDArray[np.float32], free: NDArray[np.bool_]
) -> Grouping:
    problem = tiers.problem
    own, _ = own_and_rival(rows, problem)
    size = np.bincount(problem)
    usual = np.bincount(problem, own) / np.maximum(size, 1)
    loose = free & ((own < LOOSE * usual[problem]) | (size[problem] < 2))
    labels = np.where(loose, -1, problem)
    left = np.bincount(labels[labels >= 0], minlength=len(size))
    labels[(labels >= 0) & free & (left[problem] < 2)] = -1
    labels[labels >= 0] = np.unique(labels[labels >= 0], return_inverse=True)[1]
    placed = np.flatnonzero(labels >= 0)
    own, rival = own_and_rival(rows[placed], labels[placed])
    g = int(labels.max()) + 1
    sums = np.zeros((g, rows.shape[1]), dtype=np.float32)
    np.add.at(sums, labels[placed], rows[placed])
    size = np.bincount(labels[placed], minlength=g)
    usual = np.bincount(labels[placed], own, minlength=g) / np.maximum(size, 1)
    usual[size < _FEWEST] = 1  # like no other member, only newcomers very like it belong with it
    theme = np.zeros(g, dtype=np.int32)
    theme[labels[placed]] = np.unique(tiers.theme, return_inverse=True)[1][placed]
    out = np.full(len(rows), -1, dtype=np.int32)
    facet, sure = out.copy(), np.zeros(len(rows), dtype=np.float32)
    out[order] = labels
    facet[order[placed]] = _numbered_within(labels[placed], tiers.facet[placed])
    sure[order[placed]] = confidences(own, rival, usual[labels[placed]], size[labels[placed]])
    theme = np.unique(theme, return_inverse=True)[1].astype(np.int32)
    return Grouping(out, sure, theme, facet, Groups(centre, sums, size, usual.astype(np.float32)))


def _numbered_within(labels: Numbers, parts: Numbers) -> NDArray[np.int32]:
    """Number the `parts` of each group from 0: int64[n], int64[n] → int32[n]."""
    pairs, where = np.unique(np.column_stack([labels, parts]), axis=0, return_inverse=True)
    first = np.searchsorted(pairs[:, 0], pairs[:, 0])
    return (np.arange(len(pairs)) - first)[where.ravel()].astype(np.int32)
