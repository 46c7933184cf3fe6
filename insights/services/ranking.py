"""Publishing the ranked list: every live problem scored, ordered and snapshot in one transaction."""

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from feedback.models import FeedbackItem, ItemState
from insights.engine.movement import DatedAsk
from insights.engine.score import Customer, Line, Score, Weights, score_problem
from insights.engine.uncertainty import mainstays, rank_ranges
from insights.models import Membership, Ranking, RankingEntry, Receipt, ReceiptLine
from insights.services.due import jira_refresh_queue
from insights.services.outbox import ranking_tell
from insights.services.snapshots import asks_json, weights_json
from insights.services.weighing import Book, Family

BATCH = 500
WEEKS = 12
MONTH = 30


@dataclass
class _Demand:
    """All that was asked about one problem, by the customer's key."""

    asks: dict[str, list[DatedAsk]] = field(default_factory=dict)
    families: dict[str, Family] = field(default_factory=dict)
    contacts: set[str] = field(default_factory=set)
    ages: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class _Scored:
    """A problem with its demand and its score."""

    problem_id: int
    demand: _Demand
    score: Score
    fingerprint: str


def ranking_publish(*, weights: Weights | None = None) -> Ranking | None:
    """Score every problem and publish the order as a new snapshot.

    Answers None and publishes nothing when the latest snapshot already says the same.
    """
    weights = weights or Weights()
    today = timezone.localdate()
    with transaction.atomic():
        # One publisher at a time: the newest snapshot is the row to queue behind.
        latest = Ranking.objects.select_for_update().first()
        book = Book(weights=weights, today=today)
        scored = _scored(_demands(book, today), weights, today)
        receipts = _receipts(scored)
        counts = FeedbackItem.objects.state_counts()
        ranking = Ranking(
            number=latest.number + 1 if latest else 1,
            day=today,
            weights=weights_json(weights),
            weights_version=weights.version,
            currency=book.currency,
            items=sum(counts.values()),
            placed=counts.get(ItemState.PLACED, 0),
            unplaced=counts.get(ItemState.UNPLACED, 0),
            quarantined=counts.get(ItemState.QUARANTINED, 0),
        )
        entries = _entries(ranking, scored, receipts, _ranks(latest))
        if latest and _same(latest, ranking, entries):
            return None
        ranking.save()
        RankingEntry.objects.bulk_create(entries, batch_size=BATCH)
        ranking_tell(ranking=ranking)
        jira_refresh_queue()
    return ranking


def _demands(book: Book, today: dt.date) -> dict[int, _Demand]:
    """What was asked, by problem."""
    demands: dict[int, _Demand] = {}
    # Asked for once: looking it up for each item takes longer than scoring the item.
    zone = timezone.get_current_timezone()
    rows = (
        Membership.objects.filter(problem__merged_into__isnull=True)
        .order_by("problem_id", "item_id")
        .values_list(
            "problem_id",
            "item_id",
            "item__account_id",
            "item__contact__account_id",
            "item__account_reference",
            "item__contact_reference",
            "item__contact__role",
            "item__contact__influence",
            "item__severity",
            "item__said_at",
        )
    )
    for row in rows.iterator(chunk_size=5000):
        problem, item, account, contact_account, reference, contact, role, influence, severity, said_at = row
        home = account or contact_account
        family = book.family_of(home) if home else book.unknown(account_reference=reference, contact_reference=contact)
        said_on = said_at.astimezone(zone).date()
        demand = demands.setdefault(problem, _Demand())
        asks = demand.asks.setdefault(family.customer.key, [])
        asks.append(DatedAsk(item, said_on, severity, role or "unknown", influence))
        demand.families[family.customer.key] = family
        demand.ages.append(max((today - said_on).days, 0))
        if contact:
            demand.contacts.add(contact)
    return demands


def _scored(demands: Mapping[int, _Demand], weights: Weights, today: dt.date) -> list[_Scored]:
    """The problems from the highest score down; ties go to the older problem."""
    scored = []
    for problem, demand in demands.items():
        customers: dict[str, Customer] = {key: family.customer for key, family in demand.families.items()}
        asks = [ask.on(today, customer=key) for key, its in demand.asks.items() for ask in its]
        score = score_problem(asks, customers, weights)
        scored.append(_Scored(problem, demand, score, _fingerprint(score.lines, demand.asks)))
    return sorted(scored, key=lambda one: (-one.score.total, one.problem_id))


def _receipts(scored: Sequence[_Scored]) -> dict[int, int]:
    """The receipt of every problem, stored where its lines are new: problem id to receipt id."""
    latest: dict[tuple[int, str], int] = {
        (problem, fingerprint): pk
        for pk, problem, fingerprint in Receipt.objects.filter(
            fingerprint__in={one.fingerprint for one in scored}
        ).values_list("pk", "problem_id", "fingerprint")
    }
    missing = [one for one in scored if (one.problem_id, one.fingerprint) not in latest]
    new = Receipt.objects.bulk_create(
        [Receipt(problem_id=one.problem_id, score=one.score.total, fingerprint=one.fingerprint) for one in missing],
        batch_size=BATCH,
    )
    ReceiptLine.objects.bulk_create(
        (
            _receipt_line(receipt, position, line, one.demand)
            for receipt, one in zip(new, missing, strict=True)
            for position, line in enumerate(one.score.lines, start=1)
        ),
        batch_size=BATCH,
    )
    latest.update({(receipt.problem_id, receipt.fingerprint): receipt.pk for receipt in new})
    return {one.problem_id: latest[one.problem_id, one.fingerprint] for one in scored}


def _receipt_line(receipt: Receipt, position: int, line: Line, demand: _Demand) -> ReceiptLine:
    customer = line.customer
    return ReceiptLine(
        receipt=receipt,
        position=position,
        customer_key=customer.key,
        customer_name=customer.name,
        account_id=demand.families[customer.key].account_id,
        asks=line.asks,
        said=asks_json(demand.asks[customer.key]),
        value=customer.value,
        churn_risk=customer.churn_risk,
        renewal_nearness=customer.renewal_nearness,
        fit=customer.fit,
        weight=line.weight,
        intensity=line.intensity,
        amount=line.amount,
        defaults=list(customer.defaults),
    )


def _entries(
    ranking: Ranking, scored: Sequence[_Scored], receipts: Mapping[int, int], previous: Mapping[int, int]
) -> list[RankingEntry]:
    amounts = [(row, line.customer.key, line.amount) for row, one in enumerate(scored) for line in one.score.lines]
    ranges = rank_ranges([(row, key, float(amount)) for row, key, amount in amounts], problems=len(scored))
    carriers = mainstays(amounts, problems=len(scored))
    entries = []
    for row, one in enumerate(scored):
        families, ages = one.demand.families.values(), one.demand.ages
        by_week = Counter(age // 7 for age in ages)
        carrier = carriers[row]
        entries.append(
            RankingEntry(
                ranking=ranking,
                rank=row + 1,
                previous_rank=previous.get(one.problem_id),
                rank_low=min(int(ranges.low[row]), row + 1),
                rank_high=max(int(ranges.high[row]), row + 1),
                problem_id=one.problem_id,
                receipt_id=receipts[one.problem_id],
                score=one.score.total,
                customers=len(families),
                contacts=len(one.demand.contacts),
                items=len(ages),
                arr_total=sum(family.arr for family in families),
                revenue_at_risk=sum(family.at_risk for family in families),
                renewals_90d=sum(family.renews_soon for family in families),
                trend_30d=sum(age < MONTH for age in ages) - sum(MONTH <= age < 2 * MONTH for age in ages),
                weekly=[by_week[week] for week in reversed(range(WEEKS))],
                depends_on="" if carrier is None else one.demand.families[carrier].customer.name,
            )
        )
    return entries


def _ranks(latest: Ranking | None) -> dict[int, int]:
    return dict(latest.entries.values_list("problem_id", "rank")) if latest else {}


def _same(latest: Ranking, ranking: Ranking, entries: Sequence[RankingEntry]) -> bool:
    facts = ("weights", "currency", "items", "placed", "unplaced", "quarantined")
    figures = (
        "problem_id",
        "receipt_id",
        "items",
        "arr_total",
        "revenue_at_risk",
        "renewals_90d",
        "weekly",
        "depends_on",
    )
    return all(getattr(latest, fact) == getattr(ranking, fact) for fact in facts) and list(
        latest.entries.order_by("rank").values_list(*figures)
    ) == [tuple(getattr(entry, figure) for figure in figures) for entry in entries]


def _fingerprint(lines: Iterable[Line], asks: Mapping[str, Sequence[DatedAsk]]) -> str:
    content = [
        (
            line.customer.key,
            line.customer.name,
            line.asks,
            str(line.customer.value),
            str(line.customer.churn_risk),
            str(line.customer.renewal_nearness),
            str(line.customer.fit),
            str(line.weight),
            str(line.intensity),
            str(line.amount),
            line.customer.defaults,
            asks_json(asks[line.customer.key]),
        )
        for line in lines
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
