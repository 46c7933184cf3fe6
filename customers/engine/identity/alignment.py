"""Two names laid side by side, word by word: what they share, what is left, what was written differently."""

from dataclasses import dataclass

from rapidfuzz.distance import OSA

from customers.engine.identity.corpus import TRADE, Corpus, background
from customers.engine.identity.names import SPELLINGS, Name, Words
from customers.engine.identity.rows import Reason

_LONGEST_ALIGNED = 12  # words
_VOWELS = frozenset("aeiouy")
_RARE = 3.0  # companies of the background that carry a word, below which it may be an abbreviation
_CUT_OFF, _WORD_ORDER, _SPACING = -0.3, -0.3, -0.3
_LETTER, _TRADE_LETTER, _JOINED_LETTER = -1.2, -0.8, -1.5  # for each letter put in, left out, changed or swapped
_SHORT_WORD, _FIRST_LETTER, _NO_OTHER_WORD = -1.0, -0.7, -0.6
_TRADE_SHORTENED, _SHORTENED, _TRADE_CHANGED, _BEGINS = -1.0, -2.5, -2.0, -2.5


@dataclass(frozen=True)
class Alignment:
    """`shared`: for each word of both names its spellings, `left` and `right`: words of one name only, `slips`: what
    it costs to take different spellings for one."""

    shared: tuple[Words, ...]
    left: Words
    right: Words
    slips: tuple[Reason, ...]


def aligned(left: Name, right: Name, corpus: Corpus) -> Alignment:
    """The words of two names that are not cut off, paired so that as many as possible are shared."""
    one, two = left.core[:_LONGEST_ALIGNED], right.core[:_LONGEST_ALIGNED]
    if one == two:
        return _whole(one)
    rest_two = list(two)
    rest_one = [word for word in one if not _taken(rest_two, word)]
    if not rest_one and not rest_two:
        return _whole(one, Reason("word order", "the words stand in another order", _WORD_ORDER))
    if left.spelled & right.spelled or "".join(rest_one) == "".join(rest_two):
        # Of a name in one word nobody knows how common its parts are: the other name tells.
        return _whole(max((one, two), key=len), Reason("spacing", "words are joined differently", _SPACING))
    same = list(one)
    for word in rest_one:
        same.remove(word)
    pairs, slips = _respelled(rest_one, rest_two, corpus)
    if slips and len(one) == len(two) == 1:
        slips.append(Reason("spelling", "and the names hold no other word", _NO_OTHER_WORD))
    unequal = rest_one and rest_two and (len(rest_one) != len(rest_two) or not (same or pairs))
    if unequal and (joined := _joined(one, two, rest_one, rest_two)):
        return joined
    return Alignment(
        (*((word,) for word in same), *pairs),
        tuple(rest_one),
        tuple(rest_two),
        tuple(slips),
    )


def beginning(left: Name, right: Name) -> Alignment | None:
    """The alignment when one name was cut off by its system and is the beginning of the other, else none."""
    for short, long in ((left, right), (right, left)):
        begun, whole = " ".join(short.raw), " ".join(long.raw)
        if not short.cut or long.cut or not begun or len(begun) > len(whole) + 1:
            continue
        distance = OSA.distance(begun, whole[: len(begun)], score_cutoff=2)
        last = short.raw[-1]
        goes_on = any(word.startswith(last) for word in long.raw[max(len(short.raw) - 2, 0) : len(short.raw) + 1])
        if distance <= 2 and (goes_on or (len(last) > 4 and distance < 2)):
            told = f"one name is cut off ({short.shown})"
            return _whole(short.core, Reason("cut off", told, _CUT_OFF + _LETTER * distance))
    return None


def _whole(words: Words, *slips: Reason) -> Alignment:
    return Alignment(tuple((word,) for word in words), (), (), slips)


def _taken(words: list[str], word: str) -> bool:
    found = word in words
    if found:
        words.remove(word)
    return found


def _respelled(left: list[str], right: list[str], corpus: Corpus) -> tuple[list[Words], list[Reason]]:
    """Pairs of words that are one word written differently, taken out of both lists."""
    pairs: list[Words] = []
    slips: list[Reason] = []
    for word in list(left):
        near = [(slip, other) for other in right if (slip := _slip(word, other, corpus)) is not None]
        if near:
            points, other = max(near)
            left.remove(word)
            right.remove(other)
            pairs.append((word, other))
            slips.append(Reason("spelling", f"spelled differently: {word} / {other}", points))
    return pairs, slips


def _slip(one: str, two: str, corpus: Corpus) -> float | None:
    """Points of two words being one word written differently, none when they are different words."""
    if not one.isalpha() or not two.isalpha():
        return None
    short, long = sorted((one, two), key=len)
    if _abbreviates(short, long) and (points := _shortening(short, long)):
        return points
    # Two words that several companies carry each are two words, however near: "Meyer", "Mayer".
    if corpus.established(one) and corpus.established(two):
        return None
    most = _most_slips(short, long)
    distance = min(
        OSA.distance(a, b, score_cutoff=most)
        for a in SPELLINGS.get(one, frozenset()) | {one}
        for b in SPELLINGS.get(two, frozenset()) | {two}
    )
    if distance > most:
        return None
    if one in TRADE or two in TRADE:
        return _TRADE_LETTER * distance
    short_word = _SHORT_WORD if len(short) < 6 else 0.0
    first_letter = _FIRST_LETTER if one[0] != two[0] else 0.0
    return _LETTER * distance + short_word + first_letter


def _shortening(short: str, long: str) -> float | None:
    """Points of a shorter word for a longer one, none when the shorter one is a word of its own."""
    if background(short) < _RARE:
        return _TRADE_SHORTENED if long in TRADE else _SHORTENED
    return _TRADE_CHANGED if short in TRADE and long in TRADE else None


def _most_slips(short: str, long: str) -> int:
    """Letters that may differ: one in words of four, two of eight, three of thirteen."""
    return 0 if len(long) < 4 else sum(len(short) >= length for length in (3, 8, 13))


def _abbreviates(short: str, long: str) -> bool:
    """Whether a word is the beginning of a longer one, or its consonants: "log", "mktg"."""
    if len(short) < 3 or len(long) < len(short) + 3 or short[0] != long[0]:
        return False
    letters = iter(long)
    skeleton = not set(short[1:]) & _VOWELS and all(letter in letters for letter in short)
    return long.startswith(short) or skeleton


def _joined(one: Words, two: Words, rest_one: list[str], rest_two: list[str]) -> Alignment | None:
    """Words joined on one side, and mistyped or followed by another as well."""
    left, right = "".join(rest_one), "".join(rest_two)
    short, long = sorted((left, right), key=len)
    if len(short) < 5 or not (left + right).isalpha():
        return None
    if not set(one) & set(two) and long.startswith(short):
        words = rest_one if short == left else rest_two
        return _whole(tuple(words), Reason("spelling", f"one name begins with the other: {short} / {long}", _BEGINS))
    most = 1 if len(short) < 10 else 2
    if (distance := OSA.distance(left, right, score_cutoff=most)) > most:
        return None
    slip = Reason("spelling", f"spelled differently: {left} / {right}", _JOINED_LETTER * distance)
    return _whole(max((one, two), key=len), slip)
