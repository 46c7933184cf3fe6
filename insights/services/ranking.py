"""Publishing the ranked list: what changed is scored anew, the order is published whole, in one transaction."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from feedback.models import FeedbackItem, ItemState
from insights.engine.score import Line, Weights
from insights.engine.what_if import Asking, pack
from insights.models import Membership, Problem, Ranking, RankingEntry, Receipt, ReceiptLine
from insights.services.demand import Demand, Scored, accounts_asking, demands_load, problems_score
from insights.services.due import jira_refresh_queue
from insights.services.outbox import ranking_tell
from insights.services.places import Place, places_order
from insights.services.priorities import Priorities, priorities_of
from insights.services.snapshots import asks_json, weights_json
from insights.services.standings import standings_renew
from insights.services.surveys import problems_answered
from insights.services.touching import Noted, notes_take
from insights.services.weighing import Book, Defaults
from insights.services.weights import weights_current

BATCH = 500
WEEKS = 12
MONTH = 30


@dataclass(frozen=True)
class _Moment:
    """What a ranking starts from. `latest` is locked: one publisher at a time."""

    latest: Ranking | None
    weights: Weights
    today: dt.date
    noted: Noted

    @property
    def held(self) -> Defaults | None:
        """The defaults of the latest ranking, where it is of the same day, of the same money and as strict."""
        latest = self.latest
        if latest is None or latest.day != self.today or latest.currency != settings.HEARD_BASE_CURRENCY:
            return None
        if latest.answers_needed != settings.HEARD_ODI_MIN_ANSWERS:
            return None
        return Defaults(floor=latest.floor, median_arr=latest.median_arr, base_rate=latest.base_rate)


@transaction.atomic
def ranking_publish() -> Ranking | None:
    """Score every problem and publish the order as a new snapshot.

    Answers None and publishes nothing when the latest snapshot already says the same.
    """
    return _whole(_moment())


@transaction.atomic
def ranking_refresh() -> Ranking | None:
    """Like `ranking_publish`, but only what was touched since is scored again.

    The first ranking of a day scores everything, because everything is a day older; so does one by other weights or
    defaults.
    """
    moment = _moment()
    latest, held = moment.latest, moment.held
    if latest is None or held is None or moment.noted.everything or latest.weights != weights_json(moment.weights):
        return _whole(moment)
    touched = set(moment.noted.problems)
    if moment.noted.customers:
        book = Book(weights=moment.weights, today=moment.today, held=held)
        if book.defaults != held:
            return _whole(moment)
        changed = standings_renew(book=book)
        theirs = Q(item__account__in=changed) | Q(item__account__isnull=True, item__contact__account__in=changed)
        touched.update(Membership.objects.filter(theirs).values_list("problem_id", flat=True).distinct())
        touched |= problems_answered(account_ids=changed)
    else:
        among = accounts_asking(problem_ids=touched)
        book = Book(weights=moment.weights, today=moment.today, held=held, among=among)
    return _published(moment, book, touched)


def _moment() -> _Moment:
    latest = Ranking.objects.select_for_update().first()
    return _Moment(latest, weights_current(), timezone.localdate(), notes_take())


def _whole(moment: _Moment) -> Ranking | None:
    book = Book(weights=moment.weights, today=moment.today, held=moment.held)
    standings_renew(book=book)
    return _published(moment, book, None)


def _published(moment: _Moment, book: Book, touched: Collection[int] | None) -> Ranking | None:
    """The snapshot with these problems scored anew, or with all."""
    demands = demands_load(book=book, today=moment.today, problem_ids=touched)
    scored = problems_score(demands=demands, weights=moment.weights, today=moment.today)
    priorities = Priorities(heads=book.heads, problem_ids=touched)
    receipts = _receipts(scored)
    latest = moment.latest
    before = list(latest.entries.order_by("rank")) if latest else []
    counts = FeedbackItem.objects.state_counts()
    ranking = Ranking(
        number=latest.number + 1 if latest else 1,
        day=moment.today,
        weights=weights_json(moment.weights),
        weights_version=moment.weights.version,
        currency=book.currency,
        floor=book.defaults.floor,
        median_arr=book.defaults.median_arr,
        base_rate=book.defaults.base_rate,
        answers_needed=settings.HEARD_ODI_MIN_ANSWERS,
        items=sum(counts.values()),
        placed=counts.get(ItemState.PLACED, 0),
        unplaced=counts.get(ItemState.UNPLACED, 0),
        quarantined=counts.get(ItemState.QUARANTINED, 0),
    )
    kept = [entry for entry in before if touched is not None and entry.problem_id not in touched]
    places = places_order(
        entries=[*kept, *(_entry(one, receipts[one.problem_id], priorities) for one in scored)],
        amounts={
            receipts[one.problem_id]: [(line.customer.key, line.amount) for line in one.score.lines] for one in scored
        },
    )
    if latest and _same(latest, ranking, before, places):
        if moment.noted.anything:
            Ranking.objects.filter(pk=latest.pk).update(edition=F("edition") + 1)
        return None
    ranking.save()
    _entries_store(ranking, places, {entry.problem_id: entry.rank for entry in before})
    _problems_date(before, places)
    ranking_tell(ranking=ranking)
    jira_refresh_queue()
    return ranking


def _receipts(scored: Sequence[Scored]) -> dict[int, int]:
    """The receipt of every problem, stored where its lines are new: problem id to receipt id."""
    latest: dict[tuple[int, str], int] = {
        (problem, fingerprint): pk
        for pk, problem, fingerprint in Receipt.objects.filter(
            fingerprint__in={one.fingerprint for one in scored}
        ).values_list("pk", "problem_id", "fingerprint")
    }
    missing = [one for one in scored if (one.problem_id, one.fingerprint) not in latest]
    new = Receipt.objects.bulk_create([_receipt(one) for one in missing], batch_size=BATCH)
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


def _receipt(one: Scored) -> Receipt:
    demand = one.demand
    lines, asks = pack(
        Asking(family.account_id, family.known, family.arr, family.customer, demand.asks[key])
        for key, family in demand.families.items()
    )
    return Receipt(
        problem_id=one.problem_id,
        score=one.score.total,
        fingerprint=one.fingerprint,
        packed_lines=lines,
        packed_asks=asks,
    )


def _receipt_line(receipt: Receipt, position: int, line: Line, demand: Demand) -> ReceiptLine:
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


def _entry(one: Scored, receipt_id: int, priorities: Priorities) -> RankingEntry:
    """The figures of a problem that was scored anew, without its place."""
    families, ages = one.demand.families.values(), one.demand.ages
    by_week = Counter(age // 7 for age in ages)
    return RankingEntry(
        problem_id=one.problem_id,
        receipt_id=receipt_id,
        score=one.score.total,
        customers=len(families),
        contacts=len(one.demand.contacts),
        items=len(ages),
        arr_total=sum(family.arr for family in families),
        revenue_at_risk=sum(family.at_risk for family in families),
        renewals_90d=sum(family.renews_soon for family in families),
        trend_30d=sum(age < MONTH for age in ages) - sum(MONTH <= age < 2 * MONTH for age in ages),
        weekly=[by_week[week] for week in reversed(range(WEEKS))],
        **priorities.figures(one.problem_id, reach=len(families), score=one.score.total),
    )


def _entries_store(ranking: Ranking, places: Sequence[Place], previous: Mapping[int, int]) -> None:
    entries = []
    for place in places:
        entry = place.entry
        # A row of the snapshot before becomes one of this.
        entry.pk, entry.ranking = None, ranking
        entry.rank, entry.previous_rank = place.rank, previous.get(entry.problem_id)
        entry.rank_low, entry.rank_high, entry.depends_on = place.low, place.high, place.depends_on
        entries.append(entry)
    RankingEntry.objects.bulk_create(entries, batch_size=BATCH)


def _problems_date(before: Sequence[RankingEntry], places: Sequence[Place]) -> None:
    """Date the problems whose figures beside the score changed: who asks for changes since a day is told of them."""
    then = {entry.problem_id: priorities_of(entry) for entry in before}
    changed = [
        place.entry.problem_id
        for place in places
        if then.get(place.entry.problem_id, priorities_of(place.entry)) != priorities_of(place.entry)
    ]
    for start in range(0, len(changed), BATCH):
        Problem.objects.filter(pk__in=changed[start : start + BATCH]).update(updated_at=timezone.now())


def _same(latest: Ranking, ranking: Ranking, before: Sequence[RankingEntry], places: Sequence[Place]) -> bool:
    facts = ("weights", "weights_version", "currency", "answers_needed", "items", "placed", "unplaced", "quarantined")
    then = [(*_figures(entry), entry.depends_on) for entry in before]
    now = [(*_figures(place.entry), place.depends_on) for place in places]
    return all(getattr(latest, fact) == getattr(ranking, fact) for fact in facts) and then == now


def _figures(entry: RankingEntry) -> tuple[object, ...]:
    return (
        entry.problem_id,
        entry.receipt_id,
        entry.items,
        entry.arr_total,
        entry.revenue_at_risk,
        entry.renewals_90d,
        entry.weekly,
        *priorities_of(entry),
    )
