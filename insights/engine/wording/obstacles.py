"""What customers are kept from, and what is left to their hands: complaints turned into wishes.

"Patients can't move a visit" → "let patients move a visit"; "we copy the hours by hand" → "copy the hours
automatically".
"""

from collections.abc import Iterator

from insights.engine.wording import complaint_patterns as patterns
from insights.engine.wording.clauses import LONGEST_SUBJECT, NO_SUBJECT, is_plural, last_word, rest, subject_before
from insights.engine.wording.kinds import Found, Kind
from insights.engine.wording.lexicon import ARTICLES, FIRST_PERSON, QUESTION_WORDS, STOPWORDS, VERBS, WEAK_VERBS
from insights.engine.wording.patterns import PRODUCT
from insights.engine.wording.sentences import WORD
from insights.engine.wording.verbs import base_form, gerund, infinitive

_SPEAKER = FIRST_PERSON | {"staff", "people", "one", "nobody", "everyone"}


def obstacles(text: str, low: str) -> Iterator[Found]:
    """The wishes behind what one sentence says cannot be done; `low` is `text` in lower case, of the same length."""
    for rule in (_barred, _duties_of_things, _let, _allowed_too_much, _undone, _by_hand, _busy, _deprived):
        yield from rule(text, low)


def _barred(text: str, low: str) -> Iterator[Found]:
    """Someone else who cannot, or wants to: "Patients can't move a visit" asks to let them."""
    for cue in patterns.OTHERS_CANNOT.finditer(low):
        words, subject = rest(text, cue.end()), subject_before(text, cue.start())
        if not subject or len(words) < 2 or words[0].lower() not in VERBS | {"be"}:
            continue
        if words[0].lower() == "be":
            yield from _to_be(subject, words[1:])
        elif subject[-1].lower() in PRODUCT:
            yield Kind.ABILITY, words
        elif cue["wants"] is None or subject[-1].lower() in patterns.PERSONS or is_plural(subject[-1]):
            yield Kind.WISH, ["let", *subject, *words]


def _duties_of_things(text: str, low: str) -> Iterator[Found]:
    for cue in patterns.SHOULD_BE.finditer(low):
        words, subject = rest(text, cue.end()), subject_before(text, cue.start())
        if subject and words:
            yield from _to_be(subject, words)
    for cue in patterns.IT_SHOULD.finditer(low):
        words = rest(text, cue.end())
        if len(words) > 1 and words[0].lower() in (VERBS - WEAK_VERBS) | {"work"}:
            yield Kind.ABILITY, words


def _let(text: str, low: str) -> Iterator[Found]:
    """Others named in a wish: "can clock-ins work offline", "a page where guests could see it"."""
    for cue in (*patterns.OTHERS_COULD.finditer(low), *patterns.CAN_OTHERS.finditer(low)):
        words, who = rest(text, cue.end()), WORD.findall(text[cue.start("who") : cue.end("who")])
        is_sound = NO_SUBJECT.isdisjoint(cue["who"].split()) and who[-1].lower() not in ARTICLES
        if is_sound and len(words) > 1 and words[0].lower() in VERBS:
            yield Kind.WISH, words if who[-1].lower() in PRODUCT else ["let", *who, *words]


def _to_be(subject: list[str], words: list[str]) -> Iterator[Found]:
    """ "Be sorted" asks to sort, "be available" to make so."""
    verb = infinitive(words[0])
    if verb and not words[0].lower().endswith("ing"):
        yield Kind.ABILITY, [verb, *subject, *words[1:]]
    elif not verb and words[0].lower() not in STOPWORDS | patterns.NO_ADJECTIVE:
        yield Kind.ABILITY, ["make", *subject, *words]


def _allowed_too_much(text: str, low: str) -> Iterator[Found]:
    for cue in patterns.MUST_NOT.finditer(low):
        words, subject = rest(text, cue.end()), subject_before(text, cue.start())
        if subject and len(words) > 1 and words[0].lower() in VERBS:
            yield Kind.WISH, ["stop", *subject, "from", gerund(words[0].lower()), *words[1:]]


def _undone(text: str, low: str) -> Iterator[Found]:
    """What is not done, or would be welcome: "overdue bills are not followed up" → "follow up overdue bills"."""
    for cue in patterns.NOT_DONE.finditer(low):
        words, subject = rest(text, cue.end()), subject_before(text, cue.start())
        if subject and words and (verb := infinitive(words[0])) and not words[0].lower().endswith("ing"):
            particles = [words[1]] if len(words) > 1 and words[1].lower() in {"up", "out", "off", "in", "back"} else []
            yield Kind.ABILITY, [verb, *particles, *subject, *words[1 + len(particles) :]]
    for cue in (*patterns.WANTED_DONE.finditer(low), *patterns.IF_DONE.finditer(low)):
        verb = infinitive(cue["verb"])
        thing = WORD.findall(text[cue.start("thing") : cue.end("thing")])
        if verb and not NO_SUBJECT.intersection(word.lower() for word in thing) and len(thing) <= LONGEST_SUBJECT:
            yield Kind.WISH, [verb, *thing, *rest(text, cue.end())]
    for cue in patterns.MISSING.finditer(low):
        if subject := subject_before(text, cue.start()):
            verb = infinitive(subject[0]) if subject[0].lower().endswith("ing") else ""
            yield Kind.THING, [verb, *subject[1:]] if verb else ["add", *subject]


def _by_hand(text: str, low: str) -> Iterator[Found]:
    for cue in patterns.BY_HAND.finditer(low):
        start = next(
            (found.end() for found in reversed(list(patterns.SPEAKER_DOES.finditer(low[: cue.start()])))), None
        )
        words = WORD.findall(text[start : cue.start()]) if start is not None else []
        if len(words) > 1 and words[0].lower() in VERBS - WEAK_VERBS:
            yield Kind.ABILITY, [*words, "in", "one", "go"] if cue["each"] else [*words, "automatically"]


def _busy(text: str, low: str) -> Iterator[Found]:
    """What time goes into."""
    for cue in patterns.SPENDING.finditer(low):
        words = rest(text, cue.end())
        if len(words) > 1 and (verb := infinitive(words[0])):
            yield Kind.ABILITY, [verb, *words[1:]]


def _deprived(text: str, low: str) -> Iterator[Found]:
    """What the speaker does not get, see or know."""
    for cue in patterns.NOT_TOLD.finditer(low):
        yield Kind.WISH, ["get", "notified", *rest(text, cue.start("when"))]
    for cue in patterns.NOT_GOT.finditer(low):
        if last_word(text, cue.start()) not in _SPEAKER and not is_plural(last_word(text, cue.start())):
            continue
        words = rest(text, cue.end())
        verb = base_form(cue["verb"])
        if words and words[0].lower() in QUESTION_WORDS | {"whether", "if"}:
            yield Kind.LOOKUP, ["see", *words]
        elif words and verb != "know":
            yield Kind.ABILITY, [verb, *(words[1:] if words[0].lower() == "any" else words)]
