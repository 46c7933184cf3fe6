"""Choose the pairs of items whose answer to "same problem?" helps the grouping most."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from insights.engine.grouping import Grouping
from insights.engine.placing import centred

_DOUBT = 0.08  # cosine over which the chance of "yes" changes by a factor e
_NEAREST = 12  # other facets that each facet is compared with


@dataclass(frozen=True)
class Question:
    """Are items `first` and `second` the same problem? `joined`: they are in one group now.

    `gain`: expected number of pairs of items that the answer puts right.
    """

    first: int
    second: int
    joined: bool
    gain: float


def questions(
    vectors: NDArray[np.float32], grouping: Grouping, count: int, asked: frozenset[tuple[int, int]] = frozenset()
) -> tuple[Question, ...]:
    """The `count` most useful questions, best first, at most two about any facet.

    Facets stand for their members: the question is put about their most typical items. An answer against the
    present grouping puts right about as many pairs of items as the two facets have between them, so the gain is
    that number times the chance of such an answer, which follows the cosine between the facets.
    `vectors`: float32[n, d], the rows that were grouped. `asked`: pairs (smaller first) never to ask again.
    """
    placed = np.flatnonzero(grouping.labels >= 0)
    rows = centred(vectors, grouping.groups.centre)
    _, facet = np.unique(
        np.column_stack([grouping.labels[placed], grouping.facet[placed]]), axis=0, return_inverse=True
    )
    facet = facet.ravel()
    f = int(facet.max(initial=-1)) + 1
    if f < 2:
        return ()
    sums = np.zeros((f, rows.shape[1]), dtype=np.float32)
    np.add.at(sums, facet, rows[placed])
    size = np.bincount(facet, minlength=f)
    home = np.zeros(f, dtype=np.int64)
    home[facet] = grouping.labels[placed]
    typical = _most_typical(rows, placed, facet, sums)
    likeness = sums @ sums.T / np.outer(size, size)
    np.fill_diagonal(likeness, -np.inf)
    border = _border(likeness, home)
    candidates = []
    reach = min(_NEAREST, f - 1)
    for one in range(f):
        for two in np.argpartition(-likeness[one], reach - 1)[:reach].tolist():
            pair = (int(min(typical[one], typical[two])), int(max(typical[one], typical[two])))
            if one < two or one not in np.argpartition(-likeness[two], reach - 1)[:reach]:
                if pair in asked:
                    continue
                joined = bool(home[one] == home[two])
                yes = 1 / (1 + np.exp(-(likeness[one, two] - border) / _DOUBT))
                gain = float(size[one] * size[two] * (1 - yes if joined else yes))
                candidates.append((gain, pair, joined, one, two))
    candidates.sort(key=lambda candidate: (-candidate[0], candidate[1]))
    used = np.zeros(f, dtype=np.int64)
    chosen: list[Question] = []
    for gain, pair, joined, one, two in candidates:
        if len(chosen) == count:
            break
        if used[one] < 2 and used[two] < 2:
            used[[one, two]] += 1
            chosen.append(Question(pair[0], pair[1], joined, gain))
    return tuple(chosen)


def _most_typical(
    rows: NDArray[np.float32], placed: NDArray[np.int64], facet: NDArray[np.int64], sums: NDArray[np.float32]
) -> NDArray[np.int64]:
    """The item nearest to the centre of each facet, int64[f]."""
    near = np.einsum("ij,ij->i", rows[placed], sums[facet])
    order = np.lexsort((-near, facet))
    return placed[order[np.searchsorted(facet[order], np.arange(len(sums)))]]


def _border(likeness: NDArray[np.floating], home: NDArray[np.int64]) -> float:
    """Cosine at which facets are as often joined as not: midway between the nearest joined and parted ones."""
    joined = home[:, None] == home[None, :]
    inside = np.where(joined, likeness, -np.inf).max(axis=1)
    outside = np.where(joined, -np.inf, likeness).max(axis=1)
    inside, outside = inside[np.isfinite(inside)], outside[np.isfinite(outside)]
    middle = [float(np.median(part)) for part in (inside, outside) if len(part)]
    return sum(middle) / len(middle) if middle else 0.0
