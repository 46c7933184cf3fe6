"""What a group could be called: phrases of its texts, weighed by how well they name a job."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from insights.engine.wording.kinds import Kind
from insights.engine.wording.lexicon import (
    ARTICLES,
    AUXILIARIES,
    CLAUSE_OPENERS,
    FIRST_PERSON,
    OPEN_ENDS_ABROAD,
    PARTICLES,
    POINTERS,
    POSSESSIVES,
    PREPOSITIONS,
    STOPWORDS,
    VERBS,
    WEAK_VERBS,
)
from insights.engine.wording.phrases import LONGEST, LONGEST_LINE, SHORTEST, Phrase, phrases
from insights.engine.wording.relevance import GroupWords, stem
from insights.engine.wording.sentences import WORD, is_english, sentences
from insights.engine.wording.vocabulary import Vocabulary

_CANDIDATES, _CANDIDATES_PER_GROUP = 60_000, (10, 40)
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
class Candidate:
    group: int
    phrase: Phrase
    # Share of the texts read that say it.
    said: float
    # All that is known without its vector.
    merit: float


def candidates_of(
    group: int, read: Sequence[Sequence[str]], vocabulary: Vocabulary, words: GroupWords
) -> list[Candidate]:
    """The best phrases of group number `group`, whose texts are `read[group]`, then some of its sentences as said."""
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
        Candidate(group, phrase, times / len(texts), _merit(phrase, times / len(texts), words, least_share=least_share))
        for phrase, times in said.items()
    ]
    ranked.sort(key=lambda candidate: (-candidate.merit, candidate.phrase.text))
    quotes = [
        Candidate(group, phrase, 0.0, _QUOTE_MERIT - 0.01 * rank + _standing(phrase))
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
    whole = sentences(text)
    for sentence in whole:
        if is_english(sentence.text) is False:
            continue
        for phrase in phrases(sentence, vocabulary.speller(sentence.text)):
            # A sentence without a known verb names a thing only where nothing else is said.
            if phrase.kind is Kind.FRAGMENT and len(whole) > 1:
                continue
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
            words = vocabulary.safe_run(sentence.text, keep_case=foreign)
            is_whole = len(words) == said and SHORTEST <= said <= LONGEST
            if len(words) > LONGEST and not foreign:
                words = words[: _boundary(words)]
            words = _closed(words[:LONGEST], OPEN_ENDS_ABROAD if foreign else STOPWORDS)
            if len(words) > 1:
                (whole if is_whole else parts).append(Phrase(tuple(words), Kind.QUOTE))
    return [*whole, *parts] or list(_scraps(texts, vocabulary))


def _boundary(words: Sequence[str]) -> int:
    """Where a sentence that is too long is best cut: before the last word that begins a phrase or a clause."""
    openers = (ARTICLES | CLAUSE_OPENERS | POSSESSIVES | PREPOSITIONS) - {"of"}
    return next((at for at in range(LONGEST, SHORTEST - 1, -1) if words[at].lower() in openers), LONGEST)


def _standing(phrase: Phrase) -> float:
    """How well a quote can be read alone."""
    low = {word.lower() for word in phrase.words}
    if not len(low) >= SHORTEST or not low.isdisjoint(FIRST_PERSON | POINTERS | AUXILIARIES):
        return 0.0
    return 0.35 if phrase.words[0].lower() in VERBS else 0.2


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
        and not (before == "to" and word in VERBS)
        and words.share.get(stem(word), 0.0) < least_share
        for before, word in pairwise(phrase.words)
    )
