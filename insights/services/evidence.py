"""Evidence: what customers said about a problem."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

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
                account=item.account.name if item.account else None,
                source=item.source.key,
            )
        )
    return quotes


def shortened(text: str) -> str:
    """The text on one line, cut at a word."""
    line = " ".join(text.split())
    if len(line) <= QUOTE_CHARACTERS:
        return line
    return line[:QUOTE_CHARACTERS].rsplit(" ", 1)[0] + " …"
