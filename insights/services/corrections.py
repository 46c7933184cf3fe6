"""Corrections: what people decide takes effect at once and binds every later run. Each can be undone."""

from collections.abc import Collection, Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from feedback.models import FeedbackItem
from insights.models import Correction, CorrectionKind, Membership, Problem
from insights.models.problems import Author
from insights.services.bindings import CorrectionRefusedError, bindings_load, contradiction_refuse, item_names
from insights.services.due import rank_queue
from insights.services.memberships import members_of, memberships_put, memberships_restore
from insights.services.outbox import problems_watched
from insights.services.spaces import problem_centres_refresh
from insights.services.touching import problems_touch

By = User | None
TITLE_CHARACTERS = 200


@transaction.atomic
@problems_watched()
def pair_same(*, item: FeedbackItem, other: FeedbackItem, author: By) -> Correction:
    """Two items speak of the same problem. The one that was placed with less confidence joins the other.

    Raises:
        CorrectionRefusedError: earlier corrections hold them apart.
    """
    contradiction_refuse(together=[(item.pk, other.pk)])
    homes = {home.item_id: home for home in Membership.objects.filter(item__in=[item, other])}
    correction = Correction(kind=CorrectionKind.SAME, author=author, together=[[item.pk, other.pk]])
    if homes and len({home.problem_id for home in homes.values()}) + (2 - len(homes)) > 1:
        firm = max(homes.values(), key=lambda home: (home.pinned, home.confidence))
        loose = other if firm.item_id == item.pk else item
        correction.before = {"memberships": memberships_put([loose.pk], firm.problem_id, by=Author.ENGINE)}
    return _recorded(correction)


@transaction.atomic
@problems_watched()
def pair_not_same(*, item: FeedbackItem, other: FeedbackItem, author: By) -> Correction:
    """Two items do not speak of the same problem. If they share one, the less sure of the two leaves it.

    Raises:
        CorrectionRefusedError: a chain of earlier corrections holds them together.
    """
    contradiction_refuse(apart=[(item.pk, other.pk)])
    homes = list(Membership.objects.filter(item__in=[item, other]).order_by("item_id"))
    correction = Correction(kind=CorrectionKind.NOT_SAME, author=author, apart=[[item.pk, other.pk]])
    if len(homes) == 2 and homes[0].problem_id == homes[1].problem_id:
        loose = min(homes, key=lambda home: (home.pinned, home.confidence))
        correction.before = {"memberships": memberships_put([loose.item_id], None, by=Author.ENGINE)}
    return _recorded(correction)


@transaction.atomic
@problems_watched()
def items_move(*, items: Sequence[FeedbackItem], target: Problem, author: By) -> Correction:
    """Items belong to a problem, whatever the engine thinks of it: they are pinned there.

    Raises:
        CorrectionRefusedError: there are no items, the problem has become part of another, or earlier corrections hold
            one of the items apart from an item that is pinned there.
    """
    if not items:
        raise CorrectionRefusedError("Choose the items that move.")
    _refuse_merged(target)
    ids = [item.pk for item in items]
    contradiction_refuse(pins=dict.fromkeys(ids, target.pk))
    before = {"memberships": memberships_put(ids, target.pk, by=Author.PERSON)}
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
    ids, others = members_of(problem), members_of(target)
    pairs = [(ids[0], others[0])] if ids and others else []
    coming, there = set(ids), set(others)
    for a, b in bindings_load().apart:
        if (a in coming and b in there) or (b in coming and a in there):
            raise CorrectionRefusedError(
                f"{problem.key} and {target.key} hold items that were said not to be the same: {item_names([a, b])}."
            )
    contradiction_refuse(together=pairs)
    before = {"memberships": memberships_put(ids, target.pk, by=None), "merged": problem.pk}
    Problem.objects.filter(pk=problem.pk).update(merged_into=target, updated_at=timezone.now())
    correction = Correction(kind=CorrectionKind.MERGE, author=author, problem=target, together=pairs, before=before)
    # Answers of surveys count for what a problem became, whether it holds items or not.
    return _recorded(correction, also=[problem.pk, target.pk])


@transaction.atomic
@problems_watched()
def problem_split(*, problem: Problem, items: Sequence[FeedbackItem], title: str, author: By) -> Correction:
    """Some items leave for a new problem of their own, and are pinned there.

    Raises:
        CorrectionRefusedError: none or all of the items would leave, the title is none, or corrections hold the items
            together.
    """
    title = _title(title)
    picked = {item.pk for item in items}
    members = members_of(problem)
    leaving, staying = [pk for pk in members if pk in picked], [pk for pk in members if pk not in picked]
    if not leaving or not staying:
        raise CorrectionRefusedError(f"A split of {problem.key} needs items that leave and items that stay.")
    of = set(members)
    for a, b in bindings_load().together:
        if a in of and b in of and (a in picked) != (b in picked):
            raise CorrectionRefusedError(f"These were said to be the same problem: {item_names([a, b])}.")
    new = Problem.objects.create(title=title, titled_by=Author.PERSON)
    before = {"memberships": memberships_put(leaving, new.pk, by=Author.PERSON), "split": new.pk}
    apart = [[leaving[0], staying[0]]]
    return _recorded(
        Correction(kind=CorrectionKind.SPLIT, author=author, problem=new, apart=apart, before=before), also=[problem.pk]
    )


@transaction.atomic
@problems_watched()
def problem_rename(*, problem: Problem, title: str, author: By) -> Correction:
    """A person's title: no run changes it.

    Raises:
        CorrectionRefusedError: the title is blank or too long, or the problem has become part of another.
    """
    title = _title(title)
    _refuse_merged(problem)
    before = {"title": problem.title, "titled_by": problem.titled_by}
    changed = {"title": title, "titled_by": Author.PERSON, "updated_at": timezone.now()}
    Problem.objects.filter(pk=problem.pk).update(**changed)
    return _recorded(Correction(kind=CorrectionKind.RENAME, author=author, problem=problem, before=before))


@transaction.atomic
@problems_watched()
def correction_undo(*, correction: Correction) -> None:
    """Take a correction back: everything it changed is as it was before. What was split off leads back where it was.

    Raises:
        CorrectionRefusedError: it is undone already, or a later correction builds on it.
    """
    if correction.undone_at is None:
        _refuse_built_upon(correction)
    if not Correction.objects.filter(pk=correction.pk, undone_at=None).update(undone_at=timezone.now()):
        raise CorrectionRefusedError("This correction is undone already.")
    before, now = correction.before, timezone.now()
    if "merged" in before:
        Problem.objects.filter(pk=before["merged"]).update(merged_into=None, updated_at=now)
    if correction.problem is not None and "title" in before:
        named = Problem.objects.filter(pk=correction.problem.pk)
        named.update(title=before["title"], titled_by=before["titled_by"], updated_at=now)
    restored = memberships_restore(before.get("memberships", []))
    if "merged" in before and correction.problem is not None:
        restored |= {before["merged"], correction.problem.pk}
    if "split" in before:
        # Newcomers that joined it since keep it standing.
        empty = Problem.objects.filter(pk=before["split"], memberships=None)
        empty.update(merged_into=before["memberships"][0][1], updated_at=now)
    problem_centres_refresh(problem_ids=restored)
    problems_touch(problem_ids=restored)
    rank_queue()


def _title(text: str) -> str:
    title = " ".join(text.split())
    if not title or len(title) > TITLE_CHARACTERS:
        raise CorrectionRefusedError(f"A title needs 1 to {TITLE_CHARACTERS} characters.")
    return title


def _refuse_merged(problem: Problem) -> None:
    if problem.merged_into_id:
        raise CorrectionRefusedError(f"{problem.key} is part of P-{problem.merged_into_id} now: use that one.")


def _refuse_built_upon(correction: Correction) -> None:
    moved = {item for item, *_ in correction.before.get("memberships", [])}
    homes = {problem for _, problem, *_ in correction.before.get("memberships", [])}
    for later in Correction.objects.binding().filter(pk__gt=correction.pk):
        same_problem = later.problem_id is not None and later.problem_id == correction.problem_id
        same_items = moved & {item for item, *_ in later.before.get("memberships", [])}
        # Items cannot go back to a problem that has become part of another.
        if same_problem or same_items or later.before.get("merged") in homes:
            raise CorrectionRefusedError(f"Undo the later correction first: {later}.")


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
