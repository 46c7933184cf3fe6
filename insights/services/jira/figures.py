"""What an issue is told of its problem: never what customers wrote beyond the title, never who they are."""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings

from insights.models import Problem, Ranking, RankingEntry, Status

DONE = frozenset({Status.SHIPPED, Status.DECLINED})


@dataclass(frozen=True)
class Figures:
    """A problem as the latest ranking has it; one that is not ranked has no rank and asks for nothing."""

    key: str
    title: str
    job_statement: str
    status: str
    rank: int | None
    score: Decimal
    currency: str
    customers: int
    revenue_at_risk: Decimal
    url: str

    @property
    def done(self) -> bool:
        """Whether nothing more is going to happen."""
        return self.status in DONE

    def texts(self) -> dict[str, str]:
        """By the names of the placeholders in templates."""
        return {
            "key": self.key,
            "title": self.title,
            "job_statement": self.job_statement,
            "status": self.status,
            "rank": "" if self.rank is None else str(self.rank),
            "score": f"{self.score:,.2f}",
            "currency": self.currency,
            "customers": str(self.customers),
            "revenue_at_risk": f"{self.revenue_at_risk:,.2f}",
            "url": self.url,
        }

    def value(self) -> dict[str, Any]:
        """The value of the issue property. Amounts are numbers: Jira compares and sorts them."""
        return {
            "key": self.key,
            "title": self.title,
            "status": self.status,
            "rank": self.rank,
            "score": float(self.score),
            "currency": self.currency,
            "customers": self.customers,
            "revenue_at_risk": float(self.revenue_at_risk),
            "url": self.url,
        }

    def fingerprint(self) -> str:
        """The same figures have the same."""
        return hashlib.sha256(json.dumps(self.value(), sort_keys=True).encode()).hexdigest()


def problem_standing(problem: Problem) -> Problem:
    """What a problem became: itself, or at the end of the chain what it was merged into."""
    while problem.merged_into is not None:
        problem = problem.merged_into
    return problem


def figures_load(problems: Iterable[Problem]) -> dict[int, Figures]:
    """The figures of what each problem became, by the id of the problem."""
    standing = {problem.pk: problem_standing(problem) for problem in problems}
    ranking = Ranking.objects.first()
    entries = _entries(ranking, {problem.pk for problem in standing.values()})
    currency = ranking.currency if ranking else settings.HEARD_BASE_CURRENCY
    return {pk: _figures(problem, entries.get(problem.pk), currency) for pk, problem in standing.items()}


def _entries(ranking: Ranking | None, problem_ids: Collection[int]) -> dict[int, RankingEntry]:
    if ranking is None:
        return {}
    return {entry.problem_id: entry for entry in ranking.entries.filter(problem__in=problem_ids)}


def _figures(problem: Problem, entry: RankingEntry | None, currency: str) -> Figures:
    return Figures(
        key=problem.key,
        title=problem.title,
        job_statement=problem.job_statement,
        status=problem.status,
        rank=entry.rank if entry else None,
        score=entry.score if entry else Decimal(),
        currency=currency,
        customers=entry.customers if entry else 0,
        revenue_at_risk=entry.revenue_at_risk if entry else Decimal(),
        url=f"{settings.HEARD_PUBLIC_URL}/problems/{problem.key}/",
    )
