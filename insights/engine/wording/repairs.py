"""What fails is to be fixed and what is slow sped up: complaints about the product, turned into wishes.

"The app crashes when I open a form" → "fix the app crashing when opening a form".
"""

from collections.abc import Iterator

from insights.engine.wording import complaint_patterns as patterns
from insights.engine.wording.clauses import last_word, rest, subject_before
from insights.engine.wording.kinds import Found, Kind
from insights.engine.wording.lexicon import FIRST_PERSON, MALFUNCTIONS, POINTERS, PREPOSITIONS, VERBS
from insights.engine.wording.patterns import PRODUCT
from insights.engine.wording.sentences import WORD
from insights.engine.wording.verbs import base_form, gerund, infinitive


def repairs(text: str, low: str) -> Iterator[Found]:
    """The repairs that one sentence asks for; `low` is `text` in lower case, of the same length."""
    for rule in (_broken, _failing, _keeping_on, _slow):
        yield from rule(text, low)


def _broken(text: str, low: str) -> Iterator[Found]:
    for cue in patterns.BROKEN.finditer(low):
        if subject := subject_before(text, cue.start()):
            # "Importing contacts does not work."
            verb = _task(subject)
            yield Kind.FIX, [verb, *subject[1:]] if verb else ["fix", *subject]
    for cue in patterns.DOES_NOT.finditer(low):
        subject, words = subject_before(text, cue.start()), rest(text, cue.end())
        if subject and words and base_form(words[0]) == words[0] and subject[-1].lower() not in patterns.PERSONS:
            yield Kind.ABILITY, words if subject[-1].lower() in PRODUCT else ["make", *subject, *words]


def _failing(text: str, low: str) -> Iterator[Found]:
    for cue in patterns.MALFUNCTION.finditer(low):
        how = [gerund(base_form(cue["verb"])), *([cue["particle"]] if cue["particle"] else [])]
        after = _occasion(rest(text, cue.end()))
        subject = subject_before(text, cue.start())
        if led := _led_to(text, low, cue.start()):
            who, occasion = led
            yield Kind.FIX, ["fix", *who, *how, *occasion]
        elif subject:
            yield Kind.FIX, ["fix", *how, "when", *subject] if _task(subject) else ["fix", *subject, *how, *after]
        elif after and low[: cue.start()].strip() in {"", "it", "everything", "still", "always"}:
            yield Kind.FIX, ["fix", *how, *after]


def _keeping_on(text: str, low: str) -> Iterator[Found]:
    for cue in patterns.KEEPS.finditer(low):
        words = rest(text, cue.end())
        if not words or not infinitive(words[0]):
            continue
        subject = subject_before(text, cue.start())
        if infinitive(words[0]) in MALFUNCTIONS:
            if subject:
                yield Kind.FIX, ["fix", *subject, *_occasion(words)]
        elif subject:
            yield Kind.FIX, ["stop", *subject, "from", *_occasion(words)]
        elif last_word(text, cue.start()) in FIRST_PERSON:
            yield Kind.FIX, ["stop", *_occasion(words)]


def _slow(text: str, low: str) -> Iterator[Found]:
    for cue in patterns.SLOW.finditer(low):
        words = rest(text, cue.end())
        if cue["task"] and len(words) > 1 and words[0].lower() in VERBS:
            yield Kind.FIX, [*_up_to_preposition(words), "faster"]
        elif subject := subject_before(text, cue.start()):
            verb = _task(subject)
            yield Kind.FIX, [verb, *subject[1:], "faster"] if verb else ["speed", "up", *subject]


def _task(subject: list[str]) -> str:
    """The infinitive of a subject that is something one does: "importing contacts" → import; "" if it is a thing."""
    return infinitive(subject[0]) if subject[0].lower().endswith("ing") else ""


def _occasion(words: list[str]) -> list[str]:
    """`words` with a speaker's "when I open a form" as "when opening a form"."""
    low = [word.lower() for word in words]
    for at, word in enumerate(low):
        clause = low[at + 1 :]
        if word in {"every", "each"} and clause[:1] == ["time"]:
            skip = 2
        elif word in {"when", "whenever", "while", "if", "once"}:
            skip = 1
        else:
            continue
        rest, rest_low = words[at + skip :], low[at + skip :]
        while rest_low and (rest_low[0] in FIRST_PERSON | {"am", "are", "was", "were", "try", "tried", "to", "want"}):
            rest, rest_low = rest[1:], rest_low[1:]
        if len(rest) == len(words) - at - skip:
            return words
        verb = base_form(rest_low[0]) if rest_low else ""
        return [*words[:at], *(["when", gerund(verb), *rest[1:]] if verb else [])]
    return words


def _led_to(text: str, low: str, end: int) -> tuple[list[str], list[str]] | None:
    """What fails and when, where the occasion comes first: "every time I open a form | it | crashes"."""
    found = patterns.LEADING_OCCASION.search(low[:end])
    verb = base_form(found["verb"]) if found else ""
    if found is None or not verb:
        return None
    subject = [] if found["subject"] in POINTERS | {"everything"} else WORD.findall(text[found.start("subject") : end])
    return subject, ["when", gerund(verb), *WORD.findall(text[found.start("rest") : found.end("rest")])]


def _up_to_preposition(words: list[str]) -> list[str]:
    end = next((at for at, word in enumerate(words) if at > 1 and word.lower() in PREPOSITIONS - {"of"}), len(words))
    return words[:end]
