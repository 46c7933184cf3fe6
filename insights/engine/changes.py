"""What a fresh grouping says against the published one: changes for people to decide.

People read problems and link work to them, so a run does not shuffle them. It adds what is new, and whatever would take
a placed item from its problem is suggested, with the gain that is expected of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from insights.engine.matching import matched

NOWHERE = -1
# Half a problem leaving for one and the same other problem is no longer a move: the two are one.
MERGING_SHARE = 0.5
Rows = NDArray[np.int64]


class Kind(StrEnum):
    """What a suggestion would do."""

    MERGE = "merge"
    SPLIT = "split"
    MOVE = "move"


@dataclass(frozen=True)
class Suggestion:
    """One change for a person to decide.

    `merge`: `problem` becomes part of `target`. `move`: `rows` go from `problem` to `target`. `split`: `rows` leave
    `problem` for a problem of their own, and `target` is None. `rows` come with the most telling first. `gain` is how
    much nearer, on average over all pairs concerned, the rows would be to those that they share a problem with: a
    difference of cosine similarities, always above 0.
    """

    kind: Kind
    problem: int
    target: int | None
    rows: Rows
    gain: float


def suggestions(
    vectors: NDArray[np.float32], published: NDArray[np.int32], fresh: NDArray[np.int32]
) -> list[Suggestion]:
    """Compare a fresh grouping with the published one; the largest gain comes first.

    `vectors` float32[n, d], unit rows; `published` int32[n], the problem of each item, -1 for none; `fresh` int32[n],
    its group in the fresh grouping, -1 for none.
    """
    home = matched(published, fresh)
    found = [
        suggestion
        for group in range(int(fresh.max(initial=NOWHERE)) + 1)
        for suggestion in _of_group(vectors, published, np.flatnonzero(fresh == group), home.get(group))
        if suggestion.gain > 0
    ]
    return sorted(found, key=lambda one: (-one.gain, one.problem, one.target or 0))


def _of_group(
    vectors: NDArray[np.float32], published: NDArray[np.int32], rows: Rows, home: int | None
) -> Iterator[Suggestion]:
    """What one fresh group says about the problems that its placed members are in."""
    for problem in np.unique(published[rows]).tolist():
        if problem in (NOWHERE, home):
            continue
        members = np.flatnonzero(published == problem)
        leaving = rows[published[rows] == problem]
        staying = np.setdiff1d(members, leaving)
        if home is None:
            # One item alone is no problem of its own, and neither is what would be left behind.
            if len(leaving) > 1 and len(staying) > 1:
                yield _suggestion(vectors, Kind.SPLIT, problem, None, leaving, leaving, staying)
            continue
        there = np.flatnonzero(published == home)
        if len(leaving) >= MERGING_SHARE * len(members):
            # Taken whole, there is nothing left to compare with: what counts is how much of it is wanted over there.
            yield _suggestion(vectors, Kind.MERGE, problem, home, members, there, staying)
        else:
            yield _suggestion(vectors, Kind.MOVE, problem, home, leaving, there, staying)


def _suggestion(
    vectors: NDArray[np.float32], kind: Kind, problem: int, target: int | None, rows: Rows, there: Rows, here: Rows
) -> Suggestion:
    gain = _nearness(vectors, rows, there) - _nearness(vectors, rows, here)
    if kind == Kind.MERGE:
        gain = _nearness(vectors, rows, there)
    telling = np.argsort(-(vectors[rows] @ vectors[there].sum(axis=0)), kind="stable")
    return Suggestion(kind, problem, target, rows[telling], round(gain, 6))


def _nearness(vectors: NDArray[np.float32], some: Rows, others: Rows) -> float:
    """Mean cosine over all pairs of two sets of rows, a row not with itself; 0 where there is no pair."""
    same = int(np.isin(some, others).sum())
    pairs = len(some) * len(others) - same
    if not pairs:
        return 0.0
    return (float(vectors[some].sum(axis=0) @ vectors[others].sum(axis=0)) - same) / pairs
