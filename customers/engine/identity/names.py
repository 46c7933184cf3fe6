"""A company's name taken apart: what is its own, what is its legal form, what tells a branch, a desk or a remark."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from customers.engine.identity.folding import folded, visible
from customers.engine.identity.legal_forms import CERTAIN_FORMS, LEADING_FORMS, LEGAL_FORMS, LEGAL_SIGNS
from customers.engine.identity.lexicon import (
    ABBREVIATIONS,
    ALIAS_MARKS,
    BINDING_WORDS,
    DEPARTMENTS,
    DESKS_BESIDE,
    REMARKS,
)
from customers.engine.identity.places import PLACES

Words = tuple[str, ...]
Place = tuple[str, str]

_LONGEST_NAME = 300  # signs; what follows is no name any more
_ALIAS = re.compile(ALIAS_MARKS, re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[{（【]([^)\]}）】]*)[)\]}）】]?")
_DASH = re.compile(r"\s+[-–—/@:]+\s+|\s*\|\s*")
_WORD_BESIDE = re.compile(r"\s*[(\[][^)\]]*$|\s+[-–—/|]\s+\S*(?:\s\S*)?$")
_COMMA = re.compile(r"\s*,\s+")
_WEB_NAME = re.compile(
    r"(?<![\w.])(?:https?://)?(?:www\.)?([\w-]{3,})\.(?:(?:com?|net|org)\.[a-z]{2}|com|net|org|io|ai|app|dev|eu|info|biz|"
    + "|".join(sorted({country for country, _ in PLACES.values()} | {"uk"}))
    + r")(?![\w.]\w)/?",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"(?<!\w)(?:\w\.\s?)+\w\.?(?!\w)")
_SLASHED = re.compile(r"(?<!\w)(\w)/(\w)(?!\w)")


@dataclass(frozen=True)
class LegalForm:
    """A legal form as usually written, and the countries that know it (none: known everywhere)."""

    usual: str
    countries: frozenset[str]


@dataclass(frozen=True)
class Name:
    """One name, read. All words are folded; abbreviations stand in their long form.

    `core`: the words that name the company, in order. `places`: (country, town) named beside the core, with a blank
    town for a country. `desks`: departments. `aside`: places and desks stand only in brackets or after a dash.
    `spelled`: the name in one word, as a domain would spell it, with and without binding words. `initials`: the first
    letters of its words, with and without binding words. `raw`: every word in order but those that bind. `cut`: the
    system cut the name off, so that its last word, which is left out of the core, may be half a word.
    """

    shown: str
    core: Words
    places: frozenset[Place]
    desks: frozenset[str]
    aside: bool
    forms: tuple[LegalForm, ...]
    spelled: frozenset[str]
    initials: frozenset[str]
    raw: Words
    cut: bool

    @property
    def squeezed(self) -> str:
        """The core in one word."""
        return "".join(self.core)


def _legal_forms() -> dict[Words, LegalForm]:
    forms: dict[Words, LegalForm] = {}
    for line in LEGAL_FORMS.strip("\n").splitlines():
        countries, usual, others = (part.strip() for part in line.split("|"))
        for spelling in [usual, *others.split(", ")]:
            words = tuple(folded(spelling).split())
            if words:
                known = forms.get(words)
                shared = frozenset(countries.split()) | (known.countries if known else frozenset())
                forms[words] = LegalForm(known.usual if known else usual, shared)
    return forms


def _long_forms() -> dict[str, str]:
    longer: dict[str, str] = {}
    for line in ABBREVIATIONS.strip().splitlines():
        usual, others = line.split(" | ")
        for word in others.split(", "):
            longer[folded(word)] = folded(usual)
        longer[folded(usual)] = folded(usual)
    return longer


_FORMS = _legal_forms()
FORM_WORDS = frozenset(word for form in _FORMS for word in form)
_BEGUN = {form[:length] for form in _FORMS for length in range(1, len(form))}
_LONGEST_FORM = max(map(len, _FORMS))
_LONG = _long_forms()
SPELLINGS: dict[str, frozenset[str]] = {
    usual: frozenset(word for word, longer in _LONG.items() if longer == usual and len(word) > 3)
    for usual in set(_LONG.values())
}
_LEADING = frozenset(map(folded, LEADING_FORMS))
_CERTAIN = frozenset(map(folded, CERTAIN_FORMS))
_BINDING = frozenset(map(folded, BINDING_WORDS))
_DESKS = frozenset(_LONG.get(folded(word), folded(word)) for word in DEPARTMENTS)
_DESKS_BESIDE = _DESKS | {_LONG.get(folded(word), folded(word)) for word in DESKS_BESIDE}
_REMARKS = frozenset(map(folded, REMARKS))


def canonical(word: str) -> str:
    """The usual long form of one word, folded: "Intl." and "international" meet."""
    return _LONG.get(folded(word), folded(word))


@lru_cache(maxsize=1 << 16)
def read_names(text: str, *, cut: bool = False) -> tuple[Name, ...]:
    """The names that a name field holds: usually one, more where it says "formerly" or "trading as"; never none.

    `cut`: the text ends where its system's field ends.
    """
    parts = [part.strip(" ()[],;-") for part in _ALIAS.split(visible(text)[:_LONGEST_NAME])]
    names = [_read(part, cut=cut and part is parts[-1]) for part in parts if part]
    return tuple(name for name in names if name.core) or (replace(_read("", cut=False), shown=visible(text)),)


def _read(text: str, *, cut: bool) -> Name:
    plain = _plain_signs(text)
    if cut and _WORD_BESIDE.search(plain):
        # What was cut off stands beside the name: a place or a desk, lost without harm.
        plain, cut = _WORD_BESIDE.sub("", plain), False
    everything = tuple(word for word in folded(plain).split() if word not in _BINDING)
    if cut and len(everything) > 1:
        plain = plain.rsplit(" ", 1)[0]
    body, asides = _without_asides(plain)
    words, forms = _without_forms(folded(body).split())
    if cut:
        words = _without_begun_form(words)
    core, places, desks = _roles(_joined_letters(words))
    beside, more_forms = _without_forms(folded(asides).split(), keep_one=False)
    _, aside_places, aside_desks = _roles(beside, beside=True)
    raw = [word for word in words if word not in _REMARKS] or words
    bare = [word for word in raw if word not in _BINDING]
    own = [word for word in bare if _LONG.get(word, word) in core]
    return Name(
        shown=text,
        core=tuple(core),
        places=frozenset(places + aside_places),
        desks=frozenset(desks + aside_desks),
        aside=not places and not desks,
        forms=(*forms, *more_forms),
        spelled=frozenset({"".join(raw), "".join(bare), "".join(own), "".join(core)} - {""}),
        initials=frozenset({"".join(word[0] for word in many) for many in (raw, bare) if len(many) > 1}),
        raw=everything,
        cut=cut,
    )


def _plain_signs(text: str) -> str:
    """Web addresses become words, foreign legal forms Latin ones, and initials lose their dots."""
    for sign, form in LEGAL_SIGNS.items():
        text = text.replace(sign, form)
    text = _WEB_NAME.sub(lambda found: found.group(1).replace("-", " "), text)
    text = _SLASHED.sub(r"\1\2", text).replace("&", " and ").replace("+", " and ")
    return _DOTTED.sub(lambda found: found.group().replace(".", "").replace(" ", "") + " ", text)


def _without_asides(text: str) -> tuple[str, str]:
    """The text, and what stands beside it: in brackets, or after a dash or comma when it names a place or a desk."""
    asides = _BRACKETS.findall(text)
    rest = _BRACKETS.sub(" ", text)
    if not folded(rest):
        return text, ""
    for mark in (_DASH, _COMMA):
        head, *tails = mark.split(rest)
        beside = [tail for tail in tails if _is_aside(tail)]
        if beside and folded(head):
            asides += beside
            rest = " ".join([head, *(tail for tail in tails if tail not in beside)])
    return rest, " ".join(asides)


def _is_aside(text: str) -> bool:
    words = folded(text).split()
    core, places, desks = _roles(words, beside=True)
    return bool(words) and not core and bool(places or desks or set(words) <= _REMARKS)


def _without_forms(words: list[str], *, keep_one: bool = True) -> tuple[list[str], list[LegalForm]]:
    """The words without legal forms at the end, the beginning, and, where no word looks like them, anywhere."""
    forms: list[LegalForm] = []
    least = 1 if keep_one else 0
    trailing = True
    while trailing:
        trailing = False
        for length in range(min(_LONGEST_FORM, len(words) - least), 0, -1):
            if form := _FORMS.get(tuple(words[-length:])):
                words, trailing = words[:-length], True
                forms.append(form)
                break
    if len(words) > least and words[0] in _LEADING:
        forms.append(_FORMS[(words[0],)])
        words = words[1:]
    inside = [word for word in words[1:] if word in _CERTAIN]
    forms += [_FORMS[(word,)] for word in inside]
    return [word for at, word in enumerate(words) if at == 0 or word not in _CERTAIN], forms


def _without_begun_form(words: list[str]) -> list[str]:
    """Without the first words of a longer legal form at the end: "sp z" of "sp z oo"."""
    for length in range(min(3, len(words) - 1), 0, -1):
        if tuple(words[-length:]) in _BEGUN:
            return words[:-length]
    return words


def _joined_letters(words: list[str]) -> list[str]:
    """Letters that stand alone next to each other become one word: "i b m" is "ibm"."""
    joined: list[str] = []
    open_run = False
    for word in words:
        letter = len(word) == 1 and word.isalpha()
        if letter and open_run:
            joined[-1] += word
        else:
            joined.append(word)
        open_run = letter
    return joined


def _roles(words: list[str], *, beside: bool = False) -> tuple[list[str], list[Place], list[str]]:
    """Core words, places and desks. A place that opens a name belongs to it ("Texas Instruments")."""
    core: list[str] = []
    places: list[Place] = []
    desks: list[str] = []
    known_desks = _DESKS_BESIDE if beside else _DESKS
    at = 0
    while at < len(words):
        length = _place_length(words, at) if core or beside else 0
        word = _LONG.get(words[at], words[at])
        if length:
            places.append(PLACES[tuple(words[at : at + length])])
        elif word in known_desks and (core or beside):
            desks.append(word)
        elif word not in _BINDING and words[at] not in _REMARKS:
            core.append(word)
        at += length or 1
    if core or beside:
        return core, places, desks
    return [_LONG.get(word, word) for word in words], [], []


def _place_length(words: list[str], at: int) -> int:
    for length in range(min(3, len(words) - at), 0, -1):
        if tuple(words[at : at + length]) in PLACES:
            return length
    return 0
