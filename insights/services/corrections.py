"""Corrections: what people decide takes effect at once and binds every later run. Each can be undone."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from numpy.typing import NDArray

from feedback.models import FeedbackItem, ItemState
from feedback.services.item_states import items_settle
from insights.engine.constraints import Constraints, ContradictionError, closed
from insights.models import Correction, CorrectionKind, Membership, Problem
from insights.models.problems import Author
from insights.services.due import rank_queue
from insights.services.outbox import problems_watched
from insights.services.spaces import problem_centres_refresh
from insights.services.touching import problems_touch

Pair = tuple[int, int]
By = User | None


class CorrectionRefusedError(ValueError):
    """A correction that contradicts earlier ones, or that cannot be carried out. The text says why."""


@dataclass(frozen=True)
class Bindings:
    """Everything that binding corrections say, over ids: items that share a problem, that do not, that are pinned."""

    together: tuple[Pair, ...]
    apart: tuple[Pair, ...]
    pins: tuple[Pair, ...]

    def over(self, item_ids: NDArray[np.int64]) -> Constraints:
        """The same over row numbers; what concerns items that are not among the rows is left out."""
        row = {int(pk): number for number, pk in enumerate(item_ids)}

        def rows(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
            return tuple((row[a], row[b]) for a, b in pairs if a in row and b in row)

        pinned = {row[item]: problem for item, problem in self.pins if item in row}
        return Constraints(must_link=rows(self.together), cannot_link=rows(self.apart), pinned=pinned)


def bindings_load() -> Bindings:
    """What binds a run now. An item pinned twice is where the later correction put it."""
    together: list[Pair] = []
    apart: list[Pair] = []
    for correction in Correction.objects.binding():
        together += [(a, b) for a, b in correction.together]
        apart += [(a, b) for a, b in correction.apart]
    pins = Membership.objects.filter(placed_by=Author.PERSON).values_list("item_id", "problem_id")
    return Bindings(tuple(together), tuple(apart), tuple(pins))


@transaction.atomic
@problems_watched()
def pair_same(*, item: FeedbackItem, other: FeedbackItem, author: By) -> Correction:
    """Two items speak of the same problem. The one that was placed with less confidence joins the other.

    Raises:
        CorrectionRefusedError: earlier corrections hold them apart.
    """
    _refuse_contradiction(together=[(item.pk, other.pk)])
    homes = {home.item_id: home for home in Membership.objects.filter(item__in=[item, other])}
    correction = Correction(kind=CorrectionKind.SAME, author=author, together=[[item.pk, other.pk]])
    if homes and len({home.problem_id for home in homes.values()}) + (2 - len(homes)) > 1:
        firm = max(homes.values(), key=lambda home: (home.pinned, home.confidence))
        loose = other if firm.item_id == item.pk else item
        correction.before = {"memberships": _put([loose.pk], firm.problem_id, by=Author.ENGINE)}
    return _recorded(correction)


@transaction.atomic
@problems_watched()
def pair_not_same(*, item: FeedbackItem, other: FeedbackItem, author: By) -> Correction:
    """Two items do not speak of the same problem. If they share one, the less sure of the two leaves it.

    Raises:
        CorrectionRefusedError: a chain of earlier corrections holds them together.
    """
    _refuse_contradiction(apart=[(item.pk, other.pk)])
    homes = list(Membership.objects.filter(item__in=[item, other]).order_by("item_id"))
    correction = Correction(kind=CorrectionKind.NOT_SAME, author=author, apart=[[item.pk, other.pk]])
    if len(homes) == 2 and homes[0].problem_id == homes[1].problem_id:
        loose = min(homes, key=lambda home: (home.pinned, home.confidence))
        correction.before = {"memberships": _put([loose.item_id], None, by=Author.ENGINE)}
    return _recorded(correction)


@transaction.atomic
@problems_watched()
def items_move(*, items: Sequence[FeedbackItem], target: Problem, author: By) -> Correction:
    """Items belong to a problem, whatever the engine thinks of it: they are pinned there.

    Raises:
        CorrectionRefusedError: earlier corrections hold one of them apart from an item that is pinned there.
    """
    ids = [item.pk for item in items]
    _refuse_contradiction(pins=dict.fromkeys(ids, target.pk))
    before = {"memberships": _put(ids, target.pk, by=Author.PERSON)}
    return _recorded(Correction(kind=CorrectionKind.MOVE, author=author, problem=target, before=before))


@transaction.atomic
@problems_watched()
def problem_merge(*, problem: Problem, target: Problem, author: By) -> Correction:
    """A problem becomes part of another. Its key stays and leads there.

    Raises:
        CorrectionRefusedError: it is the same problem, one is merged already, or items of the two are held apart.
    """
    if problem.pk == target.pk or problem.merged_into_id or target.merged_into_id:
        raise CorrectionRefusedError(
            f"{problem.key} and {target.key} cannot be merged: choose two problems that stand."
        )
    ids, others = _members(problem), _members(target)
    pairs = [(ids[0], others[0])] if ids and others else []
    for a, b in bindings_load().apart:
        if (a in ids and b in others) or (b in ids and a in others):
            raise CorrectionRefusedError(
                f"{problem.key} and {target.key} hold items that were said not to be the same: {_names([a, b])}."
            )
    _refuse_contradiction(together=pairs)
    before = {"memberships": _put(ids, target.pk, by=None), "merged": problem.pk}
    Problem.objects.filter(pk=problem.pk).update(merged_into=target, updated_at=timezone.now())
    correction = Correction(kind=CorrectionKind.MERGE, author=author, problem=target, together=pairs, before=before)
    # Answers of surveys count for what a problem became, whether it holds items or not.
    return _recorded(correction, also=[problem.pk, target.pk])


@transaction.atomic
@problems_watched()
def problem_split(*, problem: Problem, items: Sequence[FeedbackItem], title: str, author: By) -> Correction:
    """Some items leave for a new problem of their own, and are pinned there.

    Raises:
        CorrectionRefusedError: none or all of the items would leave, or corrections hold them together.
    """
    members = _members(problem)
    leaving = [item.pk for item in items if item.pk in members]
    staying = [pk for pk in members if pk not in leaving]
    if not leaving or not staying:
        raise CorrectionRefusedError(f"A split of {problem.key} needs items that leave and items that stay.")
    for a, b in bindings_load().together:
        if (a in leaving and b in staying) or (b in leaving and a in staying):
            raise CorrectionRefusedError(f"These were said to be the same problem: {_names([a, b])}.")
    new = Problem.objects.create(title=title, titled_by=Author.PERSON)
    before = {"memberships": _put(leaving, new.pk, by=Author.PERSON), "split": new.pk}
    apart = [[leaving[0], staying[0]]]
    return _recorded(
        Correction(kind=CorrectionKind.SPLIT, author=author, problem=new, apart=apart, before=before), also=[problem.pk]
    )


@transaction.atomic
@problems_watched()
def problem_rename(*, problem: Problem, title: str, author: By) -> Correction:
    """A person's title: no run changes it.

    Raises:
        CorrectionRefusedError: the title is blank or too long.
    """
    title = " ".join(title.split())
    if not title or len(title) > 200:
        raise CorrectionRefusedError("A title needs 1 to 200 characters.")
    before = {"title": problem.title, "titled_by": problem.titled_by}
    changed = {"title": title, "titled_by": Author.PERSON, "updated_at": timezone.now()}
    Problem.objects.filter(pk=problem.pk).update(**changed)
    return _recorded(Correction(kind=CorrectionKind.RENAME, author=author, problem=problem, before=before))


@transaction.atomic
@problems_watched()
def correction_undo(*, correction: Correction) -> None:
    """Take a correction back: everything it changed is as it was before.

    Raises:
        CorrectionRefusedError: it is undone already, or a later correction builds on it.
    """
    if correction.undone_at is not None:
        raise CorrectionRefusedError("This correction is undone already.")
    touched = {item for item, *_ in correction.before.get("memberships", [])}
    for later in Correction.objects.binding().filter(pk__gt=correction.pk):
        same_problem = later.problem_id is not None and later.problem_id == correction.problem_id
        if same_problem or touched & {item for item, *_ in later.before.get("memberships", [])}:
            raise CorrectionRefusedError(f"Undo the later correction first: {later}.")
    Correction.objects.filter(pk=correction.pk).update(undone_at=timezone.now())
    before = correction.before
    if "merged" in before:
        Problem.objects.filter(pk=before["merged"]).update(merged_into=None, updated_at=timezone.now())
    if correction.problem is not None and "title" in before:
        named = Problem.objects.filter(pk=correction.problem.pk)
        named.update(title=before["title"], titled_by=before["titled_by"], updated_at=timezone.now())
    restored = set(_restore(before.get("memberships", [])))
    if "merged" in before and correction.problem is not None:
        restored |= {before["merged"], correction.problem.pk}
    problem_centres_refresh(problem_ids=restored)
    problems_touch(problem_ids=restored)
    rank_queue()


def _recorded(correction: Correction, also: Collection[int] = ()) -> Correction:
    correction.save()
    moved = correction.before.get("memberships", [])
    problems = {problem for _, problem, *_ in moved if problem} | set(also)
    problems |= set(
        Membership.objects.filter(item__in=[item for item, *_ in moved]).values_list("problem_id", flat=True)
    )
    problem_centres_refresh(problem_ids=problems)
    problems_touch(problem_ids=problems)
    rank_queue()
    return correction


def _put(item_ids: Sequence[int], problem_id: int | None, *, by: Author | None) -> list[list[Any]]:
    """Move items into a problem, or out of any; answers how it was. `by` None leaves pins as they are."""
    homes = {home.item_id: home for home in Membership.objects.filter(item__in=item_ids)}
    before: list[list[Any]] = []
    for pk in item_ids:
        home = homes.get(pk)
        before.append([pk, home and home.problem_id, home and home.confidence, home and home.placed_by])
    if problem_id is None:
        Membership.objects.filter(item__in=item_ids).delete()
        items_settle(item_ids=item_ids, state=ItemState.UNPLACED)
        return before
    Membership.objects.bulk_create(
        [
            Membership(
                item_id=pk,
                problem_id=problem_id,
                confidence=1.0 if by == Author.PERSON else homes[pk].confidence if pk in homes else 0.5,
                placed_by=by or (homes[pk].placed_by if pk in homes else Author.ENGINE),
                placed_at=timezone.now(),
            )
            for pk in item_ids
        ],
        update_conflicts=True,
        unique_fields=["item"],
        update_fields=["problem", "confidence", "placed_by", "placed_at"],
    )
    items_settle(item_ids=item_ids, state=ItemState.PLACED)
    return before


def _restore(memberships: Sequence[Sequence[Any]]) -> Iterable[int]:
    """Put items back to where they were; answers the problems concerned."""
    for item, problem, confidence, placed_by in memberships:
        if not FeedbackItem.objects.filter(pk=item).exists():
            continue
        now = Membership.objects.filter(item=item).first()
        if now is not None:
            yield now.problem_id
        if problem is None:
            _put([item], None, by=None)
            continue
        _put([item], problem, by=Author.ENGINE)
        Membership.objects.filter(item=item).update(confidence=confidence, placed_by=placed_by)
        yield problem


def _members(problem: Problem) -> list[int]:
    """Item ids of a problem, the surest first."""
    return list(problem.memberships.order_by("-confidence", "item_id").values_list("item_id", flat=True))


def _refuse_contradiction(
    *, together: Sequence[Pair] = (), apart: Sequence[Pair] = (), pins: dict[int, int] | None = None
) -> None:
    """Check new decisions against all that bind."""
    known = bindings_load()
    pinned = {**dict(known.pins), **(pins or {})}
    wanted = Bindings((*known.together, *together), (*known.apart, *apart), tuple(pinned.items()))
    ids = {pk for pair in (*wanted.together, *wanted.apart) for pk in pair} | set(pinned)
    rows = np.array(sorted(ids), dtype=np.int64)
    try:
        closed(wanted.over(rows), len(rows))
    except ContradictionError as error:
        chain = [int(rows[row]) for row in error.chain]
        pair = [int(rows[row]) for row in error.pair]
        raise CorrectionRefusedError(
            f"This contradicts earlier corrections: {_names(pair, ' and ')} cannot be apart, because they are held "
            f"together by {_names(chain, ' = ')}."
        ) from None


def _names(item_ids: Sequence[int], joint: str = ", ") -> str:
    found = {item.pk: item for item in FeedbackItem.objects.filter(pk__in=item_ids).select_related("source")}
    return joint.join(f"{found[pk].source.key} {found[pk].external_id}" for pk in item_ids if pk in found)
