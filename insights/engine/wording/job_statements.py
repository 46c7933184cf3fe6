"""The draft of a job statement, *When … / I want … / so I can …*, from sentences of the evidence."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from operator import itemgetter

import numpy as np

from insights.engine.wording.clauses import is_plural
from insights.engine.wording.kinds import Kind
from insights.engine.wording.lexicon import (
    ARTICLES,
    AUXILIARIES,
    CLAUSE_OPENERS,
    DEGREE_WORDS,
    POINTERS,
    PREPOSITIONS,
    VERBS,
    word_set,
)
from insights.engine.wording.patterns import FINITE
from insights.engine.wording.phrases import Phrase, phrases
from insights.engine.wording.sentences import WORD, is_english, sentences
from insights.engine.wording.titles import Encode, Rows, Vectors, most_central, unit
from insights.engine.wording.verbs import infinitive
from insights.engine.wording.vocabulary import Vocabulary

# Words and characters.
_LONGEST, _LONGEST_LINE = 20, 200
# For each part of each statement: bounds what is encoded.
_CANDIDATES = 12
# Cosine to the group's centre: what lies farther away is somebody's aside.
_LEAST_NEAR = 0.33
_PLAIN = 0.15
_WISHES = (Kind.WISH, Kind.COMMAND, Kind.ABILITY, Kind.FIX)

_WHEN = re.compile(
    r"""\b(?:(?:every|each)\ (?:single\ )?(?:time|day|morning|evening|night|week|month|quarter|year|\w+day)\b|whenever\b
    |when\b(?!\ (?:is|are|was|were|will|does|do|did|can|should)\b)|as\ soon\ as\b|while\b|after\b(?=\ \w+ing\b)
    |if\b(?=\ (?:i|we|a|an|the|someone|somebody|one|two|people|staff)\b))""",
    re.IGNORECASE | re.VERBOSE,
)
_SO = re.compile(
    r"""\b(?:so\ that|so(?=\ (?:i|we|they|people|staff|everyone|nobody)\ (?:can|could|don't|know|do\ not|won't)\b)
    |in\ order\ (?:to|that))\ """,
    re.IGNORECASE | re.VERBOSE,
)
_CAN = re.compile(
    r"^(?:(?:so (?:that )?)?(?:i|we|they|people|staff|everyone|you) "
    r"(?:can|could|(?:are|am|will be) able to) )+(?:can )?",
    re.IGNORECASE,
)
# What the lead "when" already says.
_WHEN_AGAIN = re.compile(r"^\W*(?:(?:if|when|whenever|while|so that)\s+)+", re.IGNORECASE)
# What the lead "so I can" already says.
_SO_AGAIN = re.compile(r"^(?:so|I can|can)\b", re.IGNORECASE)
_STOP = re.compile(r"[,;:()\[\]?!]|\s[-–—]\s|\s(?:but|so|because|and (?:i|we|then|it|they|the|that))\b", re.IGNORECASE)
_SUBJECTS = word_set("he i i'd i'll i'm i've it it's nobody nothing please she someone they you")
# "When the phone could store it" is a wish, not a moment, and "when I was new" a memory.
_IRREAL = word_set("could had should was were would")
_SINGULAR = {
    "we": "I", "we're": "I'm", "we've": "I've", "we'd": "I'd", "we'll": "I'll", "us": "me", "our": "my", "ours": "mine",
    "ourselves": "myself", "you": "I", "your": "my", "i": "I", "i'm": "I'm", "i've": "I've", "i'd": "I'd",
    "i'll": "I'll",
}  # fmt: skip


@dataclass(frozen=True)
class JobStatement:
    """The three parts without their lead words, each empty where the evidence has none."""

    when: str = ""
    want: str = ""
    so: str = ""


def job_statements(
    texts: Sequence[str],
    vectors: Vectors,
    members: Sequence[Rows],
    *,
    encode: Encode,
    forbidden: Collection[str] = (),
) -> list[JobStatement]:
    """A draft for each group; arguments as for `titles.group_titles`. `encode` is called once.

    Of the clauses found for a part, the one nearest to the group's centre is taken; if none lies near, the part stays
    empty.
    """
    members = [np.sort(rows) for rows in members]
    centres = [unit(vectors[rows].mean(axis=0)) for rows in members]
    read = [
        [texts[row] for row in most_central(rows, vectors, centre, groups=len(members))]
        for rows, centre in zip(members, centres, strict=True)
    ]
    vocabulary = Vocabulary(chain.from_iterable(read), forbidden)
    found = [_clauses(group, vocabulary) for group in read]
    lines = [line for parts in found for part in parts for line in part]
    encoded = iter(encode(lines)) if lines else iter(())
    statements = []
    for parts, centre in zip(found, centres, strict=True):
        best = [_nearest(part, [next(encoded) for _ in part], centre) for part in parts]
        statements.append(JobStatement(*best))
    return statements


def _nearest(lines: Mapping[str, float], vectors: Sequence[Vectors], centre: Vectors) -> str:
    """The line that lies nearest, its bonus added, of those that lie near at all."""
    near = [
        (float(vector @ centre) + bonus, line)
        for (line, bonus), vector in zip(lines.items(), vectors, strict=True)
        if vector @ centre >= _LEAST_NEAR
    ]
    # The first of equals.
    return max(near, key=itemgetter(0))[1] if near else ""


def _clauses(texts: Sequence[str], vocabulary: Vocabulary) -> tuple[dict[str, float], ...]:
    """Distinct candidates for when, want and so, each with a bonus for how plainly it was said."""
    when: dict[str, float] = {}
    want: dict[str, float] = {}
    so: dict[str, float] = {}
    for text in texts:
        for sentence in sentences(text):
            if sentence.is_subject or is_english(sentence.text) is False:
                continue
            when.update(dict.fromkeys(_when(sentence.text, vocabulary), 0.0))
            so.update(dict.fromkeys(_so(sentence.text, vocabulary), 0.0))
            for phrase in phrases(sentence, vocabulary.speller(sentence.text)):
                if line := _want(phrase):
                    want[line] = max(want.get(line, 0.0), _PLAIN * phrase.kind.value)
    return tuple(dict(islice(part.items(), _CANDIDATES)) for part in (when, want, so))


def _want(phrase: Phrase) -> str:
    if phrase.kind is Kind.THING:
        words = phrase.words[1:]
        if words[-1] in FINITE or infinitive(words[-1]):
            # "Shift swapping" takes no article, and so may any participle.
            return ""
        counted = words[0] in ARTICLES | DEGREE_WORDS | {"one"} or any(is_plural(word) for word in words)
        return " ".join(words if counted else ("an" if words[0][0] in "aeiou" else "a", *words))
    if phrase.kind not in _WISHES or phrase.words[0] not in VERBS - {"fix"}:
        return ""
    return " ".join(("to", *phrase.words))


def _when(sentence: str, vocabulary: Vocabulary) -> Iterator[str]:
    for cue in _WHEN.finditer(sentence):
        opener = cue[0].lower().split()
        # "When" itself stands before the part; "every Friday" is part of it.
        keeps = opener[0] in {"every", "each"} and opener[-1] != "time"
        said = sentence[cue.start() :] if keeps else _WHEN_AGAIN.sub("", sentence[cue.end() :])
        clause = _line(said, vocabulary)
        if keeps:
            rest = clause.split()[len(opener) :]
            if len(rest) >= 3 and rest[0] in {"I", "the", "a", "someone", "managers", "staff"}:
                yield f"{' '.join(rest)} {' '.join(clause.split()[: len(opener)])}"
        elif len(words := _one_clause(clause.split())) >= 3 and _is_moment(words):
            yield " ".join(words)


def _is_moment(words: Sequence[str]) -> bool:
    low = {word.lower() for word in words}
    return words[0].lower() not in {"one", "you"} and _IRREAL.isdisjoint(low) and POINTERS.isdisjoint(low)


def _one_clause(words: list[str]) -> list[str]:
    """`words` up to where a second subject begins, as the comma between the clauses is often left out."""
    for index in range(3, len(words)):
        before = words[index - 1].lower()
        if words[index].lower() in _SUBJECTS:
            if before in {"after", "before", "till", "until"}:
                return words[: index - 1]
            if before not in PREPOSITIONS | CLAUSE_OPENERS:
                return words[:index]
    return words


def _so(sentence: str, vocabulary: Vocabulary) -> Iterator[str]:
    for cue in _SO.finditer(sentence):
        rest = sentence[cue.end() :]
        can = _CAN.match(rest)
        purpose = cue[0].lower().split() == ["in", "order", "to"]
        # The lead is "so I can", which only an infinitive continues.
        clause = _line(rest[can.end() :] if can else rest, vocabulary) if can or purpose else ""
        words = clause.lower().split()
        # "Send them to auditors" speaks of what is wanted, "help them" of somebody.
        if len(words) >= 2 and words[-1] not in POINTERS and not _SO_AGAIN.match(clause):
            yield clause


def _line(text: str, vocabulary: Vocabulary) -> str:
    """The clause at the start of `text` in the first person singular; "" if it is too long or names someone."""
    stop = _STOP.search(text)
    spell = vocabulary.speller(text)
    words: list[str] = []
    for word in WORD.findall(text[: stop.start()] if stop else text):
        low = word.lower()
        spelled = _SINGULAR.get(low) or spell(word)
        if spelled is None:
            return ""
        words.append(spelled)
    words = [
        "am" if word == "are" and before == "I" else word for before, word in zip(["", *words], words, strict=False)
    ]
    while words and words[-1].lower() in ARTICLES | PREPOSITIONS | CLAUSE_OPENERS | AUXILIARIES | {
        "to",
        "please",
        "pls",
    }:
        words.pop()
    line = " ".join(words)
    return line if len(words) <= _LONGEST and len(line) <= _LONGEST_LINE else ""
