"""Parts of sentences: what follows a cue, and who or what stands before a predicate."""

import re

from insights.engine.wording.lexicon import (
    ARTICLES,
    AUXILIARIES,
    FILLERS,
    FIRST_PERSON,
    OTHER_POSSESSIVES,
    POINTERS,
    POSSESSIVES,
    PREPOSITIONS,
    QUESTION_WORDS,
    VERBS,
    word_set,
)
from insights.engine.wording.patterns import STOP
from insights.engine.wording.sentences import WORD
from insights.engine.wording.verbs import base_form

# Words that begin another clause, so that a subject cannot reach over them.
_CLAUSE_START = re.compile(
    r"""[,;:()\[\]?!…"]|\.\s|\s[-–—]\s|\b(?:and|but|or|because|since|when|whenever|if|so|that|as|while|which|who|where|then
    |yet|though|although|until|than|case|how|why|said|says|say|think|thinks|asks?|asked|hope|wish|every\s+time
    |at\ the\ moment|right\ now|for\ now|these\ days)\b""",
    re.VERBOSE,
)
_QUANTIFIERS = word_set("all half many most of lots several some lot few both plenty")
_INDEFINITE = word_set(
    "anything everything nothing something someone somebody anyone anybody everyone everybody nobody none there"
)
LONGEST_SUBJECT = 5
NO_SUBJECT = (
    AUXILIARIES
    | FIRST_PERSON
    | POINTERS
    | QUESTION_WORDS
    | FILLERS
    | _INDEFINITE
    | {"not", "no", "to", "keep", "keeps", "kept"}
)
_ARTICLES = ARTICLES | POSSESSIVES
_DETERMINERS = ARTICLES | POSSESSIVES | OTHER_POSSESSIVES | PREPOSITIONS


def rest(text: str, start: int) -> list[str]:
    """The words of `text` from `start` to where the sentence turns to something else."""
    part = text[start:]
    stop = STOP.search(part)
    return WORD.findall(part[: stop.start()] if stop else part)


def subject_before(text: str, end: int) -> list[str]:
    """The noun phrase of `text` that ends at `end`, where a predicate begins; empty if what stands there is none."""
    before = text[:end]
    cut = None
    for cut in _CLAUSE_START.finditer(before.lower()):  # noqa: B007 (the last one is wanted)
        pass
    words = WORD.findall(before[cut.end() :] if cut else before)
    while words and words[0].lower() in FILLERS | _QUANTIFIERS | PREPOSITIONS and len(words) > 1:
        words = words[1:]
    begins = [at for at, word in enumerate(words) if at and word.lower() in _ARTICLES]
    if begins and not words[0].lower().endswith("ing") and words[begins[-1] - 1].lower() not in PREPOSITIONS | {"to"}:
        # "Since Monday the export": what stands before the article is an adverb.
        words = words[begins[-1] :]
    low = [word.lower() for word in words]
    # "Exporting to a file" is a subject too.
    barred = NO_SUBJECT - {"to"} if low and low[0].endswith("ing") else NO_SUBJECT
    if cut and cut[0] in {"that", "which", "who"} and low and low[0] not in VERBS and base_form(low[0]):
        # "A duty that passes midnight": the verb of a relative clause, whose subject stands before.
        return []
    if not 1 <= len(low) <= LONGEST_SUBJECT or not barred.isdisjoint(low) or low[-1] in _DETERMINERS:
        return []
    return words


def last_word(text: str, end: int) -> str:
    """The last word of `text` before `end` in lower case, "" if there is none."""
    words = WORD.findall(text[:end])
    return words[-1].lower() if words else ""


def is_plural(word: str) -> bool:
    """Whether a noun looks like a plural."""
    return word.lower().endswith("s") and not word.lower().endswith(("ss", "us", "is", "'s"))
