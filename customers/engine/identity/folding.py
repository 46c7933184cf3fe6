"""Text brought to plain lower-case letters, so that spellings of one word meet."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

_DIGRAPHS = re.compile("ae|oe|ue|aa")
_NO_WORD = re.compile(r"[^a-z0-9]+")


def visible(text: str) -> str:
    """The text without control and zero-width characters, compatibility forms resolved, spaces single."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    composed = unicodedata.normalize("NFKC", text)
    kept = "".join(
        "" if (kind := unicodedata.category(sign)) in ("Cf", "Cs", "Co", "Cn") else " " if kind == "Cc" else sign
        for sign in composed
    )
    return " ".join(kept.split())


@lru_cache(maxsize=1 << 16)
def folded(text: str) -> str:
    """Words of a to z and digits, one space apart; "Müller", "Mueller" and "MULLER" fold to one word.

    The digraphs by which ä, ö, ü, ø and å are written without their signs lose their second letter everywhere, in
    "blue" too: only equality matters.
    """
    seen = visible(text)
    plain = (seen if seen.isascii() else anyascii(seen)).lower().replace("'", "").replace("`", "")
    return _DIGRAPHS.sub(lambda found: found.group()[0], _NO_WORD.sub(" ", plain).strip())
