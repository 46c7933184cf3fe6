"""Job statements are drafted from clauses of the evidence, in the first person, and are empty where it has none."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.engine.wording.job_statements import JobStatement, job_statements
from tests.engine.wording.standin import encode, grouped, statements
from tests.engine.wording.test_titles import NAMES


def test_each_part_is_filled_from_its_clause() -> None:
    text = "Hi,\n\nWhen the month closes, we want to export all invoices so that we can send them to auditors. Thanks"
    assert statements([text]) == [
        JobStatement("the month closes", "to export all invoices", "send them to auditors"),
    ]


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Whenever a guest arrives we have to print a badge", "a guest arrives"),
        ("As soon as our till is closed, the totals go", "my till is closed"),
        ("If someone calls in sick please tell us", "someone calls in sick"),
        ("We lose the draft each time the page reloads", "the page reloads"),
        ("Every Friday we copy the hours by hand", "I copy the hours by hand every Friday"),
        ("It hangs while we are printing labels", "I am printing labels"),
        ("It fails when when we close the shop", "I close the shop"),
        ("When it rains", ""),
        ("When I was a scheduler, all was paper", ""),
        ("When the shift moves before they get there", "the shift moves"),
        ("When the phone could store it, good", ""),
        ("When are you open on Sunday", ""),
        ("every month", ""),
        ("When closing", ""),
        ("When Zedcorp calls us", ""),
    ],
)
def test_the_moment_is_put_in_the_first_person(text: str, when: str) -> None:
    assert statements([text])[0].when == when


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Please let us merge duplicate invoices", "to merge duplicate invoices"),
        ("The app is good, but it has no offline mode", "an offline mode"),
        ("We would love weekly budget reports", "weekly budget reports"),
        ("We would like a dark theme for nights", "a dark theme for nights"),
        ("There is no dark theme", "a dark theme"),
        ("Question about the overtime policy", ""),
        ("The page is slow", "to speed up the page"),
        ("The page is blue", ""),
        ("", ""),
    ],
)
def test_the_wish_is_an_infinitive_or_a_thing(text: str, want: str) -> None:
    assert statements([text])[0].want == want


@pytest.mark.parametrize(
    ("text", "so"),
    [
        ("Add tags so I can find my notes", "find my notes"),
        ("Add tags so that our people can find notes, please", ""),
        ("Add tags so that people are able to find notes", "find notes"),
        ("We add tags in order to find notes", "find notes"),
        ("Add tags so that I can so that we can can find notes", "find notes"),
        ("Add tags so that the list is short", ""),
        ("Add tags so we can go", ""),
        ("Add tags so we can help this", ""),
        (f"Add tags so we can {'see and ' * 20} leave", ""),
        (f"Add tags so we can see {'e' * 300}", ""),
    ],
)
def test_the_purpose_is_what_can_be_done_then(text: str, so: str) -> None:
    assert statements([text])[0].so == so


def test_the_clause_nearest_to_the_group_is_taken() -> None:
    export, stray = "We want to export all invoices", "We want to change the wall colours"
    assert statements([export, stray, export, export])[0].want == "to export all invoices"


def test_each_group_has_its_own_statement_whatever_the_order_of_its_members() -> None:
    texts, members = grouped(
        [["We want to export all invoices", "Please add a dark theme"], ["12"], ["I can't print shelf labels"]]
    )
    found = job_statements(texts, encode(texts), members, encode=encode)
    assert [statement.want for statement in found[1:]] == ["", "to print shelf labels"]
    assert found == job_statements(texts, encode(texts), [rows[::-1] for rows in members], encode=encode)


def test_a_clause_far_from_what_the_group_is_about_is_left_out() -> None:
    export = "Please export all old invoices as a file"
    aside = "When my neighbour sleeps, so that we can whisper, I want to water her tomatoes"
    assert statements([export, export, export, export, aside]) == [JobStatement("", "to export all old invoices", "")]


def test_of_a_thing_and_a_wish_as_near_the_wish_is_taken() -> None:
    assert statements(["I need an undo button", "I need to undo a button"])[0].want == "to undo a button"


def test_another_language_and_a_subject_line_are_left_out() -> None:
    assert statements(["Wir möchten die Rechnungen als Datei herunterladen so we can"]) == [JobStatement()]
    assert statements(["Every month we export all invoices\nIt is slow"]) == [JobStatement()]


@given(st.lists(NAMES, min_size=1, max_size=2))
@settings(max_examples=40, deadline=None)
def test_no_forbidden_name_gets_in(names: list[str]) -> None:
    whole = " ".join(name.capitalize() for name in names)
    text = (
        f"When {whole} calls us, we want to export reports to {whole} so that we can pay {whole}. "
        f"Every Friday we call {whole}. Please let {whole} export all reports."
    )
    (statement,) = statements([text], forbidden=[whole])
    assert not re.search("|".join(names), f"{statement.when} {statement.want} {statement.so}", re.IGNORECASE)


PARTS = st.sampled_from(
    [
        "when", "when we", "so that", "so that we can", "I want", "to", "export reports", "[email]", "our", "us", "can",
        "every Friday", "if I", "close the till", "please", ",", ".", "whenever", "in order to", "we are",
        "[name] calls",
    ]
)  # fmt: skip


@given(st.lists(PARTS, max_size=25).map(" ".join))
@settings(max_examples=200, deadline=None)
def test_parts_are_short_in_the_first_person_and_without_tokens_or_doubled_leads(text: str) -> None:
    (statement,) = statements([text])
    for part in (statement.when, statement.want, statement.so):
        words = part.split()
        assert len(words) <= 20
        assert not {"we", "our", "us", "email", "name"} & set(words)
        assert "[" not in part
    assert not re.match(r"(?i)(when|whenever|if)\b", statement.when)
    assert not re.match(r"(?i)(i want|want|to want|to to)\b", statement.want)
    assert not re.match(r"(?i)(so|so that|i can|can)\b", statement.so)


@given(st.lists(st.text(max_size=80), min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
def test_any_texts_get_one_statement_each(texts: list[str]) -> None:
    assert len(statements(*([text] for text in texts))) == len(texts)
