"""Cue rules: where in a sentence a customer says what they want, and the words that follow."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from insights.engine.wording import patterns
from insights.engine.wording.clauses import rest, subject_before
from insights.engine.wording.kinds import Found, Kind
from insights.engine.wording.lexicon import (
    ARTICLES,
    AUXILIARIES,
    CLAUSE_OPENERS,
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
from insights.engine.wording.obstacles import obstacles
from insights.engine.wording.repairs import repairs
from insights.engine.wording.restating import restated
from insights.engine.wording.sentences import WORD, Sentence
from insights.engine.wording.verbs import infinitive

# A longer sentence is no sentence: it was pasted, and its beginning tells enough.
_LONGEST_READ = 1_000
_BE = word_set("is are was were")
_DETERMINERS = ARTICLES | POSSESSIVES | OTHER_POSSESSIVES


def cued(sentence: Sentence) -> Iterator[Found]:
    """The words after each cue in `sentence`, up to where the clause ends, first words put into the infinitive."""
    text = _spelled_out(sentence.text[:_LONGEST_READ])
    low = text.lower()
    # A few letters grow when lowered, and then positions in one text are not positions in the other.
    if len(low) != len(text):
        return
    for rule in (_wishes, _duties, _gerunds, _wanted_things, _lookups, _measures, _topics):
        for kind, words in rule(text, low):
            yield kind, restated(words)
    yield from repairs(text, low)
    yield from obstacles(text, low)
    for kind, words in (*_commands(text, low, sentence), *_headings(text, sentence)):
        yield kind, restated(words)


def _spelled_out(text: str) -> str:
    text = re.sub(r"\s*[+&]\s*", " and ", re.sub('["“”]', "", text))
    return patterns.HURRIED.sub(r"\1'\2", patterns.WITH.sub("with ", text))


def _wishes(text: str, low: str) -> Iterator[Found]:
    for kind, cues in ((Kind.WISH, patterns.WISH), (Kind.ABILITY, patterns.ABILITY), (Kind.REPORT, patterns.REPORT)):
        for cue in cues.finditer(low):
            # "What can I cook" asks for the object that a title would lack; "can only" is not what is wanted.
            if patterns.ASKS_FOR_OBJECT.search(low[: cue.start()]) or patterns.LIMIT.search(
                low[max(0, cue.start() - 6) : cue.end() + 5]
            ):
                continue
            if cue[0].startswith("can") and kind is Kind.ABILITY and subject_before(text, cue.start()):
                # "Guests can't pay" asks to let them.
                continue
            words = rest(text, cue.end())
            if words and (words[0].lower() in VERBS or _may_be_verb(words[0])):
                yield kind, [*_let(text, cue), *words]
            elif len(words) > 2 and words[0].lower() == "be" and words[1].lower() in patterns.TOLD:
                yield kind, ["get", *words[1:]]


def _duties(text: str, low: str) -> Iterator[Found]:
    for cue in patterns.DUTY.finditer(low):
        words, subject = rest(text, cue.end()), WORD.findall(text[: cue.start()])
        if len(words) < 2 or not subject or subject[-1].lower() in STOPWORDS | patterns.OTHERS:
            continue
        if words[0].lower() == "be" and len(subject) <= 5 and (verb := infinitive(words[1])):
            # "Duties should be counted" asks to count duties.
            yield Kind.ABILITY, [verb, *subject, *words[2:]]
        elif words[0].lower() in VERBS and not patterns.NO_DUTY.search(cue[0]):
            yield Kind.ABILITY, words


def _gerunds(text: str, low: str) -> Iterator[Found]:
    for cue in patterns.GERUND.finditer(low):
        words = rest(text, cue.end())
        if words and words[0].lower().endswith("ing") and (verb := infinitive(words[0])):
            yield Kind.WISH, [verb, *words[1:]]


def _wanted_things(text: str, low: str) -> Iterator[Found]:
    for cue in patterns.THING.finditer(low):
        if patterns.THEN_TO.match(low, cue.end()):
            continue
        if words := _thing(rest(text, cue.end())):
            yield Kind.THING, ["add" if patterns.ABSENT.search(cue[0]) else "get", *words]
    if polite := patterns.POLITE_END.match(low):
        words = _thing(rest(text[: polite.end(1)], 0))
        if words and words[0].lower() not in VERBS:
            yield Kind.THING, ["add", *words]


def _lookups(text: str, low: str) -> Iterator[Found]:
    for cue in (*patterns.LOOKUP.finditer(low), *patterns.SHOW.finditer(low)):
        words = rest(text, cue.end())
        if words and words[0].lower() in _DETERMINERS:
            yield Kind.LOOKUP, ["find", *words] if "where" in cue[0] else ["look", "up", *words]


def _measures(text: str, low: str) -> Iterator[Found]:
    """Questions put as something to find out: "how long can I keep milk" → "find out how long to keep milk"."""
    for cue in patterns.MEASURE.finditer(low):
        asks, words = WORD.findall(text[cue.start("asks") : cue.end("asks")]), rest(text, cue.start("rest"))
        if len(words) < 2:
            continue
        if words[0].lower() in FIRST_PERSON | {"people", "they"}:
            yield Kind.LOOKUP, ["find", "out", *asks, "to", *words[1:]]
        elif verb := next((at for at, word in enumerate(words) if 0 < at < 5 and word.lower() in VERBS | {"be"}), 0):
            yield Kind.LOOKUP, ["find", "out", *asks, *words[:verb], cue["aux"], *words[verb:]]


def _topics(text: str, low: str) -> Iterator[Found]:
    for cue in patterns.TOPIC.finditer(low):
        words = rest(text, cue.end())
        doing = next((at for at, word in enumerate(words[:4]) if at and infinitive(word) and word.endswith("ing")), 0)
        if doing and words[doing - 1].lower() not in STOPWORDS:
            # "About staff swapping shifts" is about letting them.
            yield Kind.ABILITY, ["let", *words[:doing], infinitive(words[doing]), *words[doing + 1 :]]
        yield Kind.QUESTION, ["question", "about", *words]


def _commands(text: str, low: str, sentence: Sentence) -> Iterator[Found]:
    opening = patterns.OPENING_FILLER.match(low)
    words = rest(text, opening.end() if opening else 0)
    if len(words) > 2 and words[0].lower().endswith("ing") and (verb := infinitive(words[0])):
        # "Matching payments is manual work" is about matching payments.
        yield Kind.ABILITY, [verb, *words[1 : _predicate(words)]]
    elif _predicate(words) < len(words):
        return
    elif named := _named_action(words):
        yield Kind.COMMAND, named
    elif _is_command(words, is_subject=sentence.is_subject):
        yield Kind.COMMAND, words


def _predicate(words: Sequence[str]) -> int:
    """Where a finite verb begins before any subordinate clause does; the length if none does."""
    for at, word in enumerate(word.lower() for word in words):
        if at and word in CLAUSE_OPENERS | QUESTION_WORDS:
            break
        if at and word in patterns.FINITE | AUXILIARIES - {"have", "do"}:
            return at
    return len(words)


def _named_action(words: list[str]) -> list[str]:
    """An action named by a noun, as its verb: "import of contacts", "bulk edit for tags"; empty if there is none."""
    low = [word.lower() for word in words]
    skip = int(low[:1] != [] and low[0] in patterns.IN_BULK)
    if len(low) < skip + 3 or low[skip] not in VERBS or low[skip + 1] not in patterns.NOMINAL_LINK:
        return []
    if low[skip + 1] == "in" or low[skip] in WEAK_VERBS | {"look", "search", "filter", "check", "ask", "pay", "plan"}:
        return []
    return [*(["bulk"] if skip else []), words[skip], *words[skip + 2 :]]


def _headings(text: str, sentence: Sentence) -> Iterator[Found]:
    words = rest(text, 0)
    if not words:
        return
    low = [word.lower() for word in words]
    if low[0] == "no":
        yield Kind.THING, ["add", *(_thing(words[1:]))]
    elif len(words) > 1 and low[-1] == "missing":
        yield Kind.THING, ["add", *(words[:-2] if low[-2] in _BE else words[:-1])]
    elif _predicate(words) < len(words):
        return
    elif sentence.is_subject:
        # One or two words are no title by themselves.
        yield (Kind.QUESTION, ["question", "about", *words]) if len(words) < 3 else (Kind.HEADING, words)
    elif len(words) >= 3 and not (STOPWORDS - PREPOSITIONS - ARTICLES - {"and"}).intersection(low):
        # No verb that is known, nobody who speaks: a thing that is wanted, or is in trouble.
        yield Kind.FRAGMENT, words
    # "Dark mode?" is short for "could there be".
    if sentence.is_question and 2 <= len(words) <= 5 and not STOPWORDS.intersection(low):
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
    if len(low) < 2 or low[0] not in VERBS or low[1] in AUXILIARIES or words[-1].lower() == "missing":
        return False
    determined = low[1] in ARTICLES | POSSESSIVES | OTHER_POSSESSIVES | DEGREE_WORDS | {"one"}
    if low[0] in patterns.NOUN_VERBS and not determined:
        # "Open calls go to", "change record demanded by": a finite verb or a subject line makes the first word a noun.
        return not is_subject and not any(
            word in AUXILIARIES or word in {"go", "goes"} or word.endswith("ed") for word in low[1:]
        )
    return True


def _may_be_verb(word: str) -> bool:
    return (
        word.isalpha()
        and word.islower()
        and len(word) > 2
        and word not in STOPWORDS
        and not word.endswith(("ing", "ly"))
    )


def _thing(words: list[str]) -> list[str]:
    """The noun phrase that follows a cue for a thing, without what quantifies it; empty if it is none."""
    while (
        words and words[0].lower() in {"any", "some", "really", "is", "still", "just", "only", "also", "such"} | FILLERS
    ):
        words = words[1:]
    if not words or words[0].lower() in WEAK_VERBS | (STOPWORDS - ARTICLES - POSSESSIVES - {"one", "more"}):
        return []
    low = [word.lower() for word in words[:6]]
    if low[0] in VERBS - patterns.NOUN_VERBS and not low[0].endswith("ing"):
        return []
    if any(first == "to" and second in VERBS for first, second in pairwise(low)):
        # "Want managers to see it" is no wish for managers.
        return []
    if words[0].lower() in {"way", "ways", "possibility"} or (
        len(words) > 1 and words[1].lower() in {"way", "possibility"}
    ):
        return []
    return words
