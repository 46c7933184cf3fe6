"""Titles say what the customer wants done, in the customer's words, and nothing that a title should not say."""

import random
import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.engine.wording.candidates import is_foreign
from insights.engine.wording.lexicon import ARTICLES, POSSESSIVES, STOPWORDS, VERBS
from insights.engine.wording.titles import group_titles
from tests.engine.wording.standin import encode, grouped, titles

REPORTS = [
    "Hi team,\n\nWe export reports by hand every week. I want to export reports on a schedule.\n\nThanks,\nJo",
    "Hello, could you let us export reports on a schedule? Reach me at [email] or [phone].",
    "Please export reports on a schedule, our 14 branches wait for them.",
    "It would be great if we could export reports on a schedule [name]\n\nBest regards\n[name]",
]
OFFLINE = [
    "The field app loses its forms. We need to fill in forms without a connection.",
    "Our crews work in tunnels and can't fill in forms without a connection!",
    "How do I fill in forms without a connection???",
]
INVOICES = [
    "Is there a way to merge duplicate invoices before approval?",
    "Need to be able to merge duplicate invoices.",
    "hi, merging duplicate invoices takes hours. We want to merge duplicate invoices in bulk",
]
GUESTS = ["Dear support, please let me invite a guest without a seat", "I can't invite a guest without a seat."]
GROUPS = [REPORTS, OFFLINE, INVOICES, GUESTS]


def test_titles_name_what_the_customers_want_done() -> None:
    assert titles(*GROUPS) == [
        "Export reports on a schedule",
        "Fill in forms without a connection",
        "Merge duplicate invoices",
        "Invite a guest without a seat",
    ]


@pytest.mark.parametrize("group", GROUPS)
def test_a_title_is_three_to_eight_words_in_sentence_case_without_a_final_mark(group: list[str]) -> None:
    (title,) = titles(group)
    first, *rest = title.split()
    assert 3 <= len(title.split()) <= 8
    assert first == first.capitalize()
    assert rest == [word.lower() for word in rest]
    assert title[-1].isalpha()


@pytest.mark.parametrize(
    "text",
    [
        "Hi team,\nWe hear from 200 branches that [email] is all they see, export 300 reports\nThanks, [name]",
        "Hello [name], reports 2024 from [company]. Cheers",
        "Good morning! 5000 1200 [iban] exports [url]\n--\n[name]",
        "Guten Tag [name],\nwir wollen 14 Berichte an [email] verschicken und ausdrucken.\nViele Grüße\n[name]",
    ],
)
def test_greetings_signatures_tokens_and_numbers_stay_out(text: str) -> None:
    (title,) = titles([text])
    said = {word.lower() for word in re.findall(r"\w+", title)}
    assert said.isdisjoint(
        {"hi", "hello", "guten", "good", "thanks", "cheers", "viele", "email", "name", "iban", "url"}
    )
    assert not re.search(r"[\[\]\d]", title)
    assert title != "Untitled problem"


def test_groups_that_say_the_same_are_told_apart_by_other_words_first() -> None:
    found = titles(REPORTS, REPORTS[:3])
    assert len(set(found)) == 2
    assert not any("(" in title for title in found)


def test_a_number_tells_groups_apart_only_where_no_words_do() -> None:
    assert titles(["export reports now"], ["export reports now"]) == ["Export reports now", "Export reports now (2)"]


def test_the_larger_group_has_first_choice() -> None:
    found = titles(["Export reports now"], ["Export reports now"] * 3)
    assert found == ["Export reports now (2)", "Export reports now"]


@given(st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_the_order_of_members_inside_groups_does_not_matter(dice: random.Random) -> None:
    texts, members = grouped(GROUPS)
    vectors = encode(texts)
    mixed = [np.array(dice.sample(rows.tolist(), len(rows)), dtype=np.intp) for rows in members]
    assert group_titles(texts, vectors, mixed, encode=encode) == group_titles(texts, vectors, members, encode=encode)


NAMES = st.text("abcdeiklmnorstuvyzäéøłš", min_size=3, max_size=9).filter(
    lambda name: name not in STOPWORDS | VERBS and name not in " ".join([*REPORTS, *GUESTS]).lower()
)


WRITTEN = st.sampled_from([str.lower, str.upper, str.capitalize, str.swapcase])


@given(st.lists(NAMES, min_size=1, max_size=3), WRITTEN, WRITTEN)
@settings(max_examples=60, deadline=None)
def test_a_forbidden_name_never_gets_in_whatever_its_case(
    names: list[str], known: Callable[[str], str], said: Callable[[str], str]
) -> None:
    whole = said(" ".join(names))
    texts = [
        f"we want to export reports to {whole}",
        f"{whole} wants to export reports, {whole}'s people export {whole} reports",
        f"please let {whole} pay",
        f"the {whole} export fails when I call {whole}",
        f"{whole} can't print labels for {whole}",
        whole,
    ]
    for title in titles(texts, *([text] for text in texts), forbidden=[known(" ".join(names))]):
        assert {name.lower() for name in names}.isdisjoint(re.split(r"[\W_]+", title.lower()))


@given(st.lists(NAMES, min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_a_forbidden_name_never_gets_in(names: list[str]) -> None:
    whole = " ".join(name.capitalize() for name in names)
    first = names[0].capitalize()
    said = [
        f"{whole} wants to export reports to {whole}.",
        f"Please let {first} invite {first}'s guest, or {first.upper()}-like reports to {whole}",
        f"Export reports {first}",
        first,
        f"Wir möchten {whole} die Berichte von {first} schicken und mit {whole}-Daten füllen.",
    ]
    for title in titles(said, said[:1], said[2:3], said[3:4], said[4:], forbidden=[whole]):
        assert {name.lower() for name in names}.isdisjoint(re.split(r"[\W_]+", title.lower()))


def test_an_everyday_word_that_is_also_a_name_may_stand_in_lower_case() -> None:
    forbidden = ["Mark Grant"]
    assert titles(["I want to mark reports as read"], forbidden=forbidden) == ["Mark reports as read"]
    assert "Mark" not in titles(["Ask Mark to export all reports"], forbidden=forbidden)[0]


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (
            [
                "Guten Tag, wir möchten Rechnungen als Datei herunterladen.",
                "Bitte Rechnungen als Datei zum Herunterladen anbieten",
            ],
            {"Rechnungen", "Datei"},
        ),
        (
            [
                "Bonjour, nous voulons télécharger les factures du mois.",
                "Comment télécharger les factures de nos clients ?",
            ],
            {"télécharger", "factures"},
        ),
        (
            ["Hola, queremos descargar las facturas del mes.", "No podemos descargar las facturas en el móvil"],
            {"descargar", "facturas"},
        ),
    ],
)
def test_groups_in_another_language_are_titled_in_its_words(texts: list[str], words: set[str]) -> None:
    assert is_foreign(texts)
    (title,) = titles(texts)
    assert words <= set(title.split())


@pytest.mark.parametrize(
    "text",
    [
        "Wir möchten die Berichte automatisch an die Buchhaltung und an den Vertrieb verschicken",
        "Nous voulons que les rapports soient exportés dans le format de la banque",
        "Queremos que los informes se puedan exportar en el formato de siempre",
    ],
)
def test_a_title_in_another_language_does_not_end_in_the_air(text: str) -> None:
    assert titles([text])[0].split()[-1] not in {"und", "an", "den", "dans", "le", "de", "la", "en", "el"}


def test_one_english_message_among_german_ones_does_not_make_the_group_english() -> None:
    german = "Wir brauchen einen Filter für offene Rechnungen."
    assert is_foreign([german, german, "We need a filter for open invoices."])
    assert not is_foreign([german, "We need a filter for open invoices."])


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("export", "Export"),
        ("Reports", "Reports"),
        ("Łódź", "Łódź"),
        ("> please add a calendar", "Please add a calendar"),
        ("Integrate with example.com", "Integrate"),
        ("why do i see i'm away", "Why do I see I'm away"),
        ("", "Untitled problem"),
        ("   \n\t", "Untitled problem"),
        ("🙂🙂🙂", "Untitled problem"),
        ("?!…", "Untitled problem"),
        ("[email] 12345", "Untitled problem"),
    ],
)
def test_hardly_any_words_make_the_title_they_can(text: str, title: str) -> None:
    assert titles([text]) == [title]


@pytest.mark.parametrize(
    "text",
    [
        "export the quarterly report " * 3_600,
        "x" * 100_000,
        "we see" + " " * 100_000 + "totals",
        "-" * 100_000 + "é",
        "can i see " * 10_000,
        "no. " * 25_000,
        "hello. please add it. " * 4_500,
        "\n" * 100_000 + "add",
        "Ж" * 40_000 + " " + "ы" * 60_000,
        "<script>alert('export reports')</script>",
        "<script>" * 12_500,
    ],
)
def test_a_long_or_hostile_text_gets_a_short_title(text: str) -> None:
    (title,) = titles([text])
    assert title != "Untitled problem"
    assert len(title) <= 200
    assert not set("<>()'") & set(title)


@given(st.lists(st.text(max_size=60), min_size=1, max_size=6))
@settings(max_examples=150, deadline=None)
def test_any_texts_get_one_title_each_and_no_two_alike(texts: list[str]) -> None:
    found = titles(*([text] for text in texts))
    assert len({title.lower() for title in found}) == len(texts)
    assert all(title.strip() and len(title) <= 200 and len(title.split()) <= 9 for title in found)


ODD = st.sampled_from(
    [
        "want to",
        "i",
        "\u202e",
        "שלום",
        "\x00",
        "\x1c",
        "…",
        "(",
        "[name]",
        "how",
        "to",
        "so that",
        "İ",
        "add",
        "\n",
        "\u0301",
        "a/b",
        "can't",
    ]
)


@given(st.lists(st.lists(ODD, max_size=12).map(" ".join), min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_no_mixture_of_cues_marks_and_scripts_raises(texts: list[str]) -> None:
    found = titles(texts, texts[:1])
    assert all(found)
    assert found[0] != found[1]


SAID = st.sampled_from(
    [
        "please export reports to [email]",
        "[name] can't print labels",
        "call me at [phone]",
        "the app crashes when I pay",
        "Patients can't move a visit",
        "no way to merge invoices",
        "[company]",
        "dark mode?",
        "every time I save [card] it hangs",
        "Reports are not sent to [name]",
        "Loading the list takes 30 seconds",
        "We copy the hours by hand",
        "hi [name],",
    ]
)


@given(st.lists(st.lists(SAID, min_size=1, max_size=4).map("\n".join), min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
def test_no_title_holds_a_token_and_one_from_a_wish_has_three_to_eight_words(texts: list[str]) -> None:
    found = titles(texts)
    assert found == titles(texts)
    (title,) = found
    assert not {"email", "name", "phone", "company", "card"} & set(re.findall(r"\w+", title.lower()))
    assert not re.search(r"[\[\]\d]", title)
    # The rest leaves nothing to make a title from.
    if re.search(r"crashes|move a visit|copy the hours|Loading the list", " ".join(texts)):
        assert 3 <= len(title.split()) <= 8


def test_what_most_members_ask_for_makes_the_title() -> None:
    asked = ["I want to export reports to a file", "Please export all reports", "We need to export the old reports"]
    aside = ["Can we print reports on a poster in the reports hall of reports"]
    assert titles([*asked, *aside])[0].startswith("Export")


def test_a_complaint_is_titled_by_its_repair() -> None:
    crash = ["The map crashes when I open a form", "map crashed again", "It crashes whenever I open a form"]
    assert titles(crash) == ["Fix the map crashing when opening a form"]


def test_no_groups_have_no_titles() -> None:
    assert group_titles([], encode([]), [], encode=encode) == []


def test_a_title_that_lies_nearer_to_another_group_is_said_not_to_fit() -> None:
    texts, members = grouped([["export reports now"], ["export reports now"], ["Invite a guest without a seat"]])
    found = group_titles(texts, encode(texts), members, encode=encode)
    assert [title.fits for title in found] == [False, False, True]


def test_a_place_that_hardly_anybody_names_does_not_make_the_title() -> None:
    texts = [f"we want to print labels {where}" for where in ["in batches"] * 12 + ["in zedtown"]]
    assert titles(texts) == ["Print labels in batches"]


def test_titles_do_not_end_on_articles_or_possessives() -> None:
    for group in GROUPS:
        for text in group:
            assert titles([text])[0].split()[-1].lower() not in ARTICLES | POSSESSIVES
