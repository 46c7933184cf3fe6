"""Facets of a problem: who asks, from where, how loudly, and when."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from customers.models import Role
from feedback.models import Kind, Severity
from insights.models import Membership, Problem, ProblemEdit, Status

WEEKS = 52
MOST = 6


@dataclass(frozen=True)
class Facet:
    """How many items say what, the most first; what is rare is taken together."""

    name: str
    counts: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Trend:
    """Items in each week, and what was shipped when. Weeks begin on Mondays, as Unix times in seconds."""

    weeks: Sequence[int]
    items: Sequence[int]
    releases: Sequence[int]


def facets_of(*, problem: Problem) -> list[Facet]:
    """How the items of a problem divide, by segment, role, kind, severity and source."""
    columns = (
        "item__account__segment", "item__contact__role", "item__kind", "item__severity", "item__source__key",
    )  # fmt: skip
    rows = list(Membership.objects.filter(problem=problem).values_list(*columns))
    names = ("Segment", "Role", "Kind", "Severity", "Source")
    words: tuple[dict[str, str], ...] = ({}, dict(Role.choices), dict(Kind.choices), dict(Severity.choices), {})
    facets = []
    for place, (name, word) in enumerate(zip(names, words, strict=True)):
        counted = Counter(str(word.get(row[place], row[place]) or "not known") for row in rows)
        common = counted.most_common(MOST)
        rest = len(rows) - sum(number for _, number in common)
        facets.append(Facet(name, [*common, ("others", rest)] if rest else common))
    return facets


def trend_of(*, problem: Problem) -> Trend:
    """The last year of a problem, week by week, with the days on which it was said to be shipped."""
    today = timezone.localdate()
    monday = today - dt.timedelta(days=today.weekday())
    first = monday - dt.timedelta(weeks=WEEKS - 1)
    since = _moment(first)
    counted: Counter[dt.date] = Counter()
    for said_at in Membership.objects.filter(problem=problem, item__said_at__gte=since).values_list(
        "item__said_at", flat=True
    ):
        day = timezone.localdate(said_at)
        counted[day - dt.timedelta(days=day.weekday())] += 1
    weeks = [first + dt.timedelta(weeks=number) for number in range(WEEKS)]
    shipped = ProblemEdit.objects.standing().filter(problems=problem, after__status=Status.SHIPPED, made_at__gte=since)
    return Trend(
        weeks=[int(_moment(week).timestamp()) for week in weeks],
        items=[counted[week] for week in weeks],
        releases=sorted(int(edit.made_at.timestamp()) for edit in shipped),
    )


def _moment(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
