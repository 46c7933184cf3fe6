"""What a correction would do to the list, to the cent: it is made, weighed and taken back before anybody sees it."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from insights.engine.score import Weights
from insights.models import Correction, CorrectionKind, Membership, Problem, Ranking, RankingEntry
from insights.services.demand import Scored, accounts_asking, demands_load, problems_score
from insights.services.snapshots import weights_of
from insights.services.weighing import Book, Defaults


@dataclass(frozen=True)
class Figures:
    """What the list says of a problem. Amounts in the ranking's currency."""

    rank: int
    score: Decimal
    customers: int
    items: int
    arr: Decimal


@dataclass(frozen=True)
class Effect:
    """A problem before and after; None where it is not in the list. The key is empty for one that would be new."""

    key: str
    title: str
    before: Figures | None
    after: Figures | None


def effects_of(decide: Callable[[], Sequence[Correction]]) -> list[Effect]:
    """The problems that decisions change, the highest score after them first. Nothing of them stays.

    Answers nothing while there is no ranking.

    Raises:
        CorrectionRefusedError: whatever `decide` raises.
        MissingRateError: a customer's money cannot be told in the ranking's currency. The decision itself can be made.
    """
    ranking = Ranking.objects.first()
    with transaction.atomic():
        corrections = decide()
        effects = _effects(corrections, ranking) if ranking else []
        transaction.set_rollback(True)
    return effects


def _effects(corrections: Sequence[Correction], ranking: Ranking) -> list[Effect]:
    concerned = set[int]().union(*(_concerned(correction) for correction in corrections))
    scored = _scored(concerned, ranking)
    before = {entry.problem_id: entry for entry in ranking.entries.filter(problem__in=concerned)}
    others = ranking.entries.exclude(problem__in=concerned).order_by().values_list("score", "problem_id")
    after = _placed(scored, others)
    new = {correction.problem_id for correction in corrections if correction.kind == CorrectionKind.SPLIT}
    effects = [
        Effect(
            key="" if problem.pk in new else problem.key,
            title=problem.title,
            before=_figures(before[problem.pk]) if problem.pk in before else None,
            after=after.get(problem.pk),
        )
        for problem in Problem.objects.filter(pk__in=concerned)
    ]
    return sorted(effects, key=lambda effect: -(effect.after.score if effect.after else 0))


def _concerned(correction: Correction) -> set[int]:
    """The problems that gain or lose items, or become part of another."""
    moved = correction.before.get("memberships", [])
    now = Membership.objects.filter(item__in=[item for item, *_ in moved]).values_list("problem_id", flat=True)
    problems = {*now, *(problem for _, problem, *_ in moved), correction.problem_id, correction.before.get("merged")}
    return {problem for problem in problems if problem is not None}


def _scored(problem_ids: Collection[int], ranking: Ranking) -> list[Scored]:
    """The problems with the members that they have now, by all else that the ranking went by."""
    weights: Weights = weights_of(ranking.weights, version=ranking.weights_version)
    today: dt.date = ranking.day
    held = Defaults(floor=ranking.floor, median_arr=ranking.median_arr, base_rate=ranking.base_rate)
    book = Book(weights=weights, today=today, held=held, among=accounts_asking(problem_ids=problem_ids))
    demands = demands_load(book=book, today=today, problem_ids=problem_ids)
    return problems_score(demands=demands, weights=weights, today=today)


def _placed(scored: Iterable[Scored], others: Iterable[tuple[Decimal, int]]) -> Mapping[int, Figures]:
    """Each with its place among the others: the higher score first, then the older problem, as in every ranking."""
    order = sorted([(-score, problem) for score, problem in others] + [_place(one) for one in scored])
    ranks = {problem: rank for rank, (_, problem) in enumerate(order, start=1)}
    return {
        one.problem_id: Figures(
            rank=ranks[one.problem_id],
            score=one.score.total,
            customers=len(one.demand.families),
            items=len(one.demand.ages),
            arr=sum((family.arr for family in one.demand.families.values()), Decimal("0.00")),
        )
        for one in scored
    }


def _place(one: Scored) -> tuple[Decimal, int]:
    return -one.score.total, one.problem_id


def _figures(entry: RankingEntry) -> Figures:
    return Figures(entry.rank, entry.score, entry.customers, entry.items, entry.arr_total)
