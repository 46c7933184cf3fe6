"""The one door of the engine: vectors in, problems out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from insights.engine.confidence import confidences
from insights.engine.constraints import Constraints, closed
from insights.engine.cut import FACET_STEP, LEVEL, closeness_of, evidence, groups_at
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
from insights.engine.placing import Groups, own_and_rival, summed
from insights.engine.repeats import NOWHERE, Atoms, collapsed
from insights.engine.settling import lonely, moved_to_nearest, placed
from insights.engine.themes import themes

NO_CONSTRAINTS = Constraints()
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
    is thought afresh. Verbatim repeats are collapsed and the rest sorted by content first, so the order in which
    feedback arrives does not matter.
    Raises ContradictionError when the constraints contradict each other.
    """
    if len(vectors) < _FEWEST:
        return _nothing(len(vectors), vectors.shape[1])
    home = np.full(len(vectors), NOWHERE, dtype=np.int64) if previous is None else previous.astype(np.int64)
    atoms = collapsed(vectors, home, closed(constraints, len(vectors)))
    near = neighbourhoods(atoms.rows)
    tiers = _tiers(atoms, near, grown=previous is not None)
    free = ~atoms.blocks.bound & (atoms.home == NOWHERE)
    problem, alone = tiers.problem, np.zeros(len(free), dtype=np.bool_)
    if len(free) > ITEMS_AS_LEAVES:
        problem = moved_to_nearest(atoms.rows, atoms.weight, problem, free)
        alone = lonely(atoms.rows, near.lists, problem)
    labels = placed(atoms.rows, atoms.weight, problem, free, alone)
    return _finished(atoms, labels, tiers)


def _nothing(n: int, d: int) -> Grouping:
    none = np.full(n, -1, dtype=np.int32)
    empty = np.empty(0, dtype=np.float32)
    groups = Groups(np.zeros(d, dtype=np.float32), np.empty((0, d), dtype=np.float32), np.empty(0, np.int64), empty)
    return Grouping(none, np.zeros(n, dtype=np.float32), np.empty(0, dtype=np.int32), none.copy(), groups)


@dataclass(frozen=True)
class _Tiers:
    """Group number of each atom at two heights of the tree, int64[a] each."""

    problem: Numbers
    facet: Numbers


def _tiers(atoms: Atoms, near: Neighbourhoods, *, grown: bool) -> _Tiers:
    rows, home, blocks = atoms.rows, atoms.home, atoms.blocks
    leaf = micro_groups(near)
    apart = np.empty((0, 2), dtype=np.int64)
    closeness = closeness_of(rows, near.lists)
    if grown:
        leaf = np.where(home >= 0, home, int(home.max()) + 1 + leaf)
        leaf = np.unique(leaf, return_inverse=True)[1].astype(np.int64)
        blocks = blocks_at_home(rows, home, blocks)
    elif blocks.bound.any():
        leaf = _cut_at(atoms, near, leaf, apart, closeness, (LEVEL + FACET_STEP,))[0]
    leaf, apart = constrained_leaves(rows, leaf, blocks)
    if grown:
        settled = (home >= 0) & ~blocks.bound
        settled |= (home >= 0) & ~np.isin(home, home[settled])  # problems in which every item is bound
        homes = np.unique(leaf[settled])
        one, two = np.triu_indices(len(homes), 1)
        apart = np.vstack([apart, np.column_stack([homes[one], homes[two]])])
    return _Tiers(*_cut_at(atoms, near, leaf, apart, closeness, (LEVEL, LEVEL + FACET_STEP)))


def _cut_at(
    atoms: Atoms,
    near: Neighbourhoods,
    leaf: Numbers,
    apart: Numbers,
    closeness: float,
    levels: tuple[float, ...],
) -> list[Numbers]:
    sums, overlap = pair_sums(atoms.rows, atoms.weight, near, leaf)
    weight = np.bincount(leaf, atoms.weight).astype(np.float64)
    tree = average_linkage(mixed_mean(sums, overlap, weight), weight, apart)
    found = evidence(tree, sums @ sums.T, overlap, closeness)
    return [groups_at(tree, found, level)[leaf] for level in levels]


def _finished(atoms: Atoms, labels: Numbers, tiers: _Tiers) -> Grouping:
    inside = np.flatnonzero(labels >= 0)
    own, rival = own_and_rival(atoms.rows, atoms.weight, labels)
    g = int(labels.max()) + 1
    sums = summed(atoms.rows, atoms.weight, labels, g)
    size = np.bincount(labels[inside], atoms.weight[inside], minlength=g).astype(np.int64)
    usual = np.bincount(labels[inside], (own * atoms.weight)[inside], minlength=g) / np.maximum(size, 1)
    usual[size < _FEWEST] = 1  # like no other member, only newcomers very like it belong with it
    facet, sure = np.full(len(labels), NOWHERE, dtype=np.int32), np.zeros(len(labels), dtype=np.float32)
    facet[inside] = _numbered_within(labels[inside], tiers.facet[inside])
    mine = labels[inside]
    sure[inside] = confidences(own[inside], rival[inside], usual[mine], size[mine])
    return Grouping(
        labels=labels.astype(np.int32)[atoms.of_item],
        confidence=sure[atoms.of_item],
        theme=themes(sums),
        facet=facet[atoms.of_item],
        groups=Groups(atoms.centre, sums, size, usual.astype(np.float32)),
    )


def _numbered_within(labels: Numbers, parts: Numbers) -> NDArray[np.int32]:
    """Number the `parts` of each group from 0: int64[n], int64[n] → int32[n]."""
    pairs, where = np.unique(np.column_stack([labels, parts]), axis=0, return_inverse=True)
    first = np.searchsorted(pairs[:, 0], pairs[:, 0])
    return (np.arange(len(pairs)) - first)[where.ravel()].astype(np.int32)
