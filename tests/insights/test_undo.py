"""Whatever people decide, in whatever order: taken back, the grouping is to the last column what it was."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.models import FeedbackItem, ItemState
from feedback.services.item_states import items_settle
from insights.models import Correction, Membership, Problem
from insights.models.problems import Author
from insights.services.bindings import CorrectionRefusedError
from insights.services.corrections import (
    correction_undo,
    items_move,
    pair_not_same,
    pair_same,
    problem_merge,
    problem_rename,
    problem_split,
)
from tests.factories import make_item

PROBLEMS, ITEMS, HOMELESS = 4, 12, 2
LONG_AGO = dt.datetime(2025, 3, 4, 5, 6, 7, 89, tzinfo=dt.UTC)
WAYS = ("same", "not_same", "move", "merge", "split", "rename")
DECISIONS = st.tuples(
    st.sampled_from(WAYS),
    st.lists(st.integers(0, ITEMS - 1), min_size=2, max_size=4, unique=True),
    st.integers(0, PROBLEMS + 3),
    st.integers(0, PROBLEMS + 3),
)


@pytest.fixture
def world(db: None) -> dict[int, Any]:
    """Items in problems, some pinned, two in none; answers the grouping at the start."""
    problems = [Problem.objects.create(title=f"Problem {number}") for number in range(PROBLEMS)]
    for number in range(ITEMS):
        homeless = number >= ITEMS - HOMELESS
        item = make_item(f"F{number}", f"Item {number}")
        items_settle(item_ids=[item.pk], state=ItemState.UNPLACED if homeless else ItemState.PLACED)
        if not homeless:
            Membership.objects.create(
                item=item,
                problem=problems[number % PROBLEMS],
                confidence=0.3 + number / 20,
                placed_by=Author.PERSON if number % 5 == 0 else Author.ENGINE,
                placed_at=LONG_AGO + dt.timedelta(days=number),
            )
    return grouping()


def grouping() -> dict[Any, Any]:
    """All that makes the grouping; what stands for itself and holds nothing, or leads to another, is no part of it."""
    columns = ("item_id", "problem_id", "confidence", "placed_by", "placed_at")
    members = {row[0]: row[1:] for row in Membership.objects.values_list(*columns)}
    states = {f"state of {pk}": state for pk, state in FeedbackItem.objects.values_list("pk", "state")}
    housing = Problem.objects.exclude(memberships=None)
    assert not housing.exclude(merged_into=None).exists()
    problems = {f"P-{pk}": rest for pk, *rest in housing.values_list("pk", "title", "titled_by")}
    return {**members, **states, **problems}


def decided(way: str, items: list[int], first: int, second: int) -> Correction | None:
    """Make one decision; None when it is refused, which changes nothing."""
    rows, problems = list(FeedbackItem.objects.order_by("pk")), list(Problem.objects.order_by("pk"))
    chosen = [rows[number] for number in items]
    problem, target = problems[first % len(problems)], problems[second % len(problems)]
    ways = {
        "same": lambda: pair_same(item=chosen[0], other=chosen[1], author=None),
        "not_same": lambda: pair_not_same(item=chosen[0], other=chosen[1], author=None),
        "move": lambda: items_move(items=chosen, target=target, author=None),
        "merge": lambda: problem_merge(problem=problem, target=target, author=None),
        "split": lambda: problem_split(problem=problem, items=chosen, title="Split off", author=None),
        "rename": lambda: problem_rename(problem=problem, title=f"Renamed {second}", author=None),
    }
    before = grouping()
    try:
        return ways[way]()
    except CorrectionRefusedError:
        assert grouping() == before
        return None


def test_nothing_goes_back_to_what_has_become_part_of_another(world: dict[Any, Any]) -> None:
    first, second, third, *_ = Problem.objects.order_by("pk")
    moved = items_move(items=[first.memberships.earliest("pk").item], target=second, author=None)
    merged = problem_merge(problem=first, target=third, author=None)
    with pytest.raises(CorrectionRefusedError, match=rf"later correction first: Merge \({merged.pk}\)"):
        correction_undo(correction=moved)
    correction_undo(correction=merged)
    correction_undo(correction=moved)
    assert grouping() == world


RANDOM = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@RANDOM
@given(decisions=st.lists(DECISIONS, min_size=1, max_size=8))
def test_the_newest_decision_can_always_be_taken_back(world: dict[Any, Any], decisions: list[Any]) -> None:
    with transaction.atomic():
        made = []
        for decision in decisions:
            before = grouping()
            correction = decided(*decision)
            if correction is not None:
                made.append((correction, before))
        for correction, before in reversed(made):
            correction_undo(correction=correction)
            assert grouping() == before
        assert grouping() == world
        transaction.set_rollback(True)


@RANDOM
@given(decisions=st.lists(DECISIONS, min_size=2, max_size=8), order=st.randoms(use_true_random=False))
def test_taken_back_in_any_order_that_is_allowed_nothing_is_left(
    world: dict[Any, Any], decisions: list[Any], order: Any
) -> None:
    with transaction.atomic():
        made = [correction for decision in decisions if (correction := decided(*decision)) is not None]
        while made:
            order.shuffle(made)
            left = [correction for correction in made if not taken_back(correction)]
            assert len(left) < len(made)
            made = left
        assert grouping() == world
        transaction.set_rollback(True)


def taken_back(correction: Correction) -> bool:
    """Whether it could be undone now; refused, it changes nothing."""
    before = grouping()
    try:
        correction_undo(correction=correction)
    except CorrectionRefusedError:
        assert grouping() == before
        return False
    return True
