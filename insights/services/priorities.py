"""What the orders beside the score need: the estimates of product managers and the answers of surveys."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings

from customers.models import Account
from customers.services.families import family_heads
from insights.engine.priorities import Answer, Estimates, Opportunity, opportunity, rice, value_per_effort
from insights.models import Problem, RankingEntry, SurveyAnswer
from insights.services.surveys import problems_became

COLUMNS = (
    "effort",
    "impact",
    "confidence",
    "rice",
    "value_per_effort",
    "survey_answers",
    "opportunity",
)
NOTHING = Estimates()


@dataclass(frozen=True)
class Respondent:
    """An answer, and the head of its family."""

    answer: Answer
    family: int


@dataclass(frozen=True)
class Told:
    """What the answers of a segment say, or those of everybody; a blank segment holds who is of none."""

    segment: str
    customers: int
    opportunity: Opportunity


@dataclass(frozen=True)
class Opportunities:
    """What a survey says of a problem: of everybody and of each segment."""

    problem: Problem
    needed: int
    overall: Told
    segments: tuple[Told, ...]


class Priorities:
    """The estimates and answers of these problems, or of all."""

    def __init__(self, *, heads: Mapping[int, int], problem_ids: Collection[int] | None = None) -> None:
        """Read them; `heads` are those of all families."""
        problems = Problem.objects.exclude(effort=None, impact=None, confidence=None)
        if problem_ids is not None:
            problems = problems.filter(pk__in=problem_ids)
        made = problems.values_list("pk", "effort", "impact", "confidence")
        self._estimates = {pk: Estimates(effort, impact, percent) for pk, effort, impact, percent in made}
        self._respondents = _respondents(heads, problem_ids)

    def figures(self, problem_id: int, *, reach: int, score: Decimal) -> dict[str, Any]:
        """The columns of a problem's entry that follow from them."""
        estimates = self._estimates.get(problem_id, NOTHING)
        answers = [one.answer for one in self._respondents.get(problem_id, [])]
        told = opportunity(answers, needed=settings.HEARD_ODI_MIN_ANSWERS)
        return {
            "effort": estimates.effort,
            "impact": estimates.impact,
            "confidence": estimates.confidence,
            "rice": rice(reach, estimates),
            "value_per_effort": value_per_effort(score, estimates),
            "survey_answers": told.answers,
            "opportunity": told.score,
        }


def priorities_of(entry: RankingEntry) -> tuple[object, ...]:
    """Those columns of an entry."""
    return tuple(getattr(entry, column) for column in COLUMNS)


def problem_opportunities(*, problem: Problem) -> Opportunities:
    """What customers answered about a problem and those that became part of it, as of now.

    A respondent is of the segment of its family's head, as everywhere.
    """
    heads = family_heads()
    found = _respondents(heads, [problem.pk]).get(problem.pk, [])
    families = {one.family for one in found}
    segment_of = dict(Account.objects.filter(pk__in=families).values_list("pk", "segment"))
    by_segment: dict[str, list[Respondent]] = {}
    for one in found:
        by_segment.setdefault(segment_of[one.family], []).append(one)
    return Opportunities(
        problem=problem,
        needed=max(settings.HEARD_ODI_MIN_ANSWERS, 1),
        overall=_told("", found),
        segments=tuple(_told(segment, by_segment[segment]) for segment in sorted(by_segment)),
    )


def _told(segment: str, found: Collection[Respondent]) -> Told:
    told = opportunity((one.answer for one in found), needed=settings.HEARD_ODI_MIN_ANSWERS)
    return Told(segment, len({one.family for one in found}), told)


def _respondents(heads: Mapping[int, int], problem_ids: Collection[int] | None) -> dict[int, list[Respondent]]:
    """Every answer by the problem that it counts for. An account that names no person answers as its family."""
    became = problems_became()
    rows: Iterable[tuple[Any, ...]] = _rows(became, problem_ids)
    found: dict[int, list[Respondent]] = {}
    for pk, problem, contact, account, contact_account, asked_on, importance, satisfaction in rows:
        family = heads[account or contact_account]
        name = f"contact:{contact}" if contact else f"family:{family}"
        answer = Answer(name, asked_on, pk, importance, satisfaction)
        found.setdefault(became.get(problem, problem), []).append(Respondent(answer, family))
    return found


def _rows(became: Mapping[int, int], problem_ids: Collection[int] | None) -> Iterable[tuple[Any, ...]]:
    answers = SurveyAnswer.objects.order_by("pk")
    if problem_ids is not None:
        wanted = set(problem_ids)
        answers = answers.filter(problem__in=wanted | {pk for pk, target in became.items() if target in wanted})
    return answers.values_list(
        "pk",
        "problem_id",
        "contact_id",
        "account_id",
        "contact__account_id",
        "asked_on",
        "importance",
        "satisfaction",
    ).iterator(chunk_size=5000)
