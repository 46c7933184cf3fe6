"""Evidence: what customers said about a problem."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from customers.models import AccountState
from feedback.models import FeedbackItem
from insights.models import Membership

QUOTES = 3
QUOTE_CHARACTERS = 280


@dataclass(frozen=True)
class Quote:
    """A few words of one item, with who said them, when, and where."""

    text: str
    said_at: dt.datetime
    account: str | None
    source: str


def quotes_of(*, problem_ids: Sequence[int], each: int = QUOTES) -> dict[int, list[Quote]]:
    """The quotes that are surest to belong, a few for each problem, in one query."""
    quotes: dict[int, list[Quote]] = {}
    for membership in Membership.objects.surest(problem_ids=problem_ids, each=each):
        item = membership.item
        quotes.setdefault(membership.problem_id, []).append(
            Quote(
                text=shortened(item.text),
                said_at=item.said_at,
                account=item.account.company.name if item.account else None,
                source=item.source.key,
            )
        )
    return quotes


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
