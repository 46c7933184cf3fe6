"""All rows, read once, with how common their words, domains and numbers are: rare things in common say more."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from customers.engine.identity.domains import domain_word, registered_domain
from customers.engine.identity.folding import folded, visible
from customers.engine.identity.lexicon import COMMON_SURNAMES, POPULAR_WORDS, TRADE_WORDS
from customers.engine.identity.names import Name, Place, canonical, read_names
from customers.engine.identity.places import PLACES, country_code
from customers.engine.identity.rows import CompanyRow

# A small corpus does not know which words are common: as if this many companies had been read before it.
_BACKGROUND = 2_000
# How many of them carry a word of each kind.
_TRADE, _POPULAR, _SURNAME, _PLACE, _SHORT, _NUMBER, _OTHER = 40.0, 10.0, 8.0, 10.0, 2.0, 4.0, 0.2
# One company in three systems may be written in three ways: its own spellings do not make a word common.
_OWN_SPELLINGS = 3
_NARROWEST_FIELD = 15
_WORLDWIDE_ENDINGS = frozenset({"ai", "app", "cc", "co", "fm", "gg", "io", "la", "ly", "me", "sh", "so", "to", "tv"})
_EXTENSION = re.compile(r"(?:ext|x|#|durchwahl)\.?\s*\d+\s*$", re.IGNORECASE)
_NO_ID = re.compile(r"[^a-z0-9]+")

TRADE = frozenset(canonical(word) for word in TRADE_WORDS)
_POPULAR_FOLDED = frozenset(canonical(word) for word in POPULAR_WORDS)
_SURNAMES = frozenset(canonical(word) for word in COMMON_SURNAMES)
PLACE_WORDS = frozenset(words[0] for words in PLACES if len(words) == 1)


@dataclass(frozen=True)
class ReadRow:
    """One row, read. `phone`: its last nine digits; `tax_id`: letters and digits only.

    `seat`: the country by the country field or else the tax number. `lands`: where the company may sit, the seat or
    else where its legal form is known, or else where its domain ends; none when nothing tells.
    """

    row: CompanyRow
    names: tuple[Name, ...]
    domain: str
    contact_domains: frozenset[str]
    country: str
    seat: frozenset[str]
    lands: frozenset[str]
    tax_id: str
    phone: str
    external_id: str

    @property
    def domains(self) -> frozenset[str]:
        """Website and contacts."""
        return self.contact_domains | {self.domain} if self.domain else self.contact_domains


Spoken = tuple[str, frozenset[Place]]


@dataclass(frozen=True)
class Corpus:
    """Rows in the order of their keys, with counts.

    `words`: word → number of different names that hold it; `companies`: number of different names; `users`: domain,
    phone or tax number → number of different names under it; `namesakes`: name and its places → how many more
    companies than one its rows seem to be; `id_trust`: points that an equal external id is worth here.
    `parts`: name in one word → number of different places that names of it hold, beside it but not in brackets.
    """

    rows: tuple[ReadRow, ...]
    words: Counter[str]
    companies: int
    users: Counter[str]
    namesakes: dict[Spoken, float]
    parts: Counter[str]
    id_trust: float

    def commonness(self, word: str) -> float:
        """Share of companies that carry the word, leaving out one company's own spellings of itself."""
        return (max(self.words[word] - _OWN_SPELLINGS, 0) + background(word)) / (self.companies + _BACKGROUND)

    def established(self, word: str) -> bool:
        """Whether the word is one that several companies carry, not somebody's slip of the pen."""
        return self.words[word] > _OWN_SPELLINGS or background(word) >= _SURNAME

    def strangers(self, key: str) -> int:
        """How many companies use a domain, phone or tax number, at least one."""
        return max(self.users[key] - _OWN_SPELLINGS + 1, 1)


def read_corpus(rows: Iterable[CompanyRow]) -> Corpus:
    """Read the rows.

    Raises:
        ValueError: two rows have one key.
    """
    ordered = sorted(rows, key=lambda row: row.key)
    for one, two in pairwise(ordered):
        if one.key == two.key:
            raise ValueError(f"Two accounts have the key {one.key!r}: every account needs a key of its own.")
    widths = _field_widths(ordered)
    read = tuple(_read(row, widths.get(row.system, 0)) for row in ordered)
    cores = {name.core for row in read for name in row.names if name.core}
    users: defaultdict[str, set[str]] = defaultdict(set)
    for row in read:
        for key in (*row.domains, row.phone, row.tax_id):
            if key:
                users[key].add(row.names[0].squeezed)
    return Corpus(
        rows=read,
        words=Counter(word for core in cores for word in set(core)),
        companies=len(cores),
        users=Counter({key: len(names) for key, names in users.items()}),
        namesakes=_namesakes(read, users),
        parts=_parts(read),
        id_trust=_id_trust(read),
    )


def _namesakes(rows: Sequence[ReadRow], users: dict[str, set[str]]) -> dict[Spoken, float]:
    """How many more companies than one the rows of a name seem to be.

    One system seldom holds a company thrice, and one company seldom has two countries or two domains: half a company
    each, as both happen by mistake, and a tenth where the domains differ in their ending only.
    """
    carriers: defaultdict[Spoken, list[ReadRow]] = defaultdict(list)
    for row in rows:
        carriers[row.names[0].squeezed, row.names[0].places].append(row)
    found: dict[Spoken, float] = {}
    for name, same in carriers.items():
        crowd = max(Counter(row.row.system for row in same).values()) - 2
        countries = len({row.country for row in same} - {""}) - 1
        domains = {row.domain for row in same if row.domain and len(users[row.domain]) <= _OWN_SPELLINGS}
        words = len({domain_word(domain) for domain in domains}) - 1
        if (more := max(crowd, 0.5 * countries, 0.5 * words, 0.1 * (len(domains) - 1))) > 0:
            found[name] = more
    return found


def _parts(rows: Sequence[ReadRow]) -> Counter[str]:
    spoken = {(name.squeezed, name.places) for row in rows for name in row.names if name.places and not name.aside}
    return Counter(name for name, _ in spoken)


def background(word: str) -> float:
    """How many companies of the background carry the word."""
    if word.isdigit():
        return _NUMBER
    if word in TRADE:
        return _TRADE
    if word in PLACE_WORDS or word in _POPULAR_FOLDED:
        return _POPULAR if word in _POPULAR_FOLDED else _PLACE
    if word in _SURNAMES:
        return _SURNAME
    return _SHORT if len(word) < 4 else _OTHER


def _field_widths(rows: Sequence[CompanyRow]) -> dict[str, int]:
    """Systems that cut names off, with the length at which they do: many names have it, next to none are longer."""
    lengths: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for row in rows:
        lengths[row.system][len(visible(row.name))] += 1
    widths: dict[str, int] = {}
    for system, counts in lengths.items():
        longer, all_rows = 0, counts.total()
        for length in sorted(counts, reverse=True):
            if length >= _NARROWEST_FIELD and counts[length] >= max(3, 2 * counts[length - 1], all_rows / 100):
                widths[system] = length
            longer += counts[length]
            if longer > all_rows / 200:
                break
    return widths


def _read(row: CompanyRow, width: int) -> ReadRow:
    # A space at the end of a cut name is lost on the way.
    names = read_names(row.name, cut=bool(width) and len(visible(row.name)) >= width - 1)
    own, country = registered_domain(row.domain), country_code(row.country)
    contacts = {registered_domain(domain) for domain in row.contact_domains}
    digits = "".join(sign for sign in folded(_EXTENSION.sub("", row.phone)) if sign.isdigit())
    tax_id = _NO_ID.sub("", folded(row.tax_id))
    seat = frozenset({country} - {""}) or _register(tax_id)
    return ReadRow(
        row=row,
        names=names,
        domain=own,
        contact_domains=frozenset(contacts - {""}),
        country=country,
        seat=seat,
        lands=seat or _form_lands(names[0]) or _ending(own),
        tax_id=tax_id if sum(sign.isdigit() for sign in tax_id) >= 4 else "",
        phone=digits[-9:] if len(digits) >= 7 and len(set(digits)) > 2 else "",
        external_id=_NO_ID.sub("", folded(row.external_id)),
    )


def _register(tax_id: str) -> frozenset[str]:
    """The country that a European tax number begins with."""
    return frozenset({country_code(tax_id[:2])} - {""}) if tax_id[2:].isdigit() else frozenset()


def _form_lands(name: Name) -> frozenset[str]:
    return name.forms[0].countries if name.forms else frozenset()


def _ending(domain: str) -> frozenset[str]:
    """The country of a domain, unless people everywhere use its ending."""
    ending = domain.rpartition(".")[2]
    code = "" if ending in _WORLDWIDE_ENDINGS else country_code(ending)
    return frozenset({code} - {""})


def _id_trust(rows: Sequence[ReadRow]) -> float:
    """Systems that number their accounts 1, 2, 3 share ids without meaning; how often the names agree tells."""
    holders: defaultdict[str, list[ReadRow]] = defaultdict(list)
    for row in rows:
        if row.external_id:
            holders[row.external_id].append(row)
    agree = differ = 0
    for sharing in holders.values():
        for one, two in pairwise(sharing):
            if one.row.system != two.row.system:
                same = bool(set(one.names[0].core) & set(two.names[0].core) or one.domains & two.domains)
                agree, differ = agree + same, differ + (not same)
    return min(6.0, max(0.0, 2.5 + math.log((agree + 0.5) / (differ + 0.5))))
