"""Churn risk without history: a scorecard that works from whatever facts exist, each reason with its points.

Points are log-odds. They move the book's own base rate: risk = 1 / (1 + exp(-(logit(base) + sum of points))). They are
judgements, rounded to a tenth, to start with until a book has left enough history to train the model on.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields

SEPARATORS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Facts:
    """What is known of an account; None where nobody knows.

    Health score 0 to 100, NPS -100 to 100, overdue days of the oldest open invoice, tenure in months, days to the
    renewal (negative when it has passed), `sponsor_left` whether the buyer or champion has gone, `contract` in words.
    """

    health_score: float | None = None
    nps: float | None = None
    seats: float | None = None
    active_seats: float | None = None
    overdue_days: float | None = None
    tenure_months: float | None = None
    open_tickets: float | None = None
    days_to_renewal: float | None = None
    sponsor_left: bool | None = None
    contract: str | None = None


@dataclass(frozen=True)
class Reason:
    """One thing that moved the risk: its words and its points in log-odds."""

    text: str
    points: float


@dataclass(frozen=True)
class Scored:
    """The risk in (0, 1), its log-odds, and the reasons that add up to it with logit(base), strongest first."""

    risk: float
    log_odds: float
    reasons: tuple[Reason, ...]


def score(facts: Facts, *, base: float) -> Scored | None:
    """Judge one account against a base rate in (0, 1); None when no fact is known to judge by.

    A fact that is known but says neither good nor bad gives no reason and leaves the risk where it is.

    Raises:
        ValueError: the base rate is not between 0 and 1.
    """
    if not 0 < base < 1:
        raise ValueError(f"A base rate must lie between 0 and 1, both excluded; {base} does not.")
    known = [reason for judge in JUDGES if (reason := judge(facts)) is not None]
    if not known:
        return None
    reasons = sorted((reason for reason in known if reason.points), key=lambda reason: -abs(reason.points))
    log_odds = math.log(base / (1 - base)) + sum(reason.points for reason in reasons)
    return Scored(1 / (1 + math.exp(-log_odds)), log_odds, tuple(reasons))


def fields_of(names: Iterable[str]) -> dict[str, str]:
    """Which column of a table holds which field of `Facts`: {field: column}, by well-known names in any spelling."""
    found: dict[str, str] = {}
    for name in names:
        field = KNOWN_AS.get(_folded(name))
        if field is not None:
            found.setdefault(field, name)
    return found


def _folded(name: str) -> str:
    return SEPARATORS.sub("", name.casefold())


def _health(facts: Facts) -> Reason | None:
    if facts.health_score is None:
        return None
    score = facts.health_score
    points = 1.0 if score < 40 else 0.4 if score < 60 else -0.6 if score >= 80 else 0.0
    return Reason(f"health score {score:g}", points)


def _nps(facts: Facts) -> Reason | None:
    if facts.nps is None:
        return None
    return Reason(f"NPS {facts.nps:g}", 0.5 if facts.nps < 0 else -0.4 if facts.nps >= 50 else 0.0)


def _usage(facts: Facts) -> Reason | None:
    if not facts.seats or facts.seats < 0 or facts.active_seats is None:
        return None
    share = facts.active_seats / facts.seats
    points = 0.9 if share < 0.3 else 0.4 if share < 0.5 else -0.5 if share > 0.8 else 0.0
    return Reason(f"{facts.active_seats:g} of {facts.seats:g} seats active", points)


def _invoices(facts: Facts) -> Reason | None:
    if facts.overdue_days is None:
        return None
    points = 0.9 if facts.overdue_days > 60 else 0.5 if facts.overdue_days > 30 else 0.0
    return Reason(f"invoices {facts.overdue_days:g} days overdue", points)


def _tenure(facts: Facts) -> Reason | None:
    if facts.tenure_months is None:
        return None
    points = 0.3 if facts.tenure_months < 6 else -0.4 if facts.tenure_months > 36 else 0.0
    return Reason(f"customer for {facts.tenure_months:g} months", points)


def _tickets(facts: Facts) -> Reason | None:
    # Few tickets say nothing: engaged customers write too. Ten that stand open do.
    if facts.open_tickets is None:
        return None
    points = 0.5 if facts.open_tickets >= 10 else 0.2 if facts.open_tickets >= 5 else 0.0
    return Reason(f"{facts.open_tickets:g} tickets open", points)


def _renewal(facts: Facts) -> Reason | None:
    # A date that has passed says nothing about the next one.
    if facts.days_to_renewal is None or facts.days_to_renewal < 0:
        return None
    return Reason(f"renewal in {facts.days_to_renewal:g} days", 0.3 if facts.days_to_renewal <= 90 else 0.0)


def _sponsor(facts: Facts) -> Reason | None:
    if facts.sponsor_left is None:
        return None
    if facts.sponsor_left:
        return Reason("the buyer or champion left", 0.7)
    return Reason("the buyer and champion are still there", 0.0)


def _contract(facts: Facts) -> Reason | None:
    if not facts.contract or not facts.contract.strip():
        return None
    folded = _folded(facts.contract)
    points = 0.5 if folded in MONTHLY else -0.6 if folded in LONG else 0.0
    return Reason(f"contract: {facts.contract.strip()}", points)


MONTHLY = frozenset({"monthtomonth", "monthly", "month", "1month", "onemonth", "rolling", "payasyougo"})
LONG = frozenset(
    {"twoyear", "twoyears", "2year", "2years", "24months", "threeyear", "threeyears", "3years", "36months"}
)

JUDGES: tuple[Callable[[Facts], Reason | None], ...] = (
    _health,
    _nps,
    _usage,
    _invoices,
    _tenure,
    _tickets,
    _renewal,
    _sponsor,
    _contract,
)

KNOWN_AS: Mapping[str, str] = {
    **{_folded(field.name): field.name for field in fields(Facts)},
    "health": "health_score",
    "npsscore": "nps",
    "openinvoicesoverduedays": "overdue_days",
    "dayspastdue": "overdue_days",
    "tenure": "tenure_months",
    "monthsascustomer": "tenure_months",
    "opensupporttickets": "open_tickets",
    "daystillrenewal": "days_to_renewal",
    "championleft": "sponsor_left",
    "contracttype": "contract",
}
