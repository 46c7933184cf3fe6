"""Titles of problems from their evidence: what the customer wants done, in the customers' words."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count

import numpy as np
from numpy.typing import NDArray

from insights.engine.wording.candidates import Candidate, candidates_of
from insights.engine.wording.nearness import agreement, nearness
from insights.engine.wording.phrases import Phrase
from insights.engine.wording.relevance import stem, words_of_groups
from insights.engine.wording.vocabulary import Vocabulary

Vectors = NDArray[np.float32]
Rows = NDArray[np.intp]
Encode = Callable[[Sequence[str]], Vectors]

# Reading and encoding are bounded as a whole, so that a title costs less where there are many problems.
_TEXTS_READ, _TEXTS_PER_GROUP = 60_000, (12, 80)


@dataclass(frozen=True)
class Title:
    """A title, and whether its own vector lies nearest to its own group among all."""

    text: str
    fits: bool


def group_titles(
    texts: Sequence[str],
    vectors: Vectors,
    members: Sequence[Rows],
    *,
    encode: Encode,
    forbidden: Collection[str] = (),
) -> list[Title]:
    """A title for each group, no two alike.

    `texts` have personal data replaced by tokens such as [email]; `vectors` are their unit vectors, float32[n, d];
    `members` holds the rows of each group, none of them empty. `encode` gives unit vectors and is called once.
    `forbidden` are names of people and companies: none of their words appears in a title, unless it is also an
    everyday word and written without a capital.
    """
    if not members:
        return []
    # Sums of floating-point numbers, and ties, would tell the order.
    members = [np.sort(rows) for rows in members]
    centres = np.stack([unit(vectors[rows].mean(axis=0)) for rows in members])
    read = [
        [texts[row] for row in most_central(rows, vectors, centre, groups=len(members))]
        for rows, centre in zip(members, centres, strict=True)
    ]
    vocabulary = Vocabulary(chain.from_iterable(read), forbidden)
    words = words_of_groups(read)
    candidates = [
        candidate for group in range(len(read)) for candidate in candidates_of(group, read, vocabulary, words[group])
    ]
    encoded = encode([candidate.phrase.text for candidate in candidates])
    order = np.argsort([-len(rows) for rows in members], kind="stable")
    agreed = agreement(encoded, candidates, len(members))
    return _distinct(candidates, *nearness(encoded, candidates, centres), agreed, order.tolist())


def most_central(rows: Rows, vectors: Vectors, centre: Vectors, *, groups: int) -> Rows:
    """The rows of a group to read: those nearest to its centre, as many as reading all `groups` allows."""
    low, high = _TEXTS_PER_GROUP
    limit = min(high, max(low, _TEXTS_READ // groups))
    return rows[np.argsort(-(vectors[rows] @ centre), kind="stable")[:limit]]


def _distinct(
    candidates: Sequence[Candidate], own: Vectors, margin: Vectors, agreed: Vectors, order: Sequence[int]
) -> list[Title]:
    """The best candidate of each group that no larger group has taken."""
    merit = np.array([candidate.merit for candidate in candidates])
    score = merit + 1.2 * own + 1.5 * np.clip(margin, -0.2, 0.1) + 0.35 * (margin > 0.0) + 0.5 * agreed
    ranked: list[list[int]] = [[] for _ in order]
    for index in np.argsort(-score, kind="stable").tolist():
        ranked[candidates[index].group].append(index)
    titles: dict[int, Title] = {}
    taken: set[str] = set()
    for group in order:
        # The same words in another order, or in the plural, would still read as the same title.
        free = next((index for index in ranked[group] if _key(candidates[index].phrase) not in taken), None)
        if free is None:
            best = candidates[ranked[group][0]].phrase.text if ranked[group] else "Untitled problem"
            text = next(name for name in told_apart(best) if name.lower() not in taken)
        else:
            text = candidates[free].phrase.text
            taken.add(_key(candidates[free].phrase))
        taken.add(text.lower())
        titles[group] = Title(text, fits=free is not None and bool(margin[free] > 0.0))
    return [titles[group] for group in range(len(order))]


def told_apart(text: str) -> Iterator[str]:
    """`text`, then the same with a count: groups that say just the same have nothing else to tell them apart."""
    yield text
    yield from (f"{text} ({number})" for number in count(2))


def _key(phrase: Phrase) -> str:
    return " ".join(sorted(stem(word) for word in phrase.content)) or phrase.text.lower()


def unit(vector: Vectors) -> Vectors:
    """`vector` at length one; zeros stay zeros."""
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector
