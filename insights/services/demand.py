"""What was asked about each problem, by whom, and the score that follows from it."""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils import timezone

from insights.engine.movement import DatedAsk
from insights.engine.score import Customer, Line, Score, Weights, score_problem
from insights.models import Membership
from insights.services.snapshots import asks_json
from insights.services.weighing import Book, Family


@dataclass
class Demand:
    """All that was asked about one problem, by the customer's key. Ages in days."""

    asks: dict[str, list[DatedAsk]] = field(default_factory=dict)
    families: dict[str, Family] = field(default_factory=dict)
    contacts: set[str] = field(default_factory=set)
    ages: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Scored:
    """A problem with its demand and its score."""

    problem_id: int
    demand: Demand
    score: Score
    fingerprint: str


def members(problem_ids: Collection[int] | None = None) -> QuerySet[Membership]:
    """What belongs to these problems, or to all that stand for themselves."""
    found = Membership.objects.filter(problem__merged_into__isnull=True)
    return found if problem_ids is None else found.filter(problem__in=problem_ids)


def accounts_asking(*, problem_ids: Collection[int]) -> set[int]:
    """Accounts that asked about these problems, themselves or through a contact."""
    pairs = members(problem_ids).values_list("item__account_id", "item__contact__account_id").distinct()
    return {account or through for account, through in pairs if account or through}


def demands_load(*, book: Book, today: dt.date, problem_ids: Collection[int] | None = None) -> dict[int, Demand]:
    """What was asked, by problem; about these problems, or about all."""
    demands: dict[int, Demand] = {}
    # Asked for once: looking it up for each item takes longer than scoring the item.
    zone = timezone.get_current_timezone()
    rows = (
        members(problem_ids)
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
        demand = demands.setdefault(problem, Demand())
        asks = demand.asks.setdefault(family.customer.key, [])
        asks.append(DatedAsk(item, said_on, severity, role or "unknown", influence))
        demand.families[family.customer.key] = family
        demand.ages.append(max((today - said_on).days, 0))
        if contact:
            demand.contacts.add(contact)
    return demands


def problems_score(*, demands: Mapping[int, Demand], weights: Weights, today: dt.date) -> list[Scored]:
    """The problems from the highest score down; ties go to the older problem."""
    scored = []
    for problem, demand in demands.items():
        customers: dict[str, Customer] = {key: family.customer for key, family in demand.families.items()}
        asks = [ask.on(today, customer=key) for key, its in demand.asks.items() for ask in its]
        score = score_problem(asks, customers, weights)
        scored.append(Scored(problem, demand, score, _fingerprint(score.lines, demand)))
    return sorted(scored, key=lambda one: (-one.score.total, one.problem_id))


def _fingerprint(lines: Iterable[Line], demand: Demand) -> str:
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
            str(demand.families[line.customer.key].known),
            str(demand.families[line.customer.key].arr),
            asks_json(demand.asks[line.customer.key]),
        )
        for line in lines
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
