"""Why a problem's score moved between two snapshots, worked out from their receipts when somebody asks."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from insights.engine.movement import Holding, Share, Standing, customers_with_more, movement
from insights.engine.score import Customer
from insights.models import Problem, Ranking, RankingEntry, ReceiptLine
from insights.services.snapshots import asks_of, weights_of


@dataclass(frozen=True)
class Why:
    """The change of a score since an older snapshot and the shares that sum to it."""

    since: Ranking
    change: Decimal
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class Moment:
    """A problem in one snapshot. `why` is None in the oldest snapshot and across a change of the base currency."""

    entry: RankingEntry
    why: Why | None


@dataclass(frozen=True)
class _Bridge:
    """A problem in two snapshots."""

    since: Ranking
    before: Standing
    until: Ranking
    after: Standing


def problem_history(*, problem: Problem, before: int | None, limit: int) -> list[Moment]:
    """How a problem stood, the newest snapshot first, each with why it moved since the kept snapshot before it.

    `before` leaves out that snapshot's number and all later ones.
    """
    preceding = Ranking.objects.filter(number__lt=OuterRef("ranking__number")).order_by("-number").values("pk")[:1]
    entries = _with_lines(problem).annotate(preceding=Subquery(preceding)).order_by("-ranking__number")
    if before is not None:
        entries = entries.filter(ranking__number__lt=before)
    page = list(entries[:limit])
    older = Ranking.objects.in_bulk([entry.preceding for entry in page if entry.preceding is not None])
    then = {entry.ranking_id: entry for entry in _with_lines(problem).filter(ranking__in=older)}
    whys = _whys([(entry, older.get(entry.preceding), then.get(entry.preceding)) for entry in page])
    return [Moment(entry, why) for entry, why in zip(page, whys, strict=True)]


def moved_since_another_day(*, problem: Problem, ranking: Ranking) -> Why | None:
    """Why a problem moved since the last snapshot of an earlier day; None where there is none to compare with."""
    since = Ranking.objects.filter(day__lt=ranking.day).first()
    if since is None:
        return None
    found = {entry.ranking_id: entry for entry in _with_lines(problem).filter(ranking__in=[ranking, since])}
    entry = found.get(ranking.pk)
    return _whys([(entry, since, found.get(since.pk))])[0] if entry else None


def _with_lines(problem: Problem) -> QuerySet[RankingEntry]:
    lines = Prefetch("receipt__lines", queryset=ReceiptLine.objects.order_by("position"))
    return problem.entries.select_related("ranking", "receipt").prefetch_related(lines)


def _whys(moments: Sequence[tuple[RankingEntry, Ranking | None, RankingEntry | None]]) -> list[Why | None]:
    """For each entry, the older snapshot and the entry in it: why it moved, where the two can be compared."""
    bridges = [
        _Bridge(since, _standing(since, then), entry.ranking, _standing(entry.ranking, entry))
        if since and since.currency == entry.ranking.currency
        else None
        for entry, since, then in moments
    ]
    counted = _counted([bridge for bridge in bridges if bridge])
    return [_why(bridge, counted) if bridge else None for bridge in bridges]


def _why(bridge: _Bridge, counted: Mapping[int, Collection[int]]) -> Why:
    shares = movement(
        bridge.before,
        bridge.after,
        counted_before=counted.get(bridge.since.pk, ()),
        counted_after=counted.get(bridge.until.pk, ()),
    )
    return Why(since=bridge.since, change=bridge.after.score - bridge.before.score, shares=shares)


def _standing(ranking: Ranking, entry: RankingEntry | None) -> Standing:
    lines: Iterable[ReceiptLine] = entry.receipt.lines.all() if entry else ()
    return Standing(
        day=ranking.day,
        weights=weights_of(ranking.weights, version=ranking.weights_version),
        holdings={line.customer_key: _holding(line) for line in lines},
    )


def _holding(line: ReceiptLine) -> Holding:
    customer = Customer(
        line.customer_key,
        line.customer_name,
        line.value,
        line.churn_risk,
        line.renewal_nearness,
        line.fit,
        tuple(line.defaults),
    )
    return Holding(customer, asks_of(line.said), line.amount)


def _counted(bridges: Iterable[_Bridge]) -> dict[int, set[int]]:
    """Which items of customers with arrivals or departures the snapshots count under any problem, by snapshot."""
    snapshots: set[int] = set()
    customers: set[str] = set()
    for bridge in bridges:
        for ranking, came in (
            (bridge.since, customers_with_more(bridge.before, bridge.after)),
            (bridge.until, customers_with_more(bridge.after, bridge.before)),
        ):
            if came:
                snapshots.add(ranking.pk)
                customers |= came
    counted: dict[int, set[int]] = {}
    lines = ReceiptLine.objects.filter(receipt__entries__ranking__in=snapshots, customer_key__in=customers)
    for snapshot, said in lines.values_list("receipt__entries__ranking", "said"):
        counted.setdefault(snapshot, set()).update(ask[0] for ask in said)
    return counted
