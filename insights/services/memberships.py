"""Putting items into problems and out of them, remembering how it was, to the last column."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from feedback.models import FeedbackItem, ItemState
from feedback.services.item_states import items_settle
from insights.models import Membership, Problem
from insights.models.problems import Author

BATCH = 500
# How sure the engine is of an item that it had not placed, and that a person says belongs with another.
UNSURE = 0.5


def memberships_put(item_ids: Sequence[int], problem_id: int | None, *, by: Author | None) -> list[list[Any]]:
    """Move items into a problem, or out of any; answers how it was. `by` None leaves pins as they are."""
    homes = {home.item_id: home for home in Membership.objects.filter(item__in=item_ids)}
    before: list[list[Any]] = []
    for pk in item_ids:
        home = homes.get(pk)
        before.append(
            [pk, home.problem_id, home.confidence, home.placed_by, home.placed_at.isoformat()]
            if home
            else [pk, None, None, None, None]
        )
    if problem_id is None:
        Membership.objects.filter(item__in=item_ids).delete()
        _settle(item_ids, ItemState.UNPLACED)
        return before
    now = timezone.now()
    _stored(
        [
            Membership(
                item_id=pk,
                problem_id=problem_id,
                confidence=1.0 if by == Author.PERSON else homes[pk].confidence if pk in homes else UNSURE,
                placed_by=by or (homes[pk].placed_by if pk in homes else Author.ENGINE),
                placed_at=now,
            )
            for pk in item_ids
        ]
    )
    return before


def memberships_restore(memberships: Sequence[Sequence[Any]]) -> set[int]:
    """Put items back to where they were, to the last column; answers the problems that gained or lost some.

    Items that were deleted since stay so, and those that wait to be placed anew, because their text changed, are left
    to triage.
    """
    ids = [row[0] for row in memberships]
    there = FeedbackItem.objects.filter(pk__in=ids).exclude(state=ItemState.WAITING)
    known = set(there.values_list("pk", flat=True))
    rows = [row for row in memberships if row[0] in known]
    left = Membership.objects.filter(item__in=known).values_list("problem_id", flat=True).distinct()
    concerned = {*left, *(problem for _, problem, *_ in rows if problem)}
    homeless = [pk for pk, problem, *_ in rows if problem is None]
    Membership.objects.filter(item__in=homeless).delete()
    _settle(homeless, ItemState.UNPLACED)
    housed = [
        Membership(
            item_id=pk, problem_id=problem, confidence=sure, placed_by=by, placed_at=dt.datetime.fromisoformat(at)
        )
        for pk, problem, sure, by, at in rows
        if problem is not None
    ]
    _stored(housed)
    return concerned


def members_of(problem: Problem) -> list[int]:
    """Item ids of a problem, the surest first."""
    return list(problem.memberships.order_by("-confidence", "item_id").values_list("item_id", flat=True))


def _membership(row: Sequence[Any]) -> Membership:
    pk, problem, sure, by, at = row
    moment = dt.datetime.fromisoformat(at)
    return Membership(item_id=pk, problem_id=problem, confidence=sure, placed_by=by, placed_at=moment)


def _stored(memberships: Sequence[Membership]) -> None:
    """Store them, in place of what was known of their items."""
    Membership.objects.bulk_create(
        memberships,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["item"],
        update_fields=["problem", "confidence", "placed_by", "placed_at"],
    )
    _settle([one.item_id for one in memberships], ItemState.PLACED)


def _settle(item_ids: Sequence[int], state: ItemState) -> None:
    """Those that triage has reached. The others go on waiting: it reads them, and leaves what is pinned where it is."""
    for start in range(0, len(item_ids), BATCH):
        reached = FeedbackItem.objects.settled().filter(pk__in=item_ids[start : start + BATCH])
        items_settle(item_ids=list(reached.values_list("pk", flat=True)), state=state)
