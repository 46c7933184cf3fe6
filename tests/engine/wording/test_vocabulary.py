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
