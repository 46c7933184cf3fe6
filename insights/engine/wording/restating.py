"""Wishes without their manner of speaking."""

from insights.engine.wording.lexicon import (
    ARTICLES,
    AUXILIARIES,
    FIRST_PERSON,
    OTHER_POSSESSIVES,
    POSSESSIVES,
    PREPOSITIONS,
    QUESTION_WORDS,
    word_set,
)
from insights.engine.wording.verbs import infinitive

_BE = word_set("is are was were")
_BEGINNINGS = word_set("consider keep start try")
_TELLINGS = word_set("hear know learn state tell")
_DETERMINERS = ARTICLES | POSSESSIVES | OTHER_POSSESSIVES


def restated(words: list[str]) -> list[str]:
    """The same wish without what is only manner of speaking: "know how to", "tell me about", "consider letting"."""
    first, second, *_ = [*(word.lower() for word in words[:2]), "", ""]
    if first in _BEGINNINGS and (verb := infinitive(second)):
        return [verb, *words[2:]]
    if (first, second) in {("figure", "out"), ("find", "out")}:
        return _told(words[2:]) or words
    if first in _TELLINGS:
        return _told(words[1:]) or words
    return (_done(words) or _got(words) if first in {"get", "give", "have"} else []) or words


def _got(words: list[str]) -> list[str]:
    """ "Give me a summary", "have a summary" as "get a summary"; empty if nothing is to be had."""
    thing = _without_person(words[1:])
    return ["get", *thing] if thing and thing[0].lower() in ARTICLES | {"some", "more"} else []


def _done(words: list[str]) -> list[str]:
    """ "Get the tyres changed" as "change the tyres"; empty if nothing is to be done to anything."""
    for at, word in enumerate(words[3:6], start=3):
        if verb := infinitive(word) if word.lower().endswith("ed") else "":
            follows = words[at + 1 : at + 2]
            known = words[1].lower() in _DETERMINERS and (not follows or follows[0].lower() in PREPOSITIONS)
            return [verb, *words[1:at], *words[at + 1 :]] if known else []
    return []


def _told(words: list[str]) -> list[str]:
    """What someone wants to be told, as a task of their own; empty if `words` are not that ("tell a joke")."""
    words = _without_person(words)
    first = words[0].lower() if words else ""
    if first == "how" and len(words) > 2 and words[1].lower() == "to":
        return words[2:]
    if first in QUESTION_WORDS | {"about", "if", "whether"}:
        return _indirect(words)
    return ["look", "up", *words] if first in _DETERMINERS - {"a", "an"} | {"today's"} else []


def _without_person(words: list[str]) -> list[str]:
    return words[1:] if words and words[0].lower() in FIRST_PERSON else words


def _indirect(words: list[str]) -> list[str]:
    """The question that `words` begin with, as something to find out: "when is the next payday" → "... payday is"."""
    low = [word.lower() for word in words]
    if low[0] in {"what", "who"} and len(low) > 2:
        rest = words[2:] if low[1] in _BE else words[1:]
        if rest[0].lower() in ARTICLES | POSSESSIVES | OTHER_POSSESSIVES:
            end = next((at for at, word in enumerate(rest) if word.lower() in AUXILIARIES), len(rest))
            return ["look", "up", *rest[:end]]
    if len(low) > 3 and low[0] in QUESTION_WORDS and low[1] in _BE:
        # The subject ends before the last word of "why is the account frozen"; it is all of "when is the next payday".
        subject = len(words) - 1 if low[0] in {"why", "how"} else len(words)
        return ["find", "out", words[0], *words[2:subject], words[1], *words[subject:]]
    return ["find", "out", *words]
