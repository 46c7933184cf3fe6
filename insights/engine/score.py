"""The score: absolute, in money, additive. A receipt lists what adds up to it.

    score(p)       = sum over customers c who ask for p of  amount(c, p)
    amount(c, p)   = value(c) * (1 + churn_weight * churn_risk(c) * renewal_nearness(c)) * fit(c) * intensity(c, p)
    intensity(c,p) = 1 - product over asks i of (1 - severity_i * role_i * 0.5 ** (age_i / half_life))

Everything is decimal. Each factor is rounded to the places that a reader sees before it is multiplied, and each amount
to the cent before it is added, so that a receipt adds up on a calculator.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

CENT = Decimal("0.01")
FACTOR = Decimal("0.0001")
INTENSITY = Decimal("0.000001")
ONE = Decimal(1)
NEAR_DAYS, FAR_DAYS = 90, 365
FAR_NEARNESS, UNKNOWN_NEARNESS = Decimal("0.25"), Decimal("0.5")


@dataclass(frozen=True)
class Weights:
    """What a score weighs by. A published ranking carries the weights that made it."""

    version: str = "1"
    # A customer sure to leave at the next renewal counts three times as much as one sure to stay.
    churn_weight: Decimal = Decimal(2)
    # After half a year a request that nobody repeated counts half.
    half_life_days: Decimal = Decimal(180)
    severity: Mapping[str, Decimal] = field(
        default_factory=lambda: {
            "blocking": Decimal("0.9"),
            "high": Decimal("0.7"),
            "medium": Decimal("0.5"),
            # Silence is nearer to "medium" than to "low": people seldom fill in a severity.
            "unknown": Decimal("0.4"),
            "low": Decimal("0.3"),
        }
    )
    role: Mapping[str, Decimal] = field(
        default_factory=lambda: {
            # Those who decide about the renewal, then those who run the product, then those who use it.
            "buyer": ONE,
            "champion": ONE,
            "admin": Decimal("0.9"),
            "user": Decimal("0.8"),
            "unknown": Decimal("0.8"),
        }
    )
    # An account without revenue is heard, but a hundred of them weigh as much as one paying account.
    free_floor_share: Decimal = Decimal("0.01")


@dataclass(frozen=True)
class Customer:
    """One account family as the score sees it. `defaults` names the factors that nobody knows."""

    key: str
    name: str
    value: Decimal
    churn_risk: Decimal
    renewal_nearness: Decimal
    fit: Decimal
    defaults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ask:
    """One feedback item of one customer about one problem. Age in whole days."""

    customer: str
    severity: str
    role: str
    age_days: int
    # How much this person's word decides, where somebody has said so: it stands in for the role's weight.
    influence: Decimal | None = None


@dataclass(frozen=True)
class Line:
    """What one customer adds to a problem's score."""

    customer: Customer
    asks: int
    weight: Decimal
    intensity: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Score:
    """A problem's score in the base currency and the lines that sum to it, largest first."""

    total: Decimal
    lines: tuple[Line, ...]


def renewal_nearness(renewal: dt.date | None, *, today: dt.date) -> Decimal | None:
    """1 within 90 days, falling evenly to 0.25 at a year and beyond; None when unknown or past.

    A renewal date that has passed says nothing about the next one.
    """
    if renewal is None or renewal < today:
        return None
    days = (renewal - today).days
    if days <= NEAR_DAYS:
        return ONE
    if days >= FAR_DAYS:
        return FAR_NEARNESS
    fallen = (ONE - FAR_NEARNESS) * Decimal(days - NEAR_DAYS) / Decimal(FAR_DAYS - NEAR_DAYS)
    return (ONE - fallen).quantize(FACTOR)


def customer_weight(customer: Customer, weights: Weights) -> Decimal:
    """Value, raised by churn risk near a renewal, times fit; in the base currency, to the cent."""
    urgency = ONE + weights.churn_weight * customer.churn_risk * customer.renewal_nearness
    return (customer.value * urgency * customer.fit).quantize(CENT, rounding=ROUND_HALF_UP)


def intensity(asks: Iterable[Ask], weights: Weights) -> Decimal:
    """How loudly one customer asks, in [0, 1]: each further ask adds less, so that repeating never outgrows them."""
    silence = ONE
    for ask in asks:
        role = weights.role[ask.role] if ask.influence is None else ask.influence
        heard = weights.severity[ask.severity] * role
        silence *= ONE - heard * _decay(max(ask.age_days, 0), weights.half_life_days)
    return (ONE - silence).quantize(INTENSITY, rounding=ROUND_HALF_UP)


def score_problem(asks: Sequence[Ask], customers: Mapping[str, Customer], weights: Weights) -> Score:
    """Score one problem from everything that was asked about it.

    Raises:
        KeyError: an ask names a customer, a severity or a role that is not there.
    """
    by_customer: dict[str, list[Ask]] = {}
    for ask in asks:
        by_customer.setdefault(ask.customer, []).append(ask)
    lines = [_line(customers[key], its_asks, weights) for key, its_asks in by_customer.items()]
    lines.sort(key=lambda line: (-line.amount, line.customer.key))
    return Score(total=sum((line.amount for line in lines), Decimal("0.00")), lines=tuple(lines))


def _line(customer: Customer, asks: Sequence[Ask], weights: Weights) -> Line:
    weight = customer_weight(customer, weights)
    # The order in which asks come in must not show in the last digit.
    loudness = intensity(sorted(asks, key=_order), weights)
    amount = (weight * loudness).quantize(CENT, rounding=ROUND_HALF_UP)
    return Line(customer=customer, asks=len(asks), weight=weight, intensity=loudness, amount=amount)


def _order(ask: Ask) -> tuple[int, str, str, Decimal]:
    return ask.age_days, ask.severity, ask.role, ONE if ask.influence is None else ask.influence


@lru_cache(maxsize=10_000)
def _decay(age_days: int, half_life_days: Decimal) -> Decimal:
    return Decimal("0.5") ** (Decimal(age_days) / half_life_days)
