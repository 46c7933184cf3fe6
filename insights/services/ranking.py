"""Publishing the ranked list: every live problem scored, ordered and snapshot in one transaction."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from feedback.models import FeedbackItem, ItemState
from insights.engine.score import Ask, Customer, Line, Score, Weights, score_problem
from insights.engine.uncertainty import rank_ranges
from insights.models import Membership, Ranking, RankingEntry, Receipt, ReceiptLine
from insights.services.weighing import Book, Family

BATCH = 500
WEEKS = 12
MONTH = 30


@dataclass
class _Demand:
    """All that was asked about one problem."""

    asks: list[Ask] = field(default_factory=list)
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
        scored = _scored(_demands(book, today), weights)
        receipts = _receipts(scored)
        counts = FeedbackItem.objects.state_counts()
        ranking = Ranking(
            number=latest.number + 1 if latest else 1,
            weights=_weights_json(weights),
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
    return ranking


def _demands(book: Book, today: dt.date) -> dict[int, _Demand]:
    """What was asked, by problem."""
    demands: dict[int, _Demand] = {}
    rows = (
        Membership.objects.filter(problem__merged_into__isnull=True)
        .order_by("problem_id", "item_id")
        .values_list(
            "problem_id",
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
    for problem, account, contact_account, reference, contact, role, influence, severity, said_at in rows.iterator(
        chunk_size=5000
    ):
        home = account or contact_account
        family = book.family_of(home) if home else book.unknown(account_reference=reference, contact_reference=contact)
        age = max((today - timezone.localdate(said_at)).days, 0)
        demand = demands.setdefault(problem, _Demand())
        demand.asks.append(Ask(family.customer.key, severity, role or "unknown", age, influence))
        demand.families[family.customer.key] = family
        demand.ages.append(age)
        if contact:
            demand.contacts.add(contact)
    return demands


def _scored(demands: Mapping[int, _Demand], weights: Weights) -> list[_Scored]:
    """The problems from the highest score down; ties go to the older problem."""
    scored = []
    for problem, demand in demands.items():
        customers: dict[str, Customer] = {key: family.customer for key, family in demand.families.items()}
        score = score_problem(demand.asks, customers, weights)
        scored.append(_Scored(problem, demand, score, _fingerprint(score.lines)))
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
            _receipt_line(receipt, position, line, one.demand.families[line.customer.key].account_id)
            for receipt, one in zip(new, missing, strict=True)
            for position, line in enumerate(one.score.lines, start=1)
        ),
        batch_size=BATCH,
    )
    latest.update({(receipt.problem_id, receipt.fingerprint): receipt.pk for receipt in new})
    return {one.problem_id: latest[one.problem_id, one.fingerprint] for one in scored}


def _receipt_line(receipt: Receipt, position: int, line: Line, account_id: int | None) -> ReceiptLine:
    customer = line.customer
    return ReceiptLine(
        receipt=receipt,
        position=position,
        customer_key=customer.key,
        customer_name=customer.name,
        account_id=account_id,
        asks=line.asks,
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
    amounts = [
        (row, line.customer.key, float(line.amount)) for row, one in enumerate(scored) for line in one.score.lines
    ]
    ranges = rank_ranges(amounts, problems=len(scored))
    entries = []
    for row, one in enumerate(scored):
        families, ages = one.demand.families.values(), one.demand.ages
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
                weekly=[sum(week == age // 7 for age in ages) for week in reversed(range(WEEKS))],
            )
        )
    return entries


def _ranks(latest: Ranking | None) -> dict[int, int]:
    return dict(latest.entries.values_list("problem_id", "rank")) if latest else {}


def _same(latest: Ranking, ranking: Ranking, entries: Sequence[RankingEntry]) -> bool:
    facts = ("weights", "currency", "items", "placed", "unplaced", "quarantined")
    figures = ("problem_id", "receipt_id", "items", "arr_total", "revenue_at_risk", "renewals_90d", "weekly")
    return all(getattr(latest, fact) == getattr(ranking, fact) for fact in facts) and list(
        latest.entries.order_by("rank").values_list(*figures)
    ) == [tuple(getattr(entry, figure) for figure in figures) for entry in entries]


def _fingerprint(lines: Iterable[Line]) -> str:
    content = [
        (
            line.customer.key,
            line.customer.name,
            line.asks,
            str(line.customer.value),
            str(line.customer.churn_risk),
            str(line.customer.renewal_nearness),
            str(line.customer.fit),
            str(line.intensity),
            str(line.amount),
            line.customer.defaults,
        )
        for line in lines
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _weights_json(weights: Weights) -> dict[str, object]:
    return {
        "churn_weight": str(weights.churn_weight),
        "half_life_days": str(weights.half_life_days),
        "severity": {name: str(weight) for name, weight in weights.severity.items()},
        "role": {name: str(weight) for name, weight in weights.role.items()},
        "free_floor_share": str(weights.free_floor_share),
    }
