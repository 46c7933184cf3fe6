"""A made-up mess: accounts of three systems, written by many hands, with the companies behind them known.

Companies have names of several makes, branches, subsidiaries and namesakes. Each stands in one to three systems, now
and then twice in one, and every row is spoilt by several independent kinds of noise.
"""

import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import combinations

from customers.engine.identity.rows import CompanyRow
from tests.customers.engine.mess_words import (
    CALLING,
    COUNTRY_NAMES,
    DESKS,
    ENDINGS,
    FORMS,
    FREE_MAIL,
    HIDDEN,
    POPULAR,
    REMARKS,
    SHORT,
    SURNAMES,
    SYLLABLES,
    TOWNS,
    TRADES,
)

SYSTEMS = ("crm", "billing", "support")
CUT = 35  # signs that the name field of the billing system holds


@dataclass(frozen=True)
class Company:
    """What is true. `family`: companies of one owner share it. `head`: the others of the family are filed under it."""

    words: tuple[str, ...]
    country: str
    town: str
    form: tuple[str, ...]
    domain: str
    tax_id: str
    phone: str
    family: int
    head: bool = False


@dataclass(frozen=True)
class Mess:
    """Rows, and the number of the company behind each row's key."""

    rows: tuple[CompanyRow, ...]
    company: dict[str, int]

    def true_pairs(self) -> set[tuple[str, str]]:
        """Pairs of keys, smaller first, of one company."""
        members: dict[int, list[str]] = {}
        for key, number in self.company.items():
            members.setdefault(number, []).append(key)
        return {(min(pair), max(pair)) for keys in members.values() for pair in combinations(keys, 2)}


def mess(seed: int, size: int = 5_000) -> Mess:
    """At least `size` rows; the same for the same seed."""
    draw = random.Random(seed)  # noqa: S311 - test data
    taken: dict[str, int] = {}
    rows: list[CompanyRow] = []
    company: dict[str, int] = {}
    heads: dict[tuple[int, str], str] = {}
    number = 0
    resellers = [_brand(draw).lower() + "-partners.com" for _ in range(max(size // 600, 1))]
    while len(rows) < size:
        for wished in _companies(draw, number):
            one = _with_free_domain(wished, taken)
            crm_id = ""
            systems = draw.sample(SYSTEMS, draw.choices((1, 2, 3), (45, 35, 20))[0])
            if draw.random() < 0.03:
                systems.append(systems[0])
            for system in sorted(systems):
                key = f"{system}-{draw.randrange(10**9):09d}-{len(rows)}"
                row = _row(draw, one, key, system, resellers)
                if system == "crm":
                    crm_id = crm_id or key
                    if one.head:
                        heads[one.family, system] = key
                    elif (one.family, system) in heads and draw.random() < 0.5:
                        row = replace(row, parent=heads[one.family, system])
                elif system == "billing" and draw.random() < 0.15:
                    row = replace(row, external_id=crm_id)
                if system == "crm":
                    row = replace(row, external_id=key)
                rows.append(row)
                company[key] = number
            number += 1
    draw.shuffle(rows)
    return Mess(tuple(rows), company)


def _brand(draw: random.Random) -> str:
    parts = [draw.choice(SYLLABLES[0]), draw.choice(SYLLABLES[1]), draw.choice(SYLLABLES[2])]
    return "".join(parts[: draw.choice((2, 3, 3))] if len(parts[0]) > 2 else parts).capitalize()


def _companies(draw: random.Random, number: int) -> list[Company]:
    """One company, or several that are easily taken for one."""
    country = draw.choices(list(TOWNS), (30, 15, 15, 8, 6, 5, 6, 5, 6, 4))[0]
    first = _company(draw, _name(draw, country), country, number)
    kind = draw.random()
    if kind < 0.05:
        return [replace(first, head=True), *_subsidiaries(draw, first)]
    if kind < 0.06:
        towns = draw.sample(TOWNS[country], draw.randint(3, 5))
        branches = [_company(draw, (*first.words, town), country, number) for town in towns]
        return [replace(branch, domain=first.domain) for branch in branches]
    if kind < 0.09 and (len(first.words) <= 2 or "&" in first.words) and {first.words[0]} & {*SURNAMES, *POPULAR}:
        elsewhere = draw.choice([other for other in TOWNS if other != country])
        return [first, _company(draw, first.words, elsewhere, number + 1)]
    if kind < 0.12 and len(first.words) > 1:
        return [first, _company(draw, (*first.words[:-1], draw.choice(TRADES)), country, number + 1)]
    if kind < 0.13:
        one, two = draw.sample(range(10, 100), 2)
        return [_company(draw, (*first.words, str(age)), country, -number - age) for age in (one, two)]
    return [first]


def _with_free_domain(company: Company, taken: dict[str, int]) -> Company:
    """Two companies own one domain only within a family."""
    label, _, ending = company.domain.partition(".")
    trade = _plain(company.words[-1]).lower()
    for domain in (company.domain, f"{label}.{ENDINGS[company.country]}", f"{label}-{trade}.{ending}"):
        if taken.setdefault(domain, company.family) == company.family:
            return replace(company, domain=domain)
    return replace(company, domain=f"{label}{len(taken)}.{ending}")


def _subsidiaries(draw: random.Random, head: Company) -> list[Company]:
    found = []
    for country in draw.sample([land for land in TOWNS if land != head.country], draw.randint(1, 3)):
        one = _company(draw, (*head.words, COUNTRY_NAMES[country]), country, head.family)
        own = f"{head.domain.partition('.')[0]}.{ENDINGS[country]}"
        found.append(replace(one, domain=draw.choice((head.domain, own))))
    return found


def _name(draw: random.Random, country: str) -> tuple[str, ...]:
    kind = draw.random()
    if kind < 0.40:
        return (_brand(draw), draw.choice(TRADES)) if draw.random() < 0.6 else (_brand(draw),)
    if kind < 0.60:
        name = draw.choice(SURNAMES)
        ending = draw.choice((("&", "Sons"), ("Brothers",), ("&", draw.choice(SURNAMES)), (), ("Group",)))
        return (name, *ending, draw.choice(TRADES)) if draw.random() < 0.6 or not ending else (name, *ending)
    if kind < 0.72:
        return (draw.choice(TOWNS[country]), draw.choice(TRADES), *draw.sample(TRADES, 1 if draw.random() < 0.4 else 0))
    if kind < 0.92:
        return (draw.choice(POPULAR), *draw.sample(TRADES, draw.choice((1, 2))))
    return (draw.choice((*POPULAR, *SURNAMES)), "International", *draw.sample(TRADES, 2))


def _company(draw: random.Random, words: tuple[str, ...], country: str, family: int) -> Company:
    plain = [_plain(word).lower() for word in words if word != "&"]
    label = draw.choices(("".join(plain), "-".join(plain), plain[0], _initials(words).lower()), (50, 15, 25, 10))[0]
    if len(label) < 3:
        label = "".join(plain)
    ending = draw.choice(("com", ENDINGS[country]))
    digits = "".join(draw.choices("0123456789", k=9))
    return Company(
        words=words,
        country=country,
        town=draw.choice(TOWNS[country]),
        form=draw.choice(FORMS[country]),
        domain=f"{label}.{ending}",
        tax_id=country + "".join(draw.choices("0123456789", k=9)),
        phone=f"+{CALLING[country]} {digits[:2]} {digits[2:]}",
        family=family,
    )


def _row(draw: random.Random, company: Company, key: str, system: str, resellers: list[str]) -> CompanyRow:
    return CompanyRow(
        key=key,
        system=system,
        name=_written(draw, company, system),
        domain=_written_domain(draw, company, resellers),
        country=_written_country(draw, company),
        tax_id=company.tax_id if draw.random() < (0.4 if system == "billing" else 0.1) else "",
        phone=_written_phone(draw, company),
        contact_domains=tuple(
            company.domain if draw.random() < 0.8 else draw.choice((*FREE_MAIL, draw.choice(resellers)))
            for _ in range(draw.choice((0, 0, 1, 2)))
        ),
    )


def _written(draw: random.Random, company: Company, system: str) -> str:
    kind = draw.random()
    if kind < 0.015 and len(company.words) > 2:
        name = _initials(company.words)
    elif kind < 0.035:
        name = company.domain
    else:
        name = _written_in_full(draw, company)
    return name[:CUT].strip() if system == "billing" else name


def _written_in_full(draw: random.Random, company: Company) -> str:
    words = company.words
    for chance, spoil in _WORD_NOISE:
        if draw.random() < chance:
            words = spoil(draw, words)
    name = " ".join(words)
    if draw.random() < 0.65:
        form = draw.choice(company.form) if draw.random() < 0.5 else company.form[0]
        name += form if form.startswith(",") else f" {form}"
    for chance, beside in (
        (0.03, draw.choice((" ({})", " - {}", ", {}")).format(company.town)),
        (0.02, draw.choice((" ({})", " - {}")).format(draw.choice(DESKS))),
        (0.01, f" {draw.choice(REMARKS)}"),
    ):
        if draw.random() < chance:
            name += beside
    for chance, noise in _TEXT_NOISE:
        if draw.random() < chance:
            name = noise(draw, name)
    return name


def _abbreviated(_: random.Random, words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(SHORT.get(word, word) for word in words)


def _turned(_: random.Random, words: tuple[str, ...]) -> tuple[str, ...]:
    return words if "&" in words else (*words[1:], words[0])


def _one_word(_: random.Random, words: tuple[str, ...]) -> tuple[str, ...]:
    return ("".join(words[:2]), *words[2:]) if "&" not in words[:3] else words


def _without_last(_: random.Random, words: tuple[str, ...]) -> tuple[str, ...]:
    return words[:-1] if len(words) > 2 and words[-2] != "&" and words[-1] in TRADES else words


def _with_group(draw: random.Random, words: tuple[str, ...]) -> tuple[str, ...]:
    return (*words, draw.choice(("Group", "Holding", "International")))


def _with_article(_: random.Random, words: tuple[str, ...]) -> tuple[str, ...]:
    return ("The", *words)


def _typed_wrong(draw: random.Random, name: str) -> str:
    at = draw.randrange(max(len(name) - 6, 1))
    letter = draw.choice("abcdefghijklmnopqrstuvwxyz")
    slips = (
        name[:at] + name[at + 1 :],
        name[:at] + letter + name[at:],
        name[:at] + letter + name[at + 1 :],
        name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :],
        name[: at + 1] + name[at:],
    )
    return draw.choice(slips)


def _plain(text: str) -> str:
    text = text.replace("ß", "ss").replace("ø", "o").replace("ł", "l").replace("Ł", "L").replace("'", "")
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def _without_signs(draw: random.Random, name: str) -> str:
    if draw.random() < 0.5:
        for sign, pair in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ø", "oe"), ("å", "aa")):
            name = name.replace(sign, pair)
    return _plain(name)


def _with_and(draw: random.Random, name: str) -> str:
    return name.replace(" & ", draw.choice((" and ", " + ", " and ", " und ")))


def _with_hidden_signs(draw: random.Random, name: str) -> str:
    at = draw.randrange(len(name) + 1)
    return name[:at] + draw.choice(HIDDEN) + name[at:] + draw.choice(("", " ", "\t"))


def _initials(words: tuple[str, ...]) -> str:
    return "".join(_plain(word)[0] for word in words if word != "&").upper()


_WORD_NOISE: tuple[tuple[float, Callable[[random.Random, tuple[str, ...]], tuple[str, ...]]], ...] = (
    (0.15, _abbreviated),
    (0.015, _turned),
    (0.02, _one_word),
    (0.02, _without_last),
    (0.02, _with_group),
    (0.02, _with_article),
)
_TEXT_NOISE: tuple[tuple[float, Callable[[random.Random, str], str]], ...] = (
    (0.06, _typed_wrong),
    (0.40, _without_signs),
    (0.40, _with_and),
    (0.12, lambda _, name: name.upper()),
    (0.05, lambda _, name: name.lower()),
    (0.04, lambda _, name: name.replace(".", "").replace(",", "")),
    (0.03, _with_hidden_signs),
)


def _written_domain(draw: random.Random, company: Company, resellers: list[str]) -> str:
    label, _, _ = company.domain.partition(".")
    written = draw.choice(("{}", "{}", "www.{}", "https://www.{}/", "http://{}/en", "info@{}"))
    kinds = {
        "": 300,
        draw.choice(resellers): 20,
        draw.choice(FREE_MAIL): 10,
        f"{_brand(draw).lower()}.com": 10,
        f"{label}.{draw.choice(list(ENDINGS.values()))}": 30,
        draw.choice((f"get{label}.com", f"{label}hq.com", f"{label}-group.com")): 15,
        written.format(company.domain): 615,
    }
    return draw.choices(list(kinds), list(kinds.values()))[0]


def _written_country(draw: random.Random, company: Company) -> str:
    kind = draw.random()
    if kind < 0.25:
        return ""
    if kind < 0.27:
        return draw.choice(list(TOWNS))
    return draw.choice((company.country, company.country, COUNTRY_NAMES[company.country]))


def _written_phone(draw: random.Random, company: Company) -> str:
    if draw.random() > 0.4:
        return ""
    if draw.random() < 0.25:
        return f"+{CALLING[company.country]} {draw.randrange(10**8, 10**9)}"
    return draw.choice((company.phone, company.phone.replace(" ", ""), company.phone.replace(" ", "-")))
