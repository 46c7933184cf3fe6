"""Titles of problems from their evidence: what the customer wants done, in the customers' words."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count, pairwise

import numpy as np
from numpy.typing import NDArray

from insights.engine.wording.cues import Kind
from insights.engine.wording.lexicon import (
    ARTICLES,
    OPEN_ENDS_ABROAD,
    PARTICLES,
    POSSESSIVES,
    PREPOSITIONS,
    STOPWORDS,
    VERBS,
    WEAK_VERBS,
)
from insights.engine.wording.phrases import LONGEST, LONGEST_LINE, SHORTEST, Phrase, phrases
from insights.engine.wording.relevance import GroupWords, stem, words_of_groups
from insights.engine.wording.sentences import WORD, is_english, sentences
from insights.engine.wording.vocabulary import Vocabulary

Vectors = NDArray[np.float32]
Rows = NDArray[np.intp]
Encode = Callable[[Sequence[str]], Vectors]

# Reading and encoding are bounded as a whole, so that a title costs less where there are many problems.
_TEXTS_READ, _TEXTS_PER_GROUP = 60_000, (12, 80)
_CANDIDATES, _CANDIDATES_PER_GROUP = 60_000, (10, 40)
# Candidates compared to all groups at a time: bounds the table.
_BLOCK = 4_096
# Share of a group's texts that must say a bare word after a preposition, lest it be a name, without capitals and with.
_PLACE_SHARE = (0.25, 0.1)
_TELLS_RARE = 12
# Short titles leave the object open, and long ones are read past.
_LENGTH_COST = {2: 0.3, 3: 0.2, 4: 0.05, 8: 0.08}
# Characters to look for words in, where no sentence has two.
_SCRAP = 1_000
# Not even a title of two or three words ends on one of these.
_NEVER_LAST = ARTICLES | POSSESSIVES | (PREPOSITIONS - PARTICLES) | {"and", "or", "to"}
# A sentence quoted as it stands comes after every phrase that a rule understood.
_QUOTE_MERIT = -0.5


@dataclass(frozen=True)
class Title:
    """A title, and whether its own vector lies nearest to its own group among all."""

    text: str
    fits: bool


@dataclass(frozen=True)
class _Candidate:
    group: int
    phrase: Phrase
    # All that is known without its vector.
    merit: float


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
    centres = np.stack([_unit(vectors[rows].mean(axis=0)) for rows in members])
    read = [
        [texts[row] for row in most_central(rows, vectors, centre, groups=len(members))]
        for rows, centre in zip(members, centres, strict=True)
    ]
    vocabulary = Vocabulary(chain.from_iterable(read), forbidden)
    words = words_of_groups(read)
    candidates = [
        candidate for group in range(len(read)) for candidate in _candidates(group, read, vocabulary, words[group])
    ]
    encoded = encode([candidate.phrase.text for candidate in candidates])
    order = np.argsort([-len(rows) for rows in members], kind="stable")
    return _distinct(candidates, *_nearness(encoded, candidates, centres), order.tolist())


def most_central(rows: Rows, vectors: Vectors, centre: Vectors, *, groups: int) -> Rows:
    """The rows of a group to read: those nearest to its centre, as many as reading all `groups` allows."""
    low, high = _TEXTS_PER_GROUP
    limit = min(high, max(low, _TEXTS_READ // groups))
    return rows[np.argsort(-(vectors[rows] @ centre), kind="stable")[:limit]]


def _candidates(
    group: int, read: Sequence[Sequence[str]], vocabulary: Vocabulary, words: GroupWords
) -> list[_Candidate]:
    texts = read[group]
    low, high = _CANDIDATES_PER_GROUP
    limit = min(high, max(low, _CANDIDATES // len(read)))
    foreign = is_foreign(texts)
    said = Counter[Phrase]()
    if not foreign:
        for text in texts:
            said.update(_best_kinds(text, vocabulary))
    # In a few texts, every word is rare.
    least_share = _PLACE_SHARE[vocabulary.shows_names] if len(texts) >= _TELLS_RARE else 0.0
    ranked = [
        _Candidate(group, phrase, _merit(phrase, times / len(texts), words, least_share=least_share))
        for phrase, times in said.items()
    ]
    ranked.sort(key=lambda candidate: (-candidate.merit, candidate.phrase.text))
    quotes = [
        _Candidate(group, phrase, _QUOTE_MERIT - 0.01 * rank)
        for rank, phrase in enumerate(_quotes(texts, vocabulary, foreign=foreign))
    ]
    # Two quotes stay within reach of every group, as its phrases may all be taken by larger ones.
    return [*ranked[:limit], *quotes[: max(2, low - len(ranked))]]


def is_foreign(texts: Sequence[str]) -> bool:
    """Whether most of the texts whose language can be told are not English."""
    known = [english for text in texts if (english := is_english(text)) is not None]
    return sum(known) < len(known) / 2


def _best_kinds(text: str, vocabulary: Vocabulary) -> list[Phrase]:
    """The phrases of one text, each wording once and as the best of its kinds."""
    found: dict[str, Phrase] = {}
    for sentence in sentences(text):
        if is_english(sentence.text) is False:
            continue
        for phrase in phrases(sentence, vocabulary.speller(sentence.text)):
            if phrase.text not in found or phrase.kind.value > found[phrase.text].kind.value:
                found[phrase.text] = phrase
    return list(found.values())


def _quotes(texts: Sequence[str], vocabulary: Vocabulary, *, foreign: bool) -> list[Phrase]:
    """Sentences as they were said, short whole ones first; the texts come most central first."""
    whole: list[Phrase] = []
    parts: list[Phrase] = []
    for text in texts[: _CANDIDATES_PER_GROUP[0]]:
        for sentence in sentences(text)[:4]:
            said = len(WORD.findall(sentence.text))
            words = vocabulary.safe_words(sentence.text, keep_case=foreign)
            is_whole = len(words) == said and SHORTEST <= said <= LONGEST
            words = _closed(words[:LONGEST], OPEN_ENDS_ABROAD if foreign else STOPWORDS)
            if len(words) > 1:
                (whole if is_whole else parts).append(Phrase(tuple(words), Kind.QUOTE))
    return [*whole, *parts] or list(_scraps(texts, vocabulary))


def _closed(words: list[str], open_ends: Collection[str]) -> list[str]:
    """`words` without what dangles at the end, and no longer than a line."""
    while words and len(" ".join(words)) > LONGEST_LINE:
        words.pop()
    while len(words) > 1 and words[-1].lower() in (open_ends if len(words) > SHORTEST else _NEVER_LAST):
        words.pop()
    return words


def _scraps(texts: Sequence[str], vocabulary: Vocabulary) -> Iterator[Phrase]:
    """What words there are, for a group that says hardly any: as a title would spell them, else as written."""
    for keep_case in (False, True):
        for text in texts[: _CANDIDATES_PER_GROUP[0]]:
            # All of a text may be a quoted reply.
            said = " ".join(sentence.text for sentence in sentences(text) or sentences(text.replace(">", " ")))
            if words := vocabulary.safe_words(said[:_SCRAP], keep_case=keep_case)[:LONGEST]:
                cut = [word[: LONGEST_LINE // LONGEST] for word in words]
                yield Phrase(tuple(_closed(cut, STOPWORDS)), Kind.QUOTE)


def _merit(phrase: Phrase, said: float, words: GroupWords, *, least_share: float) -> float:
    stems = [stem(word) for word in phrase.content]
    shares = np.array([words.share.get(name, 0.0) for name in stems])
    telling = sum(words.weight.get(name, 0.0) for name in stems) / len(stems)
    first, second = phrase.words[:2]
    costs = (
        _LENGTH_COST.get(len(phrase.words), 0.0),
        0.15 * float((shares < 0.05).mean()),
        0.12 * (first in WEAK_VERBS and phrase.kind is not Kind.THING),
        # "Print for the wall" leaves open what is printed.
        0.15 * (first in VERBS and second in PREPOSITIONS - PARTICLES),
        0.6 * _has_place(phrase, words, least_share),
    )
    return float(
        0.35 * phrase.kind.value + 0.35 * telling + 0.25 * float(np.sqrt(shares).mean()) + 0.4 * said**0.5 - sum(costs)
    )


def _has_place(phrase: Phrase, words: GroupWords, least_share: float) -> bool:
    """Whether a bare word that few texts say follows a preposition, as lower-case names of places and firms do."""
    return any(
        before in PREPOSITIONS | {"if", "to", "whether"}
        and word.islower()
        and word not in STOPWORDS
        and words.share.get(stem(word), 0.0) < least_share
        for before, word in pairwise(phrase.words)
    )


def _nearness(vectors: Vectors, candidates: Sequence[_Candidate], centres: Vectors) -> tuple[Vectors, Vectors]:
    """Cosine of each candidate to its own group, and how far that exceeds the best other group (1 with no other)."""
    own = np.empty(len(candidates), dtype=np.float32)
    margin = np.ones(len(candidates), dtype=np.float32)
    groups = np.array([candidate.group for candidate in candidates], dtype=np.intp)
    for start in range(0, len(candidates), _BLOCK):
        block = slice(start, start + _BLOCK)
        table = vectors[block] @ centres.T
        rows = np.arange(len(table))
        own[block] = table[rows, groups[block]]
        if len(centres) > 1:
            table[rows, groups[block]] = -np.inf
            margin[block] = own[block] - table.max(axis=1)
    return own, margin


def _distinct(candidates: Sequence[_Candidate], own: Vectors, margin: Vectors, order: Sequence[int]) -> list[Title]:
    """The best candidate of each group that no larger group has taken."""
    merit = np.array([candidate.merit for candidate in candidates])
    score = merit + 1.2 * own + 1.5 * np.clip(margin, -0.2, 0.1) + 0.15 * (margin > 0.0)
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
            text = next(name for name in _told_apart(best) if name.lower() not in taken)
        else:
            text = candidates[free].phrase.text
            taken.add(_key(candidates[free].phrase))
        taken.add(text.lower())
        titles[group] = Title(text, fits=free is not None and bool(margin[free] > 0.0))
    return [titles[group] for group in range(len(order))]


def _told_apart(text: str) -> Iterator[str]:
    """`text`, then the same with a count: groups that say just the same have nothing else to tell them apart."""
    yield text
    yield from (f"{text} ({number})" for number in count(2))


def _key(phrase: Phrase) -> str:
    return " ".join(sorted(stem(word) for word in phrase.content)) or phrase.text.lower()


def _unit(vector: Vectors) -> Vectors:
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector
