"""Forms of English verbs: back to the infinitive, and from it to the gerund."""

import re

from insights.engine.wording.lexicon import MALFUNCTIONS, VERBS

# Participles that no ending gives away.
_IRREGULAR = {
    "bought": "buy",
    "broke": "break",
    "done": "do",
    "drawn": "draw",
    "found": "find",
    "froze": "freeze",
    "given": "give",
    "held": "hold",
    "hidden": "hide",
    "hung": "hang",
    "kept": "keep",
    "lost": "lose",
    "made": "make",
    "paid": "pay",
    "put": "put",
    "read": "read",
    "seen": "see",
    "sent": "send",
    "set": "set",
    "shown": "show",
    "split": "split",
    "taken": "take",
    "told": "tell",
    "undone": "undo",
    "written": "write",
}
_KNOWN = VERBS | MALFUNCTIONS
# One syllable that ends on one vowel and one consonant doubles it; so do a few longer ones.
_DOUBLES = re.compile(r"^(?:[^aeiou]*(?:qu)?[aeiou][^aeiouwxy]|.*(?:mit|fer|cur|gin|get))$")
_DOES_NOT_DOUBLE = frozenset({"offer", "target", "budget"})


def infinitive(word: str) -> str:
    """The base form of a gerund or participle, "" if it is none of a known verb: "swapping", "swapped" → "swap"."""
    low = word.lower()
    stem = low[: -len(ending)] if (ending := next((e for e in ("ing", "ed") if low.endswith(e)), "")) else ""
    if len(stem) < 2:
        return _IRREGULAR.get(low, "")
    bases = [f"{stem}e", stem, stem[:-1] if stem[-1] == stem[-2] else ""]
    if stem in _KNOWN and f"{stem}e" not in _KNOWN:
        return stem
    if stem[-1] == "i" and ending == "ed":
        bases.append(f"{stem[:-1]}y")
    return next((base for base in bases if base in _KNOWN), "")


def base_form(word: str) -> str:
    """The base form of a known verb in the third person or the past, "" if it is none: "crashes" → "crash"."""
    low = word.lower()
    if low in _KNOWN:
        return low
    bases = (low.removesuffix("s"), low.removesuffix("es"), f"{low.removesuffix('ies')}y")
    found = next((base for base in bases if base in _KNOWN), "") if low.endswith("s") else ""
    return found or infinitive(low)


def gerund(base: str) -> str:
    """The -ing form of a base form: "swap" → "swapping"."""
    if base.endswith("ie"):
        return f"{base[:-2]}ying"
    if base.endswith("e") and not base.endswith(("ee", "oe", "ye")) and base != "be":
        return f"{base[:-1]}ing"
    doubled = base[-1] if _DOUBLES.match(base) and base not in _DOES_NOT_DOUBLE else ""
    return f"{base}{doubled}ing"
