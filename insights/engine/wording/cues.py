"""Cue rules: where in a sentence a customer says what they want, and the words that follow."""

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import pairwise

from insights.engine.wording import patterns
from insights.engine.wording.lexicon import (
    ARTICLES,
    AUXILIARIES,
    DEGREE_WORDS,
    FILLERS,
    FIRST_PERSON,
    OTHER_POSSESSIVES,
    POINTERS,
    POSSESSIVES,
    PREPOSITIONS,
    QUESTION_WORDS,
    STOPWORDS,
    VERBS,
    WEAK_VERBS,
    word_set,
)
from insights.engine.wording.sentences import WORD, Sentence


class Kind(Enum):
    """What a phrase was in the evidence; the value is how well such a phrase names a job, from 0 to 1."""

    WISH = 1.0
    COMMAND = 0.95
    ABILITY = 0.8
    THING = 0.7
    LOOKUP = 0.65
    HEADING = 0.35
    REPORT = 0.3
    QUESTION = 0.2
    QUOTE = 0.0


Found = tuple[Kind, list[str]]

# A longer sentence is no sentence: it was pasted, and its beginning tells enough.
_LONGEST_READ = 1_000
_BE = word_set("is are was were")
_BEGINNINGS = (["consider"], ["start"], ["try"], ["keep"])
_TELLINGS = (["tell"], ["know"], ["state"], ["learn"], ["hear"])
_DETERMINERS = ARTICLES | POSSESSIVES | OTHER_POSSESSIVES


def cued(sentence: Sentence) -> Iterator[Found]:
    """The words after each cue in `sentence`, up to where the clause ends, first words put into the infinitive."""
    text = re.sub(r"\s*[+&]\s*", " and ", re.sub('["“”]', "", sentence.text[:_LONGEST_READ]))
    low = text.lower()
    # A few letters grow when lowered, and then positions in one text are not positions in the other.
    if len(low) != len(text):
        return
    for rule in (_wishes, _duties, _gerunds, _wanted_things, _lookups, _topics):
        for kind, words in rule(text, low):
            yield kind, _restated(words)
    for kind, words in (*_commands(text, low, sentence), *_headings(text, sentence)):
        yield kind, _restated(words)


def _wishes(text: str, low: str) -> Iterator[Found]:
    for kind, cues in ((Kind.WISH, patterns.WISH), (Kind.ABILITY, patterns.ABILITY), (Kind.REPORT, patterns.REPORT)):
        for cue in cues.finditer(low):
            # "What can I cook" asks for the object that a title would lack; "can only" is not what is wanted.
            if patterns.ASKS_FOR_OBJECT.search(low[: cue.start()]) or patterns.LIMIT.search(
                low[max(0, cue.start() - 6) : cue.end() + 5]
            ):
                continue
            words = _rest(text, cue.end())
            if words and (words[0].lower() in VERBS or _may_be_verb(words[0])):
                yield kind, [*_let(text, cue), *words]
            elif len(words) > 2 and words[0].lower() == "be" and words[1].lower() in patterns.TOLD:
                yield kind, ["get", *words[1:]]


def _duties(text: str, low: str) -> Iterator[Found]:
    for cue in patterns.DUTY.finditer(low):
        words, subject = _rest(text, cue.end()), WORD.findall(text[: cue.start()])
        if len(words) < 2 or not subject or subject[-1].lower() in STOPWORDS | patterns.OTHERS:
            continue
        if words[0].lower() == "be" and len(subject) <= 5 and (verb := infinitive(words[1])):
            # "Duties should be counted" asks to count duties.
            yield Kind.ABILITY, [verb, *subject, *words[2:]]
        elif words[0].lower() in VERBS and not patterns.NO_DUTY.search(cue[0]):
            yield Kind.ABILITY, words


def _gerunds(text: str, low: str) -> Iterator[Found]:
    for cue in patterns.GERUND.finditer(low):
        words = _rest(text, cue.end())
        if words and words[0].lower().endswith("ing") and (verb := infinitive(words[0])):
            yield Kind.WISH, [verb, *words[1:]]


def _wanted_things(text: str, low: str) -> Iterator[Found]:
    for cue in patterns.THING.finditer(low):
        if words := _thing(_rest(text, cue.end())):
            yield Kind.THING, ["add" if patterns.ABSENT.search(cue[0]) else "get", *words]
    if polite := patterns.POLITE_END.match(low):
        words = _thing(_rest(text[: polite.end(1)], 0))
        if words and words[0].lower() not in VERBS:
            yield Kind.THING, ["add", *words]


def _lookups(text: str, low: str) -> Iterator[Found]:
    for cue in (*patterns.LOOKUP.finditer(low), *patterns.SHOW.finditer(low)):
        words = _rest(text, cue.end())
        if words and words[0].lower() in _DETERMINERS:
            yield Kind.LOOKUP, ["find", *words] if "where" in cue[0] else ["look", "up", *words]


def _topics(text: str, low: str) -> Iterator[Found]:
    for cue in patterns.TOPIC.finditer(low):
        yield Kind.QUESTION, ["question", "about", *_rest(text, cue.end())]


def _commands(text: str, low: str, sentence: Sentence) -> Iterator[Found]:
    opening = patterns.OPENING_FILLER.match(low)
    words = _rest(text, opening.end() if opening else 0)
    if _is_command(words, is_subject=sentence.is_subject):
        yield Kind.COMMAND, words
    elif len(words) > 2 and words[0].lower().endswith("ing") and (verb := infinitive(words[0])):
        yield Kind.COMMAND, [verb, *words[1:]]


def _headings(text: str, sentence: Sentence) -> Iterator[Found]:
    words = _rest(text, 0)
    if not words:
        return
    if words[0].lower() == "no":
        yield Kind.THING, ["add", *words[1:]]
    elif len(words) > 1 and words[-1].lower() == "missing":
        yield Kind.THING, ["add", *(words[:-2] if words[-2].lower() in _BE else words[:-1])]
    elif sentence.is_subject:
        # One or two words are no title by themselves.
        yield (Kind.QUESTION, ["question", "about", *words]) if len(words) < 3 else (Kind.HEADING, words)
    # "Dark mode?" is short for "could there be".
    if sentence.is_question and 2 <= len(words) <= 5 and not STOPWORDS.intersection(word.lower() for word in words):
        yield Kind.THING, ["add", *words]


def _let(text: str, cue: re.Match[str]) -> list[str]:
    """The word let and who is to be let, where the cue names someone other than the speaker or the product."""
    span = next((name for name, value in cue.groupdict().items() if value and value.strip()), "")
    who = WORD.findall(text[cue.start(span) : cue.end(span)]) if span else []
    if who and who[0].lower() in PREPOSITIONS:
        who = who[1:]
    # "A button to hide" and "an option to hide" are wishes to hide.
    if not who or who[-1].lower() in FIRST_PERSON | POINTERS | patterns.PRODUCT | patterns.MEANS | STOPWORDS:
        return []
    return ["let", *who]


def _is_command(words: Sequence[str], *, is_subject: bool) -> bool:
    low = [word.lower() for word in words[:4]]
    if len(low) < 2 or low[0] not in VERBS or low[1] in AUXILIARIES:
        return False
    determined = low[1] in ARTICLES | POSSESSIVES | OTHER_POSSESSIVES | DEGREE_WORDS | {"one"}
    if low[0] in patterns.NOUN_VERBS and not determined:
        # "Open calls go to", "change record demanded by": a finite verb or a subject line makes the first word a noun.
        return not is_subject and not any(
            word in AUXILIARIES or word in {"go", "goes"} or word.endswith("ed") for word in low[1:]
        )
    return True


def infinitive(word: str) -> str:
    """The base form of a gerund or participle, "" if it is none of a known verb: "swapping", "swapped" → "swap"."""
    low = word.lower()
    stem = low[: -len(ending)] if (ending := next((e for e in ("ing", "ed") if low.endswith(e)), "")) else ""
    if len(stem) < 2:
        return patterns.IRREGULAR.get(low, "")
    bases = (f"{stem}e", stem, stem[:-1] if stem[-1] == stem[-2] else "")
    if stem in VERBS and f"{stem}e" not in VERBS:
        return stem
    return next((base for base in bases if base in VERBS), "")


def _may_be_verb(word: str) -> bool:
    return (
        word.isalpha()
        and word.islower()
        and len(word) > 2
        and word not in STOPWORDS
        and not word.endswith(("ing", "ly"))
    )


def _rest(text: str, start: int) -> list[str]:
    part = text[start:]
    stop = patterns.STOP.search(part)
    return WORD.findall(part[: stop.start()] if stop else part)


def _thing(words: list[str]) -> list[str]:
    """The noun phrase that follows a cue for a thing, without what quantifies it; empty if it is none."""
    while (
        words and words[0].lower() in {"any", "some", "really", "is", "still", "just", "only", "also", "such"} | FILLERS
    ):
        words = words[1:]
    if not words or words[0].lower() in WEAK_VERBS | (STOPWORDS - ARTICLES - POSSESSIVES - {"one", "more"}):
        return []
    low = [word.lower() for word in words[:6]]
    if any(first == "to" and second in VERBS for first, second in pairwise(low)):
        # "Want managers to see it" is no wish for managers.
        return []
    if words[0].lower() in {"way", "ways", "possibility"} or (
        len(words) > 1 and words[1].lower() in {"way", "possibility"}
    ):
        return []
    return words


def _restated(words: list[str]) -> list[str]:
    """The same wish without what is only manner of speaking: "know how to", "tell me about", "consider letting"."""
    low = [word.lower() for word in words[:2]]
    if low[:1] in _BEGINNINGS and len(low) > 1 and (verb := infinitive(low[1])):
        return [verb, *words[2:]]
    if low[:2] == ["figure", "out"]:
        return _told(words[2:]) or words
    if low[:1] in _TELLINGS:
        return _told(words[1:]) or words
    if low[:1] == ["give"] and (rest := _without_person(words[1:])) and rest[0].lower() in ARTICLES | {"some", "more"}:
        return ["get", *rest]
    return words


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
