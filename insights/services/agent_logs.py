"""The agent's door: log what a customer said, beside the problems that it may belong to, and join one at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from customers.models import Account
from feedback.models import FeedbackItem, LoggedItem
from feedback.services.logging import Logged, feedback_log, log_take_back
from insights.models import Problem
from insights.services.corrections import items_move
from insights.services.evidence import Quote, quotes_of
from insights.services.nearness import problems_like, text_read

ALIKE = 5
ACCOUNTS, RECENT = 12, 25
# Cosine below which a problem is not offered.
LEAST = 0.15


@dataclass(frozen=True)
class Alike:
    """A problem that a text may belong to: cosine to its middle, and what is most surely part of it."""

    problem: Problem
    likeness: float
    quote: Quote | None


def problems_alike(*, text: str, count: int = ALIKE) -> list[Alike]:
    """The live problems nearest to a text; none before the first run of the active model."""
    read = text_read(text)
    near = problems_like(read=read, count=count, least=LEAST) if read else []
    problems = Problem.objects.select_related("theme").in_bulk([pk for pk, _ in near])
    quotes = quotes_of(problem_ids=list(problems), each=1)
    return [Alike(problems[pk], likeness, next(iter(quotes.get(pk, [])), None)) for pk, likeness in near]


def accounts_offered(*, text: str, author: User) -> list[Account]:
    """Accounts whose name, domain or id holds every word; those that this agent logged for last come first."""
    last = LoggedItem.objects.filter(author=author, item__account__isnull=False).order_by("-logged_at")
    recent = list(dict.fromkeys(last.values_list("item__account", flat=True)[:RECENT]))
    found = Account.objects.unmerged().searched(text)
    first = {account.pk: account for account in found.filter(pk__in=recent)}
    ordered = [first[pk] for pk in recent if pk in first]
    if not text.strip():
        return ordered[:ACCOUNTS]
    return [*ordered, *found.exclude(pk__in=first).order_by("name")[:ACCOUNTS]][:ACCOUNTS]


def logs_of(*, author: User) -> QuerySet[LoggedItem]:
    """What this agent logged last, with what became of it."""
    logs = LoggedItem.objects.filter(author=author)
    related = ("item__account__merged_into", "item__membership__problem")
    return logs.select_related(*related).order_by("-logged_at", "-pk")[:RECENT]


@transaction.atomic
def feedback_log_to(*, logged: Logged, problem: Problem | None, author: User) -> list[FeedbackItem]:
    """Log it; with a problem it is pinned there, else triage places it.

    Raises:
        LogRefusedError: it cannot be logged.
        CorrectionRefusedError: the problem has become part of another.
    """
    items = feedback_log(logged=logged, author=author)
    if problem is not None:
        items_move(items=items, target=problem, author=author)
    return items


def logs_take_back(*, item_ids: Sequence[int], author: User) -> int:
    """What this agent logged by mistake goes; answers how many items.

    Raises:
        LogRefusedError: it is not this agent's.
    """
    items = list(FeedbackItem.objects.filter(pk__in=item_ids).select_related("source"))
    log_take_back(items=items, author=author)
    return len(items)
