"""The roadmap: how much of all demand each status answers, every customer counted once in each."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from insights.models import Ranking, RankingEntry, Status
from insights.services.crowds import customers_among

SHOWN = 12


@dataclass(frozen=True)
class Column:
    """One status. Amounts in the ranking's currency."""

    status: Status
    problems: int
    score: Decimal
    # Of the score of all problems, 0 to 1.
    share: Decimal
    # Families of known accounts who ask for at least one of these problems, and their revenue, each once.
    customers: int
    arr: Decimal
    # The best ranks.
    entries: Sequence[RankingEntry]


@dataclass(frozen=True)
class Roadmap:
    """Every status, with what share of all demand is promised, shipped, or without an answer."""

    columns: Sequence[Column]
    promised: Decimal
    shipped: Decimal
    declined: Decimal
    unanswered: Decimal


def roadmap_of(*, ranking: Ranking) -> Roadmap:
    """The roadmap of a snapshot, by the statuses that problems have now."""
    rows = list(ranking.entries.order_by("rank").values_list("problem__status", "pk", "score", "receipt__packed_lines"))
    total = sum((score for _, _, score, _ in rows), Decimal("0.00"))
    best = [pk for status in Status.values for pk in [pk for its, pk, *_ in rows if its == status][:SHOWN]]
    entries = RankingEntry.objects.filter(pk__in=best).listed()
    columns = []
    for status in Status:
        mine = [(score, bytes(lines)) for its, _, score, lines in rows if its == status]
        score = sum((score for score, _ in mine), Decimal("0.00"))
        customers, arr = customers_among(lines for _, lines in mine)
        columns.append(
            Column(
                status=status,
                problems=len(mine),
                score=score,
                share=score / total if total else Decimal(0),
                customers=customers,
                arr=arr,
                entries=[entry for entry in entries if entry.problem.status == status],
            )
        )
    share = {column.status: column.share for column in columns}
    return Roadmap(
        columns=columns,
        promised=share[Status.PLANNED] + share[Status.IN_PROGRESS],
        shipped=share[Status.SHIPPED],
        declined=share[Status.DECLINED],
        unanswered=share[Status.NEW] + share[Status.CONFIRMED],
    )
