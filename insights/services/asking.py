"""Ask: one question to everything that there is, by its words and by its meaning."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import QuerySet

from customers.models import Account
from feedback.models import FeedbackItem
from insights.models import Membership, Problem
from insights.services.nearness import Read, problems_like, text_read, texts_vectors

PROBLEMS = ACCOUNTS = 8
ITEMS = 12
# Items are looked for in the problems nearest to the question: in so many problems, among so many of their surest.
NEAR_PROBLEMS, SUREST = 8, 250
# Cosine below which a problem is no answer to a question: a stray word is about as like any problem.
LIKENESS = 0.2


@dataclass(frozen=True)
class Words:
    """What holds every word of a question."""

    problems: Sequence[Problem]
    accounts: Sequence[Account]
    items: Sequence[FeedbackItem]


@dataclass(frozen=True)
class Meaning:
    """What means about the same as a question, the nearest first."""

    problems: Sequence[Problem]
    items: Sequence[FeedbackItem]


def found_by_words(text: str) -> Words:
    """Problems, accounts and items that hold every word of the text."""
    words = text.split()
    items = FeedbackItem.objects.all()
    for word in words:
        items = items.filter(text__icontains=word)
    return Words(
        problems=list(Problem.objects.live().searched(text).select_related("theme")[:PROBLEMS]),
        accounts=list(Account.objects.unmerged().searched(text).order_by("name")[:ACCOUNTS]),
        items=list(_with_home(items.order_by("-said_at", "-pk"))[:ITEMS]),
    )


def found_by_meaning(text: str) -> Meaning:
    """Problems nearest to the text, and the nearest of their items; nothing before the first run of this model."""
    read = text_read(text)
    if read is None:
        return Meaning([], [])
    near = [pk for pk, _ in problems_like(read=read, count=NEAR_PROBLEMS, least=LIKENESS)]
    problems = Problem.objects.select_related("theme").in_bulk(near)
    return Meaning([problems[pk] for pk in near], _nearest_items(near, read))


def _nearest_items(problem_ids: Sequence[int], read: Read) -> list[FeedbackItem]:
    texts: list[tuple[int, str]] = []
    for pk in problem_ids:
        surest = Membership.objects.filter(problem=pk).order_by("-confidence", "item_id")
        texts += surest.values_list("item_id", "item__text_hash")[:SUREST]
    vectors = texts_vectors(read.run, [text_hash for _, text_hash in texts]) if texts else None
    if vectors is None:
        return []
    likeness = vectors @ read.vector[0]
    nearest = [texts[row][0] for row in np.argsort(-likeness, kind="stable")[:ITEMS]]
    found = {item.pk: item for item in _with_home(FeedbackItem.objects.filter(pk__in=nearest))}
    return [found[pk] for pk in nearest]


def _with_home(items: QuerySet[FeedbackItem]) -> QuerySet[FeedbackItem]:
    return items.select_related("account__merged_into", "source", "membership__problem")
