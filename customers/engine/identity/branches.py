"""What two names tell about being different parts of one company: places, desks, legal forms, and ends cut off.

Points against grow with what the shared words are worth (`worth`, at least 0): the rarer the words, the surer that both
belong to one family, and the more they would hide that its members differ.
"""

from customers.engine.identity.alignment import Alignment
from customers.engine.identity.corpus import TRADE
from customers.engine.identity.names import FORM_WORDS, LegalForm, Name, Place
from customers.engine.identity.rows import Reason

Lands = frozenset[str]

_FORM_BEGINNINGS = frozenset(word[:length] for word in FORM_WORDS - TRADE for length in range(1, len(word) + 1))
_TRADE_BEGINNINGS = frozenset(word[:length] for word in TRADE for length in range(3, len(word) + 1))


def place_reasons(
    left: Name, right: Name, lands: tuple[Lands, Lands], worth: float, *, many: bool
) -> tuple[Reason, ...]:
    """Places in the names against each other and against the countries in which the rows sit.

    `many`: other accounts of that name hold other places.
    """
    one, two = left.places, right.places
    if one == two:
        return ()
    if one and two:
        if one & two or _within(one, two) or _within(two, one):
            return (Reason("place missing", f"places told in different detail: {told(one)} / {told(two)}", -0.3),)
        return (Reason("places differ", f"different places: {told(one)} / {told(two)}", -7 - worth),)
    named, others, aside, cut = (
        (one, lands[1], left.aside, right.cut) if one else (two, lands[0], right.aside, left.cut)
    )
    text = f"only one name holds {told(named)}"
    if others and not others & {country for country, _ in named}:
        return (Reason("places differ", f"{text}, and the other sits elsewhere", -5 - worth),)
    towns = all(town for _, town in named)
    explained = (aside or cut) if towns else len(others) == 1
    if explained and not (many and cut):
        return (Reason("place missing", text, -0.5),)
    return (Reason("branch", text, -4.0 if many or not (towns or aside or cut) else -2.5),)


def _within(wide: frozenset[Place], narrow: frozenset[Place]) -> bool:
    lands = {country for country, town in wide if not town}
    return any(country in lands for country, town in narrow if town)


def told(places: frozenset[Place]) -> str:
    """The places for a person to read."""
    return ", ".join(sorted(town or country.upper() for country, town in places))


def desk_reasons(left: Name, right: Name) -> tuple[Reason, ...]:
    """Desks of one company are one company: they cost little."""
    if left.desks == right.desks:
        return ()
    text = f"{' '.join(sorted(left.desks)) or 'nothing'} / {' '.join(sorted(right.desks)) or 'nothing'}"
    return (Reason("desks differ", f"branch or department: {text}", -1.0 if left.desks and right.desks else -0.5),)


def form_reasons(left: Name, right: Name, seats: tuple[Lands, Lands]) -> tuple[Reason, ...]:
    """Legal forms against each other: of one company in two countries there are two companies."""
    if not left.forms or not right.forms:
        return ()
    one, two = left.forms[0], right.forms[0]
    text = f"{one.usual} / {two.usual}"
    if one.usual == two.usual:
        return (Reason("same legal form", f"same legal form ({one.usual})", 0.3),)
    if not one.countries or not two.countries or one.countries & two.countries:
        return (Reason("legal forms differ", f"different legal forms ({text})", -0.4),)
    if _at_home(one, seats[0]) and _at_home(two, seats[1]):
        return (Reason("branch", f"legal forms of two countries, and each sits in its own ({text})", -5.0),)
    return (Reason("legal forms differ", f"legal forms of different countries ({text})", -2.0),)


def _at_home(form: LegalForm, seat: Lands) -> bool:
    return bool(seat) and seat <= form.countries


def cut_off_reasons(left: Name, right: Name, shared: Alignment, worth: float) -> tuple[Reason, ...]:
    """Half a word at the end of a name that was cut off: it goes on as the other does, or tells that they differ."""
    for short, long in ((left, right), (right, left)):
        if not short.cut or len(short.raw) < 2:
            continue
        begun = short.raw[-1]
        text = f"one name is cut off ({short.shown})"
        if any(_goes_on(begun, word, long) for word in long.raw[1:]):
            return (Reason("cut off", text, -0.3),)
        if begun in _FORM_BEGINNINGS:
            return (Reason("cut off", text, -0.5 if len(begun) > 2 else -1.0),)
        ended = not long.cut and not long.places and not long.forms and len(long.core) <= len(shared.shared)
        if ended or (begun in _TRADE_BEGINNINGS and not shared.left and not shared.right):
            return (Reason("cut off", text, -1.5),)
        return (Reason("branch", f"{text}, and goes on otherwise than {long.shown}", -4 - 0.5 * worth),)
    return ()


def _goes_on(begun: str, word: str, long: Name) -> bool:
    return word.startswith(begun) or (begun.startswith(word) and (long.cut or len(word) > 2))
