"""What two names say about whether their companies are one: shared words weighed by rarity, differences by kind.

Sharing words is worth -log(E) log-odds, where E is the number of other companies expected to hold the same words by
chance: companies x share of the rarest word x (product of the other words' shares) ** 0.6. This is the agreement weight
of Fellegi and Sunter, "A Theory for Record Linkage" (1969), with frequencies of values as in Winkler, "Frequency-Based
Matching in the Fellegi-Sunter Model" (2000); the exponent is there because words of a name depend on each other.
"""

import math
from dataclasses import replace

from rapidfuzz.distance import OSA

from customers.engine.identity.alignment import Alignment, aligned, beginning
from customers.engine.identity.branches import (
    cut_off_reasons,
    desk_reasons,
    form_reasons,
    place_reasons,
    told,
)
from customers.engine.identity.corpus import PLACE_WORDS, TRADE, Corpus, ReadRow
from customers.engine.identity.names import FORM_WORDS, Name
from customers.engine.identity.places import PLACES
from customers.engine.identity.rows import Reason

_SHARED = 6.1  # points of shared words that one other company is expected to hold as well
_LEAST_CHANCE = 0.02  # no name is so rare that nobody else could carry it
_ONLY_THESE = 0.3  # share of the companies holding some words whose names hold nothing else
_DEPENDENCE = 0.6
# A whole name of several words is seldom given twice, whatever its words: halfway between the product of their shares
# and the number of namesakes that a name has anyway.
_NAMESAKE, _MODEL = 0.06, 0.4
_INITIALS_CLUMP = 20.0  # initials are no random letters: this many times likelier to meet
_NOTHING_SHARED = -4.0
_CUT_AWAY = -0.75  # for each word that a name cut off before it may have held
_MISSING_AT_WORST = -6.0


def name_reasons(left: ReadRow, right: ReadRow, corpus: Corpus) -> tuple[Reason, ...]:
    """Evidence of the two names that are most alike (a row may carry a former name as well); none without a name."""
    readings = [_reasons(one, two, (left, right), corpus) for one in left.names for two in right.names]
    return max(readings, key=lambda reasons: sum(reason.points for reason in reasons))


def _reasons(left: Name, right: Name, rows: tuple[ReadRow, ReadRow], corpus: Corpus) -> tuple[Reason, ...]:
    if not left.core or not right.core:
        return ()
    shown = f"{left.shown} / {right.shown}"
    if initials := _initials(left, right, corpus, shown):
        return initials
    begins = beginning(left, right)
    found = begins or aligned(left, right, corpus)
    if not found.shared:
        return (Reason("names differ", f"the names share no word ({shown})", _NOTHING_SHARED),)
    left, right, found = _same_places(left, right, found)
    points = _worth(found, (left, right), corpus)
    worth = max(points, 0.0)
    many = max(corpus.parts[left.squeezed], corpus.parts[right.squeezed]) > 1
    return (
        Reason("shared words", _shared_text(found, left, right), points),
        *found.slips,
        *_left_over(found, (left, right), worth),
        *(() if begins else cut_off_reasons(left, right, found, worth)),
        *place_reasons(left, right, (rows[0].lands, rows[1].lands), worth, many=many),
        *desk_reasons(left, right),
        *form_reasons(left, right, (rows[0].seat, rows[1].seat)),
    )


def _same_places(left: Name, right: Name, found: Alignment) -> tuple[Name, Name, Alignment]:
    """A place that opens one name and stands later in the other is the same place."""
    moved = [word for word in found.left if PLACES.get((word,)) in right.places]
    back = [word for word in found.right if PLACES.get((word,)) in left.places]
    if not moved and not back:
        return left, right, found
    return (
        replace(left, places=left.places - {PLACES[(word,)] for word in back}),
        replace(right, places=right.places - {PLACES[(word,)] for word in moved}),
        replace(
            found,
            shared=(*found.shared, *((word,) for word in [*moved, *back])),
            left=tuple(word for word in found.left if word not in moved),
            right=tuple(word for word in found.right if word not in back),
        ),
    )


def _initials(left: Name, right: Name, corpus: Corpus, shown: str) -> tuple[Reason, ...]:
    for short, long in ((left, right), (right, left)):
        word = short.core[0]
        if len(short.core) == 1 and 3 <= len(word) <= 6 and word in long.initials:
            chance = corpus.companies * _INITIALS_CLUMP / 26 ** len(word)
            text = f"one name is the initials of the other ({shown})"
            return (Reason("initials", text, _SHARED - math.log1p(chance)),)
    return ()


def _worth(found: Alignment, names: tuple[Name, Name], corpus: Corpus) -> float:
    first, *others = sorted(max(corpus.commonness(word) for word in words) for words in found.shared)
    chance = corpus.companies * _ONLY_THESE * first * math.prod(others) ** _DEPENDENCE
    if not found.left and not found.right and names[0].places == names[1].places:
        if others:
            chance = chance**_MODEL * _NAMESAKE ** (1 - _MODEL)
        chance = max(chance, *(corpus.namesakes.get((name.squeezed, name.places), 0.0) for name in names))
    return _SHARED - math.log(chance + _LEAST_CHANCE)


def _shared_text(found: Alignment, left: Name, right: Name) -> str:
    shown = f"{left.shown} / {right.shown}"
    if found.left or found.right or left.places != right.places:
        return f"both names hold {' '.join(words[0] for words in found.shared)} ({shown})"
    if left.shown == right.shown:
        return f"same name ({left.shown})"
    if found.slips:
        return f"names nearly the same ({shown})"
    if left.raw != right.raw and set(left.raw) ^ set(right.raw) <= FORM_WORDS:
        return f"names differ only in legal form ({shown})"
    return f"names differ only in how they are written ({shown})"


def _left_over(found: Alignment, names: tuple[Name, Name], worth: float) -> tuple[Reason, ...]:
    """Words of one name only. As in `branches`, contradictions weigh more the rarer the shared words are."""
    if found.left and found.right:
        return (_contradiction(found, worth),)
    more = found.left or found.right
    if not more:
        return ()
    short, long = names if found.right else names[::-1]
    own = any(_kind(word) != "trade" for word in more)
    text = f"only one name holds {' '.join(more)}"
    if own and short.places - long.places and not short.aside:
        # The word is a place too small for any list.
        return (Reason("places differ", f"{text}, the other {told(short.places)}", -5 - worth),)
    if len(more) == 1 and _like_a_form(more[0], short):
        return (Reason("spelling", f"legal form spelled differently: {more[0]} / {short.forms[0].usual}", -1.0),)
    first, further = (-4.0, -1.0) if own else (-2.0, -0.75)
    points = _CUT_AWAY * len(more) if short.cut else first + further * (len(more) - 1)
    return (Reason("word missing", text, max(points, _MISSING_AT_WORST)),)


def _like_a_form(word: str, name: Name) -> bool:
    words = {part for form in name.forms for part in form.usual.split()}
    return any(len(part) > 1 and OSA.distance(word, part, score_cutoff=1) <= 1 for part in words)


def _contradiction(found: Alignment, worth: float) -> Reason:
    words = f"{' '.join(found.left)} / {' '.join(found.right)}"
    left, right = {_kind(word) for word in found.left}, {_kind(word) for word in found.right}
    if "number" in left and "number" in right:
        return Reason("numbers differ", f"different numbers: {words}", -7 - worth)
    if left == right == {"place"}:
        return Reason("places differ", f"different places: {words}", -7 - worth)
    if left == right == {"trade"}:
        return Reason("words differ", f"different words: {words}", -4.5 - 0.5 * worth)
    return Reason("words differ", f"different words: {words}", -6 - 0.6 * worth)


def _kind(word: str) -> str:
    if any(sign.isdigit() for sign in word):
        return "number"
    if word in TRADE:
        return "trade"
    return "place" if word in PLACE_WORDS else "own"
