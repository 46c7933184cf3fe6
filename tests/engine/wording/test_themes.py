"""A theme is called by a short noun phrase that its problems share, and no two themes alike."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.engine.wording.themes import LONGEST_NAME, theme_names
from insights.engine.wording.titles import group_titles
from tests.engine.wording.standin import encode, grouped
from tests.engine.wording.test_titles import NAMES, WRITTEN

REPORTS = [
    ["We want to export the reports every week", "Please export our reports on a schedule"],
    ["The weekly reports are slow", "Loading the reports takes forever"],
]
INVOICES = [
    ["Let us merge duplicate invoices", "Is there a way to merge the invoices of a customer?"],
    ["I can't print an invoice", "Print all invoices of the month please"],
]


def names(*themes: list[list[str]], forbidden: list[str] | None = None) -> list[str]:
    """The names of themes, each of which is given as the texts of its problems."""
    texts, members = grouped([problem for theme in themes for problem in theme])
    ends = np.cumsum([len(theme) for theme in themes])
    of_theme = [np.arange(end - len(theme), end) for end, theme in zip(ends, themes, strict=True)]
    titles = [
        title.text for title in group_titles(texts, encode(texts), members, encode=encode, forbidden=forbidden or [])
    ]
    return theme_names(texts, encode(texts), members, of_theme, titles=titles, encode=encode, forbidden=forbidden or [])


def test_themes_are_called_by_the_nouns_that_their_problems_share() -> None:
    assert names(REPORTS, INVOICES) == ["Reports", "Invoices"]


def test_two_themes_of_the_same_words_have_different_names() -> None:
    found = names(REPORTS, REPORTS, REPORTS)
    assert len({name.lower() for name in found}) == 3


def test_a_theme_without_a_noun_is_called_like_its_largest_problem() -> None:
    assert names([["export now"], ["please undo", "please undo"]]) == ["Please undo"]
    assert names([[""]], [[""]]) == ["Untitled problem", "Untitled problem (2)"]


def test_the_order_of_problems_and_members_does_not_matter() -> None:
    texts, members = grouped([*REPORTS, *INVOICES])
    titles = ["Export the reports", "Load the reports faster", "Merge invoices", "Print invoices"]
    themes = [np.array([0, 1]), np.array([2, 3])]
    turned = [rows[::-1] for rows in members]
    found = theme_names(texts, encode(texts), members, themes, titles=titles, encode=encode)
    assert found == theme_names(
        texts, encode(texts), turned, [problems[::-1] for problems in themes], titles=titles, encode=encode
    )


def test_no_themes_have_no_names() -> None:
    assert theme_names([], encode([]), [], [], titles=[], encode=encode) == []


@pytest.mark.parametrize("said", ["the things of the day", "we need something", "customers want it this way"])
def test_words_that_are_said_of_everything_name_nothing(said: str) -> None:
    (name,) = names([[f"{said}, the invoices", f"{said}, our invoices"]])
    assert name == "Invoices"


@given(st.lists(NAMES, min_size=1, max_size=2), WRITTEN)
@settings(max_examples=40, deadline=None)
def test_no_name_of_a_customer_gets_in(parts: list[str], said: Callable[[str], str]) -> None:
    whole = said(" ".join(parts))
    problem = [f"the {whole} of the {whole} report", f"our {whole} invoices and the {whole}"]
    for name in names([problem], [[whole]], forbidden=[" ".join(parts).title()]):
        assert set(parts).isdisjoint(re.split(r"[\W_]+", name.lower()))


PIECES = st.sampled_from(
    ["the", "reports", "[email]", "of", "İ", "invoice's", "\u202e", "a/b", "12", "export", "", "[name]"]
)


@given(st.lists(st.lists(st.lists(PIECES, max_size=6).map(" ".join), min_size=1, max_size=3), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_texts_give_short_names_without_tokens(problems: list[list[str]]) -> None:
    found = names(problems, [["the reports", "a report"]])
    assert len({name.lower() for name in found}) == 2
    for name in found:
        assert name.strip()
        assert not {"email", "name"} & set(re.findall(r"\w+", name.lower()))
    assert len(found[1].split()) <= LONGEST_NAME
