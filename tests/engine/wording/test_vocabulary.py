"""Words are spelled as the evidence spells them, and names, tokens, numbers and addresses are never said."""

import pytest

from insights.engine.wording.relevance import stem, stems, words_of_groups
from insights.engine.wording.vocabulary import Vocabulary, is_shouting


@pytest.mark.parametrize(
    ("word", "spelling"),
    [
        ("reports", "reports"),
        ("Reports", "reports"),
        ("PDF", "PDF"),
        ("CSVs", "CSVs"),
        ("monday", "Monday"),
        ("French", "French"),
        ("I", "I"),
        ("i'm", "I'm"),
        ("Please", "please"),
        ("Zedcorp", None),
        ("Ada", None),
        ("ada's", None),
        ("grant", "grant"),
        ("Grant", None),
        ("v2", None),
        ("Straße", None),
    ],
)
def test_a_word_is_spelled_as_the_evidence_has_it(word: str, spelling: str | None) -> None:
    vocabulary = Vocabulary(["see our reports as PDF", "PDF please"], ["Ada Grant"])
    assert vocabulary.speller("some sentence")(word) == spelling


def test_capitals_say_nothing_where_all_is_shouted() -> None:
    vocabulary = Vocabulary(["PLEASE EXPORT THE REPORTS NOW", "export the reports"], ())
    assert is_shouting("PLEASE EXPORT THE REPORTS NOW")
    assert not is_shouting("PDF")
    assert vocabulary.safe_words("EXPORT THE REPORTS TO ZED", keep_case=False) == [
        "export",
        "the",
        "reports",
        "to",
        "zed",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "send [email] this",
        "send this to [phone] or [card] or",
        "see www.example.com/a this",
        "see https://a.example this",
        "example.org this",
    ],
)
def test_tokens_and_addresses_leave_no_words(sentence: str) -> None:
    said = Vocabulary([sentence], ()).safe_words(sentence, keep_case=False)
    assert set(said) <= {"send", "see", "this", "to", "or"}
    assert "this" in said


def test_capitals_stay_where_a_language_needs_them() -> None:
    vocabulary = Vocabulary((), ["Ada Grant"])
    assert vocabulary.safe_words("Bitte 3 Berichte für Ada und Ada-Gruppe an [email] senden", keep_case=True) == [
        "Bitte", "Berichte", "für", "und", "an", "senden",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "written", ["zedcorp", "Zedcorp", "ZEDCORP", "zedcorp's", "zedcorps", "zed-zedcorp", "zédcorp"]
)
def test_a_name_is_caught_however_it_is_written(written: str) -> None:
    vocabulary = Vocabulary([f"we told {written} about it"] * 9, ["Zedcorp"])
    spell = vocabulary.speller(f"we told {written} about it")
    assert spell(written) is None
    assert written not in vocabulary.safe_words(f"we told {written} about it", keep_case=True)


@pytest.mark.parametrize(
    ("name", "written"),
    [("Łukasz", "lukasz"), ("Zoë", "zoe"), ("O'Zed", "ozed"), ("Jón Ærø", "aero"), ("Straße", "strasse")],
)
def test_a_name_is_caught_without_its_marks(name: str, written: str) -> None:
    assert Vocabulary([f"ask {written}"], [name]).speller(f"ask {written}")(written) is None


def test_ordinary_words_of_names_stay_where_the_name_is_not_meant() -> None:
    vocabulary = Vocabulary(["see all hotels"], ["Zed Hotels Group", "Night Market", "Orchard"])
    assert vocabulary.safe_words("see all hotels of the group at night in one market", keep_case=False) == (
        ["see", "all", "hotels", "of", "the", "group", "at", "night", "in", "one", "market"]
    )
    assert vocabulary.safe_words("let night market pay", keep_case=False) == ["let", "pay"]
    assert vocabulary.safe_words("let zed hotels group pay", keep_case=False) == ["let", "pay"]
    # A name of one word is barred even if it is an ordinary one.
    assert vocabulary.safe_words("let orchard pay", keep_case=False) == ["let", "pay"]


def test_ordinary_words_of_names_stay_where_all_is_shouted_or_begins_a_sentence() -> None:
    vocabulary = Vocabulary((), ["Zed Market"])
    assert vocabulary.safe_words("PRINT MARKET LISTS", keep_case=False) == ["print", "market", "lists"]
    assert vocabulary.safe_words("Patients wait", keep_case=False) == ["patients", "wait"]


def test_a_verb_that_is_also_a_name_is_barred_beside_the_surname() -> None:
    vocabulary = Vocabulary(["mark it"], ["Mark Zed"])
    assert vocabulary.speller("mark the list")("mark") == "mark"
    assert vocabulary.speller("ask mark zed to pay")("mark") is None
    assert vocabulary.speller("ask mark's boss")("mark's") is None


def test_a_name_is_caught_where_a_mark_joins_its_parts() -> None:
    vocabulary = Vocabulary(["call fish&market"], ["Fish & Market"])
    spell = vocabulary.speller("call fish&market")
    assert [spell(word) for word in ("fish", "market", "fish&market", "call")] == [None, None, None, "call"]


@pytest.mark.parametrize(
    ("word", "spelling"),
    [("Outlook", "Outlook"), ("outlook", "Outlook"), ("iphone", "iPhone"), ("zoom", "zoom"), ("Zoom", "Zoom")],
)
def test_software_that_customers_name_keeps_its_spelling(word: str, spelling: str) -> None:
    assert Vocabulary((), ()).speller("sync it")(word) == spelling
    assert Vocabulary((), [spelling]).speller("sync it")(word) is None or word == "zoom"


def test_a_sentence_is_quoted_from_its_longest_part_without_a_name() -> None:
    vocabulary = Vocabulary((), ["Zedcorp"])
    said = vocabulary.safe_run("at zedcorp we print all labels twice", keep_case=False)
    assert said == ["we", "print", "all", "labels", "twice"]
    assert vocabulary.safe_run("zedcorp", keep_case=False) == []


def test_texts_that_use_capitals_show_names() -> None:
    assert Vocabulary(["See the report", "no capitals"], ()).shows_names
    assert not Vocabulary(["see the report", "no capitals", "ALL IN CAPITALS"], ()).shows_names


@pytest.mark.parametrize(
    ("word", "other"),
    [("reports", "reporting"), ("copies", "copied"), ("swap", "swapping"), ("merge", "merged"), ("class", "class")],
)
def test_forms_of_a_word_share_a_stem(word: str, other: str) -> None:
    assert stem(word) == stem(other)


def test_short_words_keep_their_endings() -> None:
    assert [stem(word) for word in ("bus", "red", "ring", "see")] == ["bus", "red", "ring", "see"]
    assert stems("The reports’ totals are off") == ["report", "total"]


def test_the_most_telling_word_of_a_group_weighs_one_and_shares_are_of_its_texts() -> None:
    reports, badges = words_of_groups([["export reports", "reports reports"], ["print badges", "export badges"]])
    assert reports.weight["report"] == badges.weight["badg"] == 1.0
    assert reports.share == {"report": 1.0, "export": 0.5}
    assert reports.weight["export"] <= 0.5


def test_groups_without_words_have_no_telling_ones() -> None:
    assert [(words.weight, words.share) for words in words_of_groups([["!"], ["the", ""]])] == [({}, {}), ({}, {})]
