"""Marking what a quote is about: nothing is lost, and the words are those that say it."""

from hypothesis import given
from hypothesis import strategies as st

from insights.engine.wording.marking import marked, stem, telling_stems


@given(text=st.text(), words=st.lists(st.text(min_size=1), max_size=5))
def test_the_pieces_are_the_text(text: str, words: list[str]) -> None:
    pieces = list(marked(text, frozenset(map(stem, words))))
    assert "".join(piece for piece, _ in pieces) == text
    assert all(piece for piece, _ in pieces)


def test_other_forms_of_a_word_are_the_word() -> None:
    stems = telling_stems("Export the monthly report", [])
    text = "Exporting reports by hand: the exports take hours, and so does reporting."
    assert [piece for piece, telling in marked(text, stems) if telling] == [
        "Exporting",
        "reports",
        "exports",
        "reporting",
    ]


def test_what_stands_in_for_personal_data_is_not_marked() -> None:
    quotes = [f"[name] would like an export, write to [email] {number}" for number in range(5)]
    stems = telling_stems("Name the export", quotes)
    assert [piece for piece, tells in marked("[name] wants to name it", stems) if tells] == ["name"]


def test_what_many_quotes_share_is_telling_though_the_title_lacks_it() -> None:
    quotes = ["SSO please", "We need sso", "Login with SSO", "The umbrella is blue"]
    stems = telling_stems("Sign in once", quotes)
    assert "sso" in stems
    assert "umbrella" not in stems
    assert "the" not in stems
