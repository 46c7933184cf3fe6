"""The order of a ranking: who stands where, how sure that is, and on whom it hangs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from insights.engine.uncertainty import mainstays, rank_ranges
from insights.models import RankingEntry, ReceiptLine

Amounts = Sequence[tuple[str, Decimal]]


@dataclass(frozen=True)
class Place:
    """An entry's rank, its 90 % range, and the customer without which it would fall far; blank for nobody."""

    entry: RankingEntry
    rank: int
    low: int
    high: int
    depends_on: str


def places_order(*, entries: Sequence[RankingEntry], amounts: Mapping[int, Amounts]) -> list[Place]:
    """Entries from the highest score down; ties go to the older problem.

    `amounts` holds customers' keys and amounts by receipt, as far as they are at hand; the others are read.
    """
    ordered = sorted(entries, key=lambda entry: (-entry.score, entry.problem_id))
    row_of = {entry.receipt_id: row for row, entry in enumerate(ordered)}
    lines = [(row_of[receipt], key, amount) for receipt, its in amounts.items() for key, amount in its]
    lines += _stored([entry.receipt_id for entry in ordered if entry.receipt_id not in amounts], row_of)
    # In cents: whole numbers sum to the same in whatever order they come.
    ranges = rank_ranges([(row, key, float(amount.scaleb(2))) for row, key, amount in lines], problems=len(ordered))
    carriers = mainstays(lines, problems=len(ordered))
    names = _names({ordered[row].receipt_id: key for row, key in enumerate(carriers) if key is not None})
    return [
        Place(
            entry=entry,
            rank=row + 1,
            low=min(int(ranges.low[row]), row + 1),
            high=max(int(ranges.high[row]), row + 1),
            depends_on=names.get(entry.receipt_id, ""),
        )
        for row, entry in enumerate(ordered)
    ]


def _stored(receipt_ids: Sequence[int], row_of: Mapping[int, int]) -> list[tuple[int, str, Decimal]]:
    lines = ReceiptLine.objects.filter(receipt__in=receipt_ids).order_by()
    return [
        (row_of[receipt], key, amount)
        for receipt, key, amount in lines.values_list("receipt_id", "customer_key", "amount").iterator(chunk_size=5000)
    ]


def _names(key_of: Mapping[int, str]) -> dict[int, str]:
    """The customer's name by receipt."""
    found = ReceiptLine.objects.filter(receipt__in=key_of, customer_key__in=set(key_of.values()))
    rows = found.values_list("receipt_id", "customer_key", "customer_name")
    return {receipt: name for receipt, key, name in rows if key_of[receipt] == key}
