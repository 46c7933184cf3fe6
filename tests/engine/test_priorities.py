"""RICE, value for effort and opportunity: worked by hand, and what always holds of them."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.engine.priorities import Answer, Estimates, blanks, opportunity, rice, value_per_effort

DAY = dt.date(2026, 11, 1)
efforts = st.decimals("0.01", "99999.99", places=2)
impacts = st.sampled_from([Decimal(text) for text in ("3", "2", "1", "0.5", "0.25")])
confidences = st.sampled_from([100, 80, 50])
estimates = st.builds(Estimates, st.none() | efforts, st.none() | impacts, st.none() | confidences)
whole = st.builds(Estimates, efforts, impacts, confidences)
ratings = st.integers(1, 10)
answers = st.builds(
    Answer,
    respondent=st.sampled_from([f"contact:{n}" for n in range(6)]),
    asked_on=st.dates(DAY, DAY + dt.timedelta(days=3)),
    number=st.integers(1, 1_000_000),
    importance=ratings,
    satisfaction=ratings,
)
surveys = st.lists(answers, unique_by=lambda answer: answer.number, max_size=40)


def said(important: int, satisfied: int, of: int) -> list[Answer]:
    """So many respondents, of whom so many find it important, and so many are satisfied."""
    return [
        Answer(f"contact:{n}", DAY, n, importance=7 if n < important else 6, satisfaction=10 if n < satisfied else 1)
        for n in range(of)
    ]


def test_the_published_example_of_the_circular_saw() -> None:
    """Of 270 users 200 find it important and 75 are satisfied (Ulwick, "Jobs to be Done", 2016)."""
    told = opportunity(said(200, 75, 270), needed=30)
    assert (told.importance, told.satisfaction, told.score) == (Decimal("7.4"), Decimal("2.8"), Decimal("12.0"))


def test_rice_and_value_for_effort_worked_by_hand() -> None:
    known = Estimates(Decimal("4.00"), Decimal("2.00"), 80)
    assert rice(14, known) == Decimal("5.6000")
    assert value_per_effort(Decimal("184200.00"), known) == Decimal("46050.00")


@given(st.integers(0, 100_000), whole)
def test_rice_turned_round_gives_the_reach_back(reach: int, known: Estimates) -> None:
    found = rice(reach, known)
    assert found is not None
    assert known.effort is not None
    assert known.impact is not None
    assert known.confidence is not None
    share = known.impact * known.confidence / 100
    # Half of the last place, as far as it stretches when it is turned round.
    assert abs(found * known.effort / share - reach) <= Decimal("0.00005") * known.effort / share


@given(st.integers(0, 100_000), st.decimals(0, "1e12", places=2), estimates)
def test_what_is_blank_is_explained_and_nothing_else(reach: int, score: Decimal, known: Estimates) -> None:
    why = blanks(known, answers=3, needed=3)
    assert ("rice" in why) == (rice(reach, known) is None)
    assert ("value_per_effort" in why) == (value_per_effort(score, known) is None)
    assert "opportunity" not in why
    for name in ("effort", "impact", "confidence"):
        assert (name in why.get("rice", "")) == (getattr(known, name) is None)


@given(surveys, st.integers(0, 8))
def test_an_opportunity_is_told_exactly_when_enough_answered(found: list[Answer], needed: int) -> None:
    told = opportunity(found, needed=needed)
    assert told.answers == len({answer.respondent for answer in found})
    why = blanks(Estimates(), answers=told.answers, needed=needed)
    assert ("opportunity" in why) == (told.score is None) == (told.answers < max(needed, 1))


@given(surveys, st.randoms(use_true_random=False))
def test_an_opportunity_keeps_its_bounds_and_does_not_depend_on_the_order(found: list[Answer], chance: object) -> None:
    told = opportunity(found, needed=1)
    mixed = list(found)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert opportunity(mixed, needed=1) == told
    if told.score is not None and told.importance is not None and told.satisfaction is not None:
        assert 0 <= told.importance <= told.score <= 2 * told.importance <= 20
        assert (told.score == told.importance) == (told.satisfaction >= told.importance)


@given(surveys, answers)
def test_only_the_latest_answer_of_a_respondent_counts(found: list[Answer], one: Answer) -> None:
    later = [Answer(one.respondent, DAY + dt.timedelta(days=9), 0, one.importance, one.satisfaction)]
    others = [answer for answer in found if answer.respondent != one.respondent]
    assert opportunity([*found, *later], needed=1) == opportunity([*others, *later], needed=1)


@pytest.mark.parametrize(("rating", "high"), [(6, 0), (7, 10)])
def test_the_upper_two_of_five_steps_begin_at_seven(rating: int, high: int) -> None:
    told = opportunity([Answer("contact:1", DAY, 1, rating, rating)], needed=1)
    assert (told.importance, told.satisfaction) == (Decimal(high), Decimal(high))
