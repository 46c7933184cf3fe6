"""Notes to the next ranking: what changed and has to be weighed again. Written in the transaction of the change."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import connection

from insights.models import Membership, Ranking, Touched, TouchKind

BATCH = 500
# Written out, because every page of the list asks it: composing it each time takes longer than answering it.
SHOWN_STATE = f"""
    SELECT ranking.id, ranking.edition, waiting.number, waiting.newest
    FROM {Ranking._meta.db_table} ranking
    CROSS JOIN (SELECT COUNT(*) AS number, MAX(id) AS newest FROM {Touched._meta.db_table}) waiting
    ORDER BY ranking.number DESC LIMIT 1
"""  # noqa: S608 (nothing in it comes from outside)


@dataclass(frozen=True)
class Noted:
    """The notes that a ranking takes up."""

    anything: bool
    problems: frozenset[int]
    customers: bool
    everything: bool


def problems_touch(*, problem_ids: Iterable[int]) -> None:
    """Members of these problems, or facts of their items, changed."""
    notes = [Touched(kind=TouchKind.PROBLEM, problem_id=pk) for pk in sorted(set(problem_ids))]
    Touched.objects.bulk_create(notes, batch_size=BATCH)


def items_touch(*, item_ids: Collection[int]) -> None:
    """Facts of these items changed."""
    problems = Membership.objects.filter(item__in=item_ids).values_list("problem_id", flat=True).distinct()
    problems_touch(problem_ids=problems)


def customers_touch() -> None:
    """Facts of accounts changed."""
    Touched.objects.create(kind=TouchKind.CUSTOMERS)


def words_touch() -> None:
    """What is shown of some problem changed: its words, its theme, its status."""
    Touched.objects.create(kind=TouchKind.WORDS)


def everything_touch() -> None:
    """So much changed that nothing can be taken over."""
    Touched.objects.create(kind=TouchKind.EVERYTHING)


def notes_take() -> Noted:
    """Read all notes and take them away; what is written meanwhile is for the ranking after."""
    rows = list(Touched.objects.values_list("pk", "kind", "problem_id"))
    for start in range(0, len(rows), BATCH):
        Touched.objects.filter(pk__in=[pk for pk, *_ in rows[start : start + BATCH]]).delete()
    kinds = {kind for _, kind, _ in rows}
    return Noted(
        anything=bool(rows),
        problems=frozenset(problem for *_, problem in rows if problem is not None),
        customers=TouchKind.CUSTOMERS in kinds,
        everything=TouchKind.EVERYTHING in kinds,
    )


def shown_state() -> tuple[object, ...]:
    """What all that is shown of the latest snapshot depends on, in one query: the same state, the same pages.

    Notes tell of what changed since. When they are taken away the edition goes up, or a new snapshot comes. Those that
    wait are told by their number and the newest: they may be committed in another order than they were written in.
    """
    with connection.cursor() as cursor:
        cursor.execute(SHOWN_STATE)
        return cursor.fetchone() or ()
