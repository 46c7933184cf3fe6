"""The history of decisions about a problem: corrections, edits, and what people were told."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Max, Q

from insights.models import Correction, CorrectionKind, Problem, ProblemEdit, Status, Theme, Told
from insights.services.edits import FIELDS

MOST = 50
WORDS = {
    "area": "Product area",
    "effort": "Effort",
    "impact": "Impact",
    "confidence": "Confidence",
    "job_when": "When",
    "job_want": "I want",
    "job_so": "so I can",
}


@dataclass(frozen=True)
class Decided:
    """One decision, in words."""

    at: dt.datetime
    author: User | None
    text: str
    undone: bool


def decisions_about(*, problem: Problem) -> list[Decided]:
    """The newest decisions about a problem, and about those that became part of it."""
    family = problem.family()
    found = [*_corrections(family), *_edits(family), *_told(problem)]
    return sorted(found, key=lambda one: one.at, reverse=True)[:MOST]


def _corrections(family: set[int]) -> Iterator[Decided]:
    concerned = Q(problem__in=family) | Q(before__merged__in=list(family))
    for correction in Correction.objects.filter(concerned).select_related("author", "problem")[:MOST]:
        undone = correction.undone_at is not None
        yield Decided(correction.made_at, correction.author, _of_correction(correction), undone)


def _of_correction(correction: Correction) -> str:
    key = f"P-{correction.problem_id}"
    moved = len(correction.before.get("memberships", []))
    items = "1 item" if moved == 1 else f"{moved} items"
    words = {
        CorrectionKind.MERGE: f"P-{correction.before.get('merged')} became part of {key}",
        CorrectionKind.SPLIT: f"{items} became {key}",
        CorrectionKind.MOVE: f"{items} moved or pinned to {key}",
        CorrectionKind.RENAME: f"{key} renamed; it was “{correction.before.get('title', '')}”",
    }
    return words.get(CorrectionKind(correction.kind), correction.get_kind_display())


def _edits(family: set[int]) -> Iterator[Decided]:
    edits = ProblemEdit.objects.filter(problems__in=family).distinct().select_related("author")[:MOST]
    themes = dict(Theme.objects.values_list("pk", "name"))
    people = dict(User.objects.values_list("pk", "username"))
    for edit in edits:
        # Databases keep the names of JSON in an order of their own.
        set_by_hand = [(name, edit.after[name]) for name in FIELDS if name in edit.after]
        text = ", ".join(_of_field(name, value, themes, people) for name, value in set_by_hand)
        yield Decided(edit.made_at, edit.author, text, edit.undone_at is not None)


def _of_field(name: str, value: Any, themes: Mapping[int, str], people: Mapping[int, str]) -> str:
    if name == "status":
        return f"Status: {Status(value).label}"
    if name == "theme_id":
        return f"Theme: {themes.get(value, 'none')}"
    if name == "owner_id":
        return f"Owner: {people.get(value, 'nobody')}"
    return f"{WORDS.get(name, name)}: {'none' if value in (None, '') else value}"


def _told(problem: Problem) -> Iterator[Decided]:
    told = Told.objects.about(problem).order_by()
    batches = told.values("news", "author").annotate(n=Count("pk"), at=Max("created_at"))
    people = User.objects.in_bulk([row["author"] for row in batches if row["author"]])
    for row in batches:
        who = "1 person was" if row["n"] == 1 else f"{row['n']} people were"
        text = f"{who} told: {str(Status(row['news']).label).lower()}"
        yield Decided(row["at"], people.get(row["author"]), text, undone=False)
