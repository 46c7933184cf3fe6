"""Evidence: what customers said about a problem."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from customers.models import AccountState
from feedback.models import FeedbackItem
from insights.models import Membership, Problem

QUOTES = 3
QUOTE_CHARACTERS = 280
# The name of the company that spoke: what its account turned out to be, or the account itself.
COMPANY = Coalesce("item__account__merged_into__name", "item__account__name")


@dataclass(frozen=True)
class Quote:
    """A few words of one item, with who said them, when, and where."""

    text: str
    said_at: dt.datetime
    account: str | None
    source: str


def quotes_of(*, problem_ids: Sequence[int], each: int = QUOTES) -> dict[int, list[Quote]]:
    """The quotes that are surest to belong, a few for each problem, in two queries."""
    quotes: dict[int, list[Quote]] = {}
    facts = "problem_id", "item__text", "item__said_at", "company", "item__source__key"
    surest = Membership.objects.filter(pk__in=_surest(problem_ids, each)).order_by("-confidence", "item_id")
    for problem_id, text, said_at, company, source in surest.annotate(company=COMPANY).values_list(*facts):
        quotes.setdefault(problem_id, []).append(
            Quote(text=shortened(text), said_at=said_at, account=company, source=source)
        )
    return quotes


def _surest(problem_ids: Sequence[int], each: int) -> list[int]:
    """The ids of the surest members of each problem, looked up in the index: a problem may have thousands of them."""
    surest = Membership.objects.filter(problem=OuterRef("pk")).order_by("-confidence", "item_id").values("pk")
    places = {f"place_{place}": Subquery(surest[place : place + 1]) for place in range(each)}
    rows = Problem.objects.filter(pk__in=problem_ids).order_by().annotate(**places).values_list(*places)
    return [pk for row in rows for pk in row if pk is not None]


def states_then(items: Sequence[FeedbackItem]) -> dict[int, AccountState]:
    """What the account of each item was like on the day it spoke, by item, as far back as states go; one query."""
    history: dict[int, list[AccountState]] = {}
    states = AccountState.objects.filter(account__in={item.account_id for item in items if item.account_id})
    for state in states.order_by("account", "recorded_on", "pk"):
        history.setdefault(state.account_id, []).append(state)
    then: dict[int, AccountState] = {}
    for item in items:
        known = history.get(item.account_id or 0, [])
        place = bisect_right(known, timezone.localdate(item.said_at), key=lambda state: state.recorded_on)
        if place:
            then[item.pk] = known[place - 1]
    return then


def shortened(text: str) -> str:
    """The text on one line, cut at a word."""
    line = " ".join(text.split())
    if len(line) <= QUOTE_CHARACTERS:
        return line
    return line[:QUOTE_CHARACTERS].rsplit(" ", 1)[0] + " …"
