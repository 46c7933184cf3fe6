"""What a message says is left when its greeting, signature, quoted replies and list marks are gone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.engine.wording.sentences import is_english, sentences


def said(text: str) -> list[str]:
    """The sentences of `text`."""
    return [sentence.text for sentence in sentences(text)]


@pytest.mark.parametrize(
    "greeting",
    [
        "Hi,", "Hello team,", "Hey there!", "Dear Ms. Okoro:", "Dear [name],", "Good morning everyone,", "hi bob,",
        "Bonjour,", "Hola equipo,", "Guten Tag Frau Weiß,", "Sehr geehrte Damen und Herren,", "Hallo zusammen,",
        "Dzień dobry,", "Dear Łukasz,",
    ],
)  # fmt: skip
def test_a_greeting_is_dropped(greeting: str) -> None:
    assert said(f"{greeting} the totals are off") == ["the totals are off"]
    assert said(f"{greeting}\n\nthe totals are off") == ["the totals are off"]


@pytest.mark.parametrize("text", ["Hello please add filters", "Hi export all reports", "Hiking maps are wrong"])
def test_a_request_behind_a_greeting_is_not_dropped_with_it(text: str) -> None:
    assert said(f"{text}.") == said(text) == [text]


@pytest.mark.parametrize(
    "signature",
    [
        "Thanks", "Thank you so much!", "Cheers,\nMo", "Best regards,\n[name]\nHead of Things", "--\nMo Bell",
        "Sent from my tablet", "Viele Grüße\nJonas", "Mit freundlichen Grüßen\n[name]", "Cordialement,\nAnne",
        "Saludos", "Thanks, Mo", "____",
    ],
)  # fmt: skip
def test_a_signature_is_dropped(signature: str) -> None:
    assert said(f"We see the totals are off in every one of the tables that we print.\n{signature}") == [
        "We see the totals are off in every one of the tables that we print"
    ]


def test_a_signature_under_a_subject_line_is_dropped() -> None:
    assert said("Dark mode\nThanks\nMo") == ["Dark mode"]


def test_thanks_far_above_the_end_are_no_signature() -> None:
    assert said("Hi,\nThanks!\n" + "The total is off.\n" * 9) == ["The total is off"] * 9


def test_quoted_lines_are_dropped() -> None:
    text = "Yes, that is it.\n> Did you mean this?\nOn Monday the help desk wrote:\nFrom: someone\nIt is still broken."
    assert [sentence.text for sentence in sentences(f"Hi,\n{text}")] == ["Yes, that is it", "It is still broken"]


def test_lists_are_split_into_their_entries() -> None:
    assert said("Hi,\n- add filters\n* add totals\n1. add tags\n2) add notes\n(a) add links\n• add colours") == [
        "add filters", "add totals", "add tags", "add notes", "add links", "add colours",
    ]  # fmt: skip


def test_hard_wrapped_lines_are_one_sentence_again() -> None:
    long = "Every time that we close the month the exported totals differ"
    assert said(f"Hello,\n{long}\nfrom those on the screen.") == [f"{long} from those on the screen"]


def test_a_short_first_line_is_the_subject() -> None:
    subject, body = sentences("RE: Fwd: Dark mode?\nMy eyes hurt at night.")
    assert (subject.text, subject.is_subject, subject.is_question) == ("Dark mode", True, True)
    assert (body.text, body.is_subject, body.is_question) == ("My eyes hurt at night", False, False)


def test_sentences_end_at_marks_and_not_at_abbreviations() -> None:
    assert said("Tell e.g. Mr. Bell. Is it on? No! Then – later; and (maybe) never…") == [
        "Tell e.g. Mr. Bell", "Is it on", "No", "Then", "later", "and", "maybe", "never",
    ]  # fmt: skip


def test_blanks_and_marks_do_not_matter() -> None:
    assert said("the \t\u00a0 totals   are\r\n") == said("«the totals are»") == ["the totals are"]


@given(st.text())
def test_no_text_raises_and_no_sentence_is_empty(text: str) -> None:
    assert all(sentence.text.strip() for sentence in sentences(text))


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("We need a filter for open invoices", True),
        ("We'd love an option to duplicate a campaign", True),
        ("Wir brauchen einen Filter für offene Rechnungen", False),
        ("Nous voulons un filtre pour les factures", False),
        ("Necesitamos un filtro para las facturas", False),
        ("is it on", True),
        ("Dark mode", None),
        ("!!!", None),
        ("", None),
    ],
)
def test_english_is_known_by_its_small_words(text: str, english: bool | None) -> None:  # noqa: FBT001
    assert is_english(text) is english
