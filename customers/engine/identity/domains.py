"""Web and e-mail domains: the part that somebody registered, and the word in it."""

import re
from functools import lru_cache

from publicsuffixlist import PublicSuffixList

from customers.engine.identity.folding import folded, visible
from customers.engine.identity.lexicon import DOMAIN_PREFIXES, DOMAIN_SUFFIXES, FREE_MAIL

_SUFFIXES = PublicSuffixList(accept_unknown=True)
_HOST = re.compile(r"^(?:[a-z][a-z0-9+.-]*://)?(?:[^/@\s]*@)?([^/:?#\s]+)")
_SHORTEST_WORD = 4  # letters that must be left when what surrounds a word is taken off


@lru_cache(maxsize=1 << 16)
def registered_domain(text: str) -> str:
    """The registered part of an address: "https://www.acme.co.uk/about" → "acme.co.uk".

    Blank for a free-mail domain, for a bare suffix and for what is no domain.
    """
    found = _HOST.match(visible(text).lower())
    host = found.group(1).strip(".") if found else ""
    if "." not in host or len(host) > 253:
        return ""
    try:
        domain = _SUFFIXES.privatesuffix(host.encode("idna").decode("ascii") if not host.isascii() else host)
    except UnicodeError:
        return ""
    return "" if not domain or domain in FREE_MAIL else domain


@lru_cache(maxsize=1 << 16)
def domain_word(domain: str) -> str:
    """The word that names the company in a registered domain, in one piece: "get-acme.com" → "acme"."""
    label = domain.partition(".")[0]
    if label.startswith("xn--"):
        try:
            label = label.encode("ascii").decode("idna")
        except UnicodeError:
            return ""
    words = folded(label).split()
    word = "".join(words)
    for prefix in DOMAIN_PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= _SHORTEST_WORD:
            word = word.removeprefix(prefix)
            break
    for suffix in DOMAIN_SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_WORD:
            return word.removesuffix(suffix)
    return word
