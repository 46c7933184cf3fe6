"""The phrases of a sentence that could be titles: cued words, put into neutral person and cut at phrase boundaries."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from insights.engine.wording.cues import cued
from insights.engine.wording.kinds import Kind
from insights.engine.wording.lexicon import (
    ARTICLES,
    AUXILIARIES,
    CLAUSE_OPENERS,
    DEGREE_WORDS,
    FILLERS,
    FIRST_PERSON,
    OTHER_POSSESSIVES,
    PARTICLE_VERBS,
    PARTICLES,
    POINTERS,
    POSSESSIVES,
    PREPOSITIONS,
    QUESTION_WORDS,
    STOPWORDS,
    VERBS,
    word_set,
)
from insights.engine.wording.sentences import Sentence
from insights.engine.wording.verbs import infinitive

SHORTEST, LONGEST = 3, 8
# Characters.
LONGEST_LINE = 120

# Spelling of a word inside a title, or None if it may not appear there (a name, a number).
Speller = Callable[[str], str | None]

_HARD_OPENERS = word_set(
    """
    because although but cause either except however though since so whereas which while unless if once nor
    otherwise rather plus whose whom as
    """
)
_SOFT_OPENERS = word_set("and or when where who that what how why whether until then than whenever to")
_ASKING_VERBS = word_set(
    """
    ask check choose decide define determine explain find know learn out pick see set show tell understand control
    verify confirm
    """
)
_NEVER_AFTER_VERB = (AUXILIARIES - {"being"}) | {"and", "if", "no", "not", "or", "than", "vs", "versus", "when"}
# After a question word, the order of a question: no part of a title.
_INVERTS = word_set("are can could did do does is should was were will would")
_VAGUE = word_set(
    """
    anybody anyone anything bit even everything kind lot lots method nothing says somebody somebody's someone someone's
    something sort stuff thing things thinks wants
    """
)
# Verbs whose sense is open until a place follows.
_NEEDS_PLACE = word_set("bring hang place put take")
_NEEDS_PARTICLE = word_set("cutting kicking logging timing")
# Larger than what?
_COMPARED = word_set("bigger fewer greater higher larger less longer lower more newer older shorter smaller")
_TAKES_AS = word_set("flag mark save tag treat")
_SOFTENERS = word_set("actually also basically just kindly please pls")
_TAKES_PERSON = word_set(
    """
    ask bring buy call email find get give hand lend loan message notify order pay read remind send show tell text
    warn
    """
)
_OPEN_ENDS = (
    (
        ARTICLES
        | POSSESSIVES
        | OTHER_POSSESSIVES
        | PREPOSITIONS
        | CLAUSE_OPENERS
        | AUXILIARIES
        | DEGREE_WORDS
        | QUESTION_WORDS
    )
    | word_set(
        """
    able according different due get going let make need new side straight three to total two using want whole
    """
    )
) - {"own"}
_NOUN_PHRASES = (Kind.HEADING, Kind.FRAGMENT)
_BARRED_IN_HEADING = AUXILIARIES | FILLERS | {"vs", "no", "not", "never"}


@dataclass(frozen=True)
class Phrase:
    """A possible title in lower case except for acronyms, without its capital."""

    words: tuple[str, ...]
    kind: Kind

    @property
    def text(self) -> str:
        """The phrase in sentence case."""
        line = " ".join(self.words)
        return line[:1].upper() + line[1:]

    @property
    def content(self) -> tuple[str, ...]:
        """Its words that carry meaning, in lower case."""
        return tuple(word.lower() for word in self.words if word.lower() not in STOPWORDS)


def phrases(sentence: Sentence, spell: Speller) -> list[Phrase]:
    """Every phrase of `sentence` that could be a title, in no order of merit; often none."""
    found: list[Phrase] = []
    for kind, words in cued(sentence):
        whole = _neutral(words, spell)
        found += [
            Phrase(tuple(cut), kind)
            for cut in _cuts(whole)
            if _is_sound(cut, kind) and not (len(cut) < len(whole) and _is_torn(cut))
        ]
    return found


def _neutral(words: Sequence[str], spell: Speller) -> list[str]:
    """The phrase without its speaker, up to the first word that cannot be in a title."""
    words = [word for word in words if word.lower() not in _SOFTENERS]
    while words and words[0].lower() in FILLERS - {"back"}:
        words = words[1:]
    kept: list[str] = []
    for index, word in enumerate(words):
        low = word.lower()
        if _is_possessive(low, lets=words[0].lower() == "let"):
            kept += _article(words[index + 1 :])
        elif _is_dropped(low, kept):
            continue
        elif low in FIRST_PERSON:
            # "Dates we are away" may end on the noun; "the date that I" may not.
            return kept if kept and kept[-1] not in STOPWORDS | VERBS else _without_loose_end(kept)
        elif _is_end(low, kept):
            return kept
        elif (spelled := spell(word)) is None:
            return _without_loose_end(kept)
        else:
            kept.append(spelled)
    return kept


def _is_possessive(low: str, *, lets: bool) -> bool:
    """Whether the word says whose, and the phrase does not say who that is, as "let staff swap their shifts" does."""
    return low in POSSESSIVES or (low in OTHER_POSSESSIVES and not (low == "their" and lets))


def _is_dropped(low: str, kept: Sequence[str]) -> bool:
    before = kept[-1] if kept else ""
    return (low == "own" and before != "their") or (low in {"me", "us"} and before in _TAKES_PERSON)


def _is_end(low: str, kept: Sequence[str]) -> bool:
    """Whether another thought begins with the word, as it does not in "mark messages as read"."""
    if not kept or low not in _HARD_OPENERS:
        return False
    return kept[-1] not in _ASKING_VERBS and not (low == "as" and kept[0] in _TAKES_AS)


def _article(words: Sequence[str]) -> list[str]:
    """What stands in for a possessive before `words`: "my balance" → "the balance", "our reports" → "reports"."""
    last = ""
    for word in (word.lower() for word in words if word.lower() != "own"):
        if word in STOPWORDS or word == "to":
            break
        last = word
    plural = last.endswith("s") and not last.endswith(("ss", "us", "is", "'s"))
    return [] if plural else ["the"]


def _without_loose_end(words: list[str]) -> list[str]:
    """Back to the last phrase boundary: what led to the word that had to go makes no sense without it."""
    for index in range(len(words) - 1, 0, -1):
        if words[index].lower() in PREPOSITIONS | CLAUSE_OPENERS | {"to"}:
            return words[:index]
    # With no boundary, whether the words so far stand alone cannot be told.
    return [] if words and words[-1].lower() not in STOPWORDS and len(words) < SHORTEST else words


def _cuts(words: list[str]) -> Iterator[list[str]]:
    """`words` and every shorter phrase that ends before a preposition, conjunction or clause."""
    if len(words) <= LONGEST:
        yield _trimmed(words)
    for index in range(2, min(len(words), LONGEST + 1)):
        if words[index].lower() in PREPOSITIONS | _SOFT_OPENERS | FILLERS:
            yield _trimmed(words[:index])


def _trimmed(words: list[str]) -> list[str]:
    while words and words[-1].lower() in FILLERS:
        words = words[:-1]
    return words


def _is_torn(words: Sequence[str]) -> bool:
    """Whether the cut took what the phrase needs: the object of "how to roll", the place of "put a tablet"."""
    last, before = words[-1].lower(), words[-2].lower()
    low = {word.lower() for word in words}
    if "between" in low and "and" not in low:
        return True
    if words[0].lower() in _NEEDS_PLACE and not any(word.lower() in PREPOSITIONS | {"back"} for word in words):
        return True
    if last.endswith("ed") or last in _NEEDS_PARTICLE or (last == "side" and before == "side"):
        return True
    return before in {"to", "and", "or"} | AUXILIARIES or (
        last in VERBS and before not in ARTICLES | PREPOSITIONS and len(words) < 5
    )


def _is_sound(words: Sequence[str], kind: Kind) -> bool:
    """Whether the phrase is whole: long enough, nothing dangling at its end, nothing that points outside it."""
    low = [word.lower() for word in words]
    if not SHORTEST <= len(low) <= LONGEST or len(" ".join(low)) > LONGEST_LINE:
        return False
    if sum(word not in STOPWORDS for word in low) < 2:
        return False
    is_noun_phrase = kind in _NOUN_PHRASES
    opens_well = _BARRED_IN_HEADING.isdisjoint(low) if is_noun_phrase else low[0] not in STOPWORDS - VERBS
    refers_out = low[-1] == "one" or any(word in (POINTERS - {"their"}) | FIRST_PERSON | _VAGUE for word in low)
    return opens_well and not refers_out and not _dangles(low) and (is_noun_phrase or _agrees(low))


def _dangles(low: Sequence[str]) -> bool:
    if low[-1] in _COMPARED and low[0] != "make":
        return True
    closes_verb = low[-1] in PARTICLES and (infinitive(low[-2]) or low[-2]) in PARTICLE_VERBS | {"the"}
    return low[-1] in _OPEN_ENDS and not closes_verb


def _agrees(low: Sequence[str]) -> bool:
    """False for what a verb's infinitive cannot be followed by: "get is", "look up to"."""
    if low[-2] in {"what", "which", "whose"} or (low[0] == "do" and low[1] in PREPOSITIONS):
        return False
    if low[1] in _NEVER_AFTER_VERB or any(first == second for first, second in pairwise(low)):
        return False
    if any(first in QUESTION_WORDS and second in _INVERTS for first, second in pairwise(low)):
        return False
    for at, word in enumerate(low[:-1]):
        # "How many days" without what is asked of them.
        if word == "how" and low[at + 1] in {"many", "much", "long", "old", "far", "often", "soon"}:
            return any(other in AUXILIARIES | {"to"} or other in VERBS for other in low[at + 3 :])
    return True
