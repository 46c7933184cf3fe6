"""What people set on problems by hand, apart from the grouping: undoable, and told like every change."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from insights.models import Problem, ProblemEdit
from insights.models.problems import Author
from insights.services.due import rank_queue
from insights.services.outbox import problems_watched
from insights.services.touching import problems_touch

# What may be set, and who then decided it, where runs write it too. Columns by their database names.
JOB = ("job_when", "job_want", "job_so")
ESTIMATES = ("effort", "impact", "confidence")
DECIDED_BY = {"theme_id": "themed_by", **dict.fromkeys(JOB, "job_by")}
FIELDS = ("status", "theme_id", "owner_id", "area", *JOB, *ESTIMATES)
By = User | AnonymousUser | None


class EditRefusedError(ValueError):
    """An edit that cannot be made or undone. The text says why and what to do."""


@transaction.atomic
@problems_watched()
def problems_edit(*, problems: Sequence[Problem], values: Mapping[str, Any], author: By) -> ProblemEdit | None:
    """Set these fields on these problems; answers None when all of them are so already.

    Args:
        problems: Which.
        values: By the names of `FIELDS`: values as the columns hold them, None for nothing.
        author: Who decided.

    Raises:
        EditRefusedError: a field that is none, or a value that it cannot hold.
    """
    unknown = [name for name in values if name not in FIELDS]
    if unknown:
        raise EditRefusedError(f"{unknown[0]} is not a field of a problem that is set by hand.")
    # What a person sets, no run rewrites.
    after = {**values, **{DECIDED_BY[name]: Author.PERSON.value for name in values if name in DECIDED_BY}}
    locked = Problem.objects.select_for_update().filter(pk__in=[problem.pk for problem in problems]).order_by("pk")
    before: dict[str, dict[str, Any]] = {}
    changed = []
    for problem in locked:
        then = {name: getattr(problem, name) for name in after}
        if all(then[name] == value for name, value in values.items()):
            continue
        for name, value in after.items():
            setattr(problem, name, value)
        _checked(problem, values)
        before[str(problem.pk)] = {name: _plain(value) for name, value in then.items()}
        changed.append(problem)
    if not changed:
        return None
    _stored(changed, tuple(after))
    edit = ProblemEdit(
        author=author if isinstance(author, User) else None,
        before=before,
        after={name: _plain(value) for name, value in after.items()},
    )
    edit.save()
    edit.problems.set(changed)
    return edit


@transaction.atomic
@problems_watched()
def edit_undo(*, edit: ProblemEdit) -> None:
    """Everything that the edit set is as it was before.

    Raises:
        EditRefusedError: it is undone already, or a later edit set the same.
    """
    if not ProblemEdit.objects.filter(pk=edit.pk, undone_at=None).update(undone_at=timezone.now()):
        raise EditRefusedError("This change is undone already.")
    for later in ProblemEdit.objects.standing().filter(pk__gt=edit.pk, problems__in=edit.problems.all()).distinct():
        if later.before.keys() & edit.before.keys() and later.after.keys() & edit.after.keys():
            raise EditRefusedError("A later change set the same: undo that one first.")
    problems = list(Problem.objects.select_for_update().filter(pk__in=edit.before).order_by("pk"))
    for problem in problems:
        for name, value in edit.before[str(problem.pk)].items():
            setattr(problem, name, value)
    _stored(problems, tuple(edit.after))


def _checked(problem: Problem, values: Mapping[str, Any]) -> None:
    try:
        problem.clean_fields(exclude={field.name for field in Problem._meta.fields if field.attname not in values})
    except ValidationError as error:
        raise EditRefusedError(f"{problem.key}: {' '.join(error.messages)}") from None


def _stored(problems: Sequence[Problem], names: Sequence[str]) -> None:
    now = timezone.now()
    for problem in problems:
        problem.updated_at = now
    Problem.objects.bulk_update(problems, [*names, "updated_at"])
    if set(names) & set(ESTIMATES):
        problems_touch(problem_ids=[problem.pk for problem in problems])
        rank_queue()


def _plain(value: Any) -> Any:
    """As JSON holds it."""
    return str(value) if isinstance(value, Decimal) else value
