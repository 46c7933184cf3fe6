"""Pairs that a person would call one company, pairs that only look so, and what is told about each."""

from itertools import product

import pytest

from customers.engine.identity.duplicates import PROPOSED, duplicate_pairs
from customers.engine.identity.rows import CompanyRow, DuplicatePair

# Enough other companies for the words to be as common as they are.
FIRST = ("Smith", "Johnson", "Apex", "Delta", "Summit", "Pioneer", "Global", "Miller", "Nordwind", "Talvik")
SECOND = ("Consulting", "Plumbing", "Logistics", "Foods", "Capital")
OTHERS = [CompanyRow(f"other {one} {two}", "crm", f"{one} {two}") for one, two in product(FIRST, SECOND)]

Told = tuple[str, ...]  # name, domain, country

SAME: list[tuple[Told, Told]] = [
    (("Acme Inc", "acme.com"), ("ACME Incorporated", "www.acme.com")),
    (("Acme Inc",), ("ACME, Incorporated",)),
    (("Müller Maschinenbau GmbH",), ("Mueller Maschinenbau",)),
    (("Müller Maschinenbau GmbH",), ("MULLER MASCHINENBAU G.m.b.H.",)),
    (("Smith & Sons Ltd", "smithsons.co.uk", "GB"), ("Smith and Sons Limited", "smithsons.co.uk")),
    (("Kvellora International Inc",), ("Kvellora Intl",)),
    (("Hartmann Bros. Mfg.",), ("Hartmann Brothers Manufacturing Co",)),
    (("International Business Machines", "ibm.com"), ("IBM Corp", "https://ibm.com/")),
    (("The Kvellora Company",), ("Kvellora",)),
    (("Kvellora (Berlin)",), ("Kvellora GmbH",)),
    (("Kvellora - Sales Department", "kvellora.com"), ("Kvellora", "kvellora.com")),
    (("acme-labs.com", "acme-labs.com"), ("AcmeLabs",)),
    (("Acme", "acme.com"), ("Acme GmbH", "acme.de")),
    (("Acme", "acme.com"), ("Acme Inc", "getacme.com")),
    (("Acme\u200b  Labs ",), ("ACME  LABS",)),
    (("Novartek Solutions",), ("Novarteck Solutions",)),
    (("Solutions Novartek",), ("Novartek Solutions",)),
    (("Zentrix Sp. z o.o.",), ("ZENTRIX SPÓŁKA Z OGRANICZONĄ ODPOWIEDZIALNOŚCIĄ",)),
    (("Grupo Zentrix S.A. de C.V.",), ("GRUPO ZENTRIX SA DE CV",)),
    (("Toyota 株式会社",), ("Toyota KK",)),
    (("ООО Ромашка",), ("Romashka LLC",)),
    (("Ørsted A/S",), ("Orsted AS",)),
    (("AT&T Inc",), ("A T & T",)),
    (("Blue Ocean Robotics ApS",), ("BlueOcean Robotics",)),
    (("Kvellora Inc (formerly Brantix)",), ("Brantix",)),
    (("University of Oxford",), ("Oxford University",)),
]

DIFFERENT: list[tuple[Told, Told]] = [
    (("Delta Air Lines", "delta.com"), ("Delta Dental", "deltadental.com")),
    (("Smith & Sons", "smithandsons.co.uk", "GB"), ("Smith & Sons", "smithsons.com", "US")),
    (("Apex Solutions",), ("Apex Systems",)),
    (("Studio 54",), ("Studio 45",)),
    (("Acme Germany GmbH", "acme.com", "DE"), ("Acme France SAS", "acme.com", "FR")),
    (("Acme Holding GmbH", "acme.de", "AT"), ("Acme Holding SAS", "acme.fr", "FR")),
    (("Kvellora UK Ltd", "kvellora.com", "GB"), ("Kvellora Inc", "kvellora.com", "US")),
    (("Burger Barn Leeds", "burgerbarn.com"), ("Burger Barn York", "burgerbarn.com")),
    (("Burger Barn (Leeds)", "burgerbarn.com"), ("Burger Barn (York)", "burgerbarn.com")),
    (("Apex", "apex.com", "US"), ("Apex", "apex-consult.de", "DE")),
    (("Meyer Bau GmbH", "meyer-bau.de"), ("Mayer Bau GmbH", "mayerbau.de")),
    (("Kvellora", "gmail.com"), ("Brantix", "gmail.com")),
    (("Siemens Energy AG", "siemens-energy.com"), ("Siemens Healthineers AG", "siemens-healthineers.com")),
    (("ABC Corp", "abc.com"), ("ACB Corp", "acb.com")),
    (("", ""), ("", "")),
]


def _row(key: str, system: str, told: Told) -> CompanyRow:
    name, domain, country = (*told, "", "")[:3]
    return CompanyRow(key, system, name, domain=domain, country=country)


def _pair(one: CompanyRow, two: CompanyRow) -> DuplicatePair | None:
    pairs = duplicate_pairs([one, two, *OTHERS], at_least=0)
    return next((pair for pair in pairs if {pair.left, pair.right} == {one.key, two.key}), None)


def _sure(one: CompanyRow, two: CompanyRow) -> DuplicatePair:
    pair = _pair(one, two)
    assert pair is not None
    return pair


def _points(pair: DuplicatePair, code: str) -> float:
    return sum(reason.points for reason in pair.reasons if reason.code == code)


@pytest.mark.parametrize(("one", "two"), SAME, ids=lambda told: str(told[0]))
def test_one_company_written_in_two_ways_is_proposed(one: Told, two: Told) -> None:
    pair = _sure(_row("x", "crm", one), _row("y", "billing", two))
    assert pair.probability >= PROPOSED, pair.reasons


@pytest.mark.parametrize(("one", "two"), DIFFERENT, ids=lambda told: str(told[0]))
def test_companies_that_only_look_alike_are_not_proposed(one: Told, two: Told) -> None:
    pair = _pair(_row("x", "crm", one), _row("y", "billing", two))
    assert pair is None or pair.probability < PROPOSED, pair.reasons


def test_reasons_are_sentences_for_a_person() -> None:
    pair = _sure(
        CompanyRow("x", "crm", "Acme Inc", domain="acme.com", country="US"),
        CompanyRow("y", "billing", "ACME Incorporated", domain="acme.com", country="Germany"),
    )
    texts = [reason.text for reason in pair.reasons]

    assert "names differ only in legal form (Acme Inc / ACME Incorporated)" in texts
    assert "same domain acme.com" in texts
    assert "different countries (US / DE)" in texts


def test_a_country_in_each_name_is_evidence_against() -> None:
    pair = _sure(
        CompanyRow("x", "crm", "Acme Germany GmbH", domain="acme.com"),
        CompanyRow("y", "crm", "Acme France SAS", domain="acme.com"),
    )
    assert "different places: DE / FR" in [reason.text for reason in pair.reasons]
    assert _points(pair, "places differ") < -7


@pytest.mark.parametrize(
    ("fact", "code", "sign"),
    [
        ({"tax_id": "DE 811 907 980"}, "same tax number", 1),
        ({"phone": "+49 30 1234567"}, "same phone", 1),
        ({"country": "DE"}, "same country", 1),
        ({"external_id": "ACC-77120"}, "same external id", 1),
        ({"contact_domains": ("kvellora.com", "gmail.com")}, "same contacts' domain", 1),
    ],
)
def test_a_fact_in_common_speaks_for_one_company(fact: dict[str, str], code: str, sign: int) -> None:
    bare = _sure(CompanyRow("x", "crm", "Kvellora"), CompanyRow("y", "billing", "Kvellora"))
    told = _sure(CompanyRow("x", "crm", "Kvellora", **fact), CompanyRow("y", "billing", "Kvellora", **fact))  # type: ignore[arg-type]
    assert _points(told, code) * sign > 0
    assert told.log_odds > bare.log_odds


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"tax_id": "DE811907980"}, {"tax_id": "DE136695976"}),
        ({"tax_id": "DE811907980"}, {"tax_id": "FR136695976"}),
        ({"country": "Germany"}, {"country": "FR"}),
        ({"domain": "kvellora.com"}, {"domain": "kvellora-brewing.com"}),
        ({}, {"parent": "x"}),
        ({"parent": "z"}, {"parent": "z"}),
        ({"contact_domains": ("kvellora.com",)}, {"contact_domains": ("brantix.com",)}),
    ],
)
def test_a_fact_that_differs_speaks_against(one: dict[str, str], two: dict[str, str]) -> None:
    bare = _sure(CompanyRow("x", "crm", "Kvellora"), CompanyRow("y", "billing", "Kvellora"))
    told = _sure(CompanyRow("x", "crm", "Kvellora", **one), CompanyRow("y", "billing", "Kvellora", **two))  # type: ignore[arg-type]
    assert told.log_odds < bare.log_odds


def test_ids_that_two_systems_give_independently_mean_nothing() -> None:
    crm = [CompanyRow(f"crm{n}", "crm", name, external_id=str(n)) for n, name in enumerate(FIRST)]
    billing = [CompanyRow(f"bill{n}", "billing", f"{name}ova", external_id=str(n)) for n, name in enumerate(FIRST)]
    pairs = duplicate_pairs([*crm, *billing], at_least=0)
    assert not any(reason.code == "same external id" for pair in pairs for reason in pair.reasons)


def test_a_domain_of_many_companies_says_little() -> None:
    names = (
        "Ambrosi",
        "Boltwerk",
        "Cedrus",
        "Dunmark",
        "Fjordlys",
        "Grovida",
        "Helixon",
        "Irisana",
        "Joltaro",
        "Krillan",
    )
    crowd = [CompanyRow(f"crowd {name}", "crm", name, domain="reseller.com") for name in names]
    one = CompanyRow("x", "crm", "Kvellora Brewing", domain="reseller.com")
    two = CompanyRow("y", "billing", "Kvellora Brewing", domain="reseller.com")
    alone, among = (
        next(pair for pair in duplicate_pairs(rows, at_least=0) if {pair.left, pair.right} == {"x", "y"})
        for rows in ([one, two], [one, two, *crowd])
    )
    assert 0 < _points(among, "same domain") < _points(alone, "same domain")
    assert not any(pair.left.startswith("crowd") for pair in duplicate_pairs([one, two, *crowd]))


def test_names_cut_off_by_their_system_meet_the_whole_name() -> None:
    width = 20
    whole = [f"{first}ovar Consulting Holdings" for first in FIRST]
    rows = [CompanyRow(f"cut {n}", "billing", name[:width].strip()) for n, name in enumerate(whole)]
    rows += [CompanyRow(f"whole {n}", "crm", name) for n, name in enumerate(whole)]
    proposed = {(pair.left, pair.right) for pair in duplicate_pairs(rows, at_least=PROPOSED)}
    assert proposed == {(f"cut {n}", f"whole {n}") for n in range(len(whole))}


def test_two_rows_of_one_key_are_refused() -> None:
    with pytest.raises(ValueError, match="Two accounts have the key 'x'"):
        duplicate_pairs([CompanyRow("x", "crm", "Acme"), CompanyRow("x", "billing", "Acme")])
