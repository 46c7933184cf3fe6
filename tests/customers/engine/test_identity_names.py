"""Names and domains are read for what they are."""

import pytest

from customers.engine.identity.domains import domain_word, registered_domain
from customers.engine.identity.names import read_names
from customers.engine.identity.places import country_code


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("The Acme Labs GmbH & Co. KG", ("acme", "laboratory")),
        ("I.B.M. Corp.", ("ibm",)),
        ("I B M", ("ibm",)),
        ("Zentrix S.A. de C.V.", ("zentrix",)),
        ("Brantix S.à r.l.", ("brantix",)),
        ("PT Astra", ("astra",)),
        ("株式会社トヨタ", ("toyota",)),
        ("Smith, Jones & Partners LLP", ("smith", "jones", "partner")),
        ("*DO NOT USE* Acme", ("acme",)),
        ("www.acme-labs.com", ("acme", "laboratory")),
        ("acme-labs.co.uk Ltd", ("acme", "laboratory")),
        ("Texas Instruments", ("texas", "instruments")),
        ("Studio 54", ("studio", "54")),
        ("Ltd", ("ltd",)),
        ("", ()),
    ],
)
def test_the_core_is_what_names_the_company(text: str, core: tuple[str, ...]) -> None:
    assert read_names(text)[0].core == core


def test_places_and_desks_stand_beside_the_core() -> None:
    (branch,) = read_names("Acme Germany GmbH")
    assert (branch.places, branch.aside) == (frozenset({("de", "")}), False)
    (town,) = read_names("Acme (Berlin)")
    assert (town.places, town.aside) == (frozenset({("de", "berlin")}), True)
    (desk,) = read_names("Acme - Sales")
    assert desk.desks == {"sales"}
    assert branch.core == town.core == desk.core == ("acme",)


def test_a_former_name_is_a_name_too() -> None:
    assert [name.core for name in read_names("Acme Inc (formerly Rocket Ltd)")] == [("acme",), ("rocket",)]


def test_half_a_word_at_the_end_of_a_cut_name_is_left_out() -> None:
    (name,) = read_names("Zentrix International Busi", cut=True)
    assert name.core == ("zentrix", "international")
    assert name.raw[-1] == "busi"


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("https://www.Acme.co.uk/about", "acme.co.uk"),
        ("joe@acme.de", "acme.de"),
        ("acme.com:8080", "acme.com"),
        ("bücher.de", "xn--bcher-kva.de"),
        ("gmail.com", ""),
        ("co.uk", ""),
        ("acme", ""),
        ("no domain at all", ""),
        ("", ""),
    ],
)
def test_the_registered_domain_is_what_somebody_bought(text: str, domain: str) -> None:
    assert registered_domain(text) == domain


@pytest.mark.parametrize(
    ("domain", "word"),
    [("acme-labs.com", "acmelabs"), ("getacme.com", "acme"), ("acmehq.io", "acme"), ("getty.com", "getty")],
)
def test_the_word_in_a_domain_is_the_companys(domain: str, word: str) -> None:
    assert domain_word(domain) == word


@pytest.mark.parametrize("text", ["DE", "deu", "Germany", " DEUTSCHLAND "])
def test_a_country_is_known_by_its_names_and_codes(text: str) -> None:
    assert country_code(text) == "de"
    assert country_code("Atlantis") == ""
