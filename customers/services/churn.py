"""Churn risk, first layer: a scorecard that works from whatever facts exist, each reason with its points.

Points are log-odds. They move the book's own base rate: risk = 1 / (1 + exp(-(logit(base) + sum of points))).
"""

import datetime as dt
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from customers.models import Account

# Two pseudo-accounts a year out of twenty keep the base rate sane while the book is small.
PRIOR_CHURNED, PRIOR_ACCOUNTS = 2, 20
BATCH = 1000


@dataclass(frozen=True)
class Reason:
    """One thing that moved the risk: its words and its points in log-odds."""

    text: str
    points: float


def base_rate(*, today: dt.date) -> Decimal:
    """The share of accounts that left within the last twelve months, smoothed; four places."""
    left = Account.objects.churned().filter(churned_on__gt=today - dt.timedelta(days=365)).count()
    total = left + Account.objects.active().count()
    return Decimal((left + PRIOR_CHURNED) / (total + PRIOR_ACCOUNTS)).quantize(Decimal("0.0001"))


def churn_score(account: Account, *, base: Decimal) -> tuple[Decimal | None, list[Reason]]:
    """The risk of one account and its reasons, strongest first; None when no fact is known to judge by."""
    known = [reason for judge in JUDGES if (reason := judge(account)) is not None]
    if not known:
        return None, []
    log_odds = math.log(float(base) / (1 - float(base))) + sum(reason.points for reason in known)
    risk = Decimal(1 / (1 + math.exp(-log_odds))).quantize(Decimal("0.0001"))
    return risk, sorted((reason for reason in known if reason.points), key=lambda reason: -abs(reason.points))


def churn_risk_refresh(*, today: dt.date, accounts: Iterable[Account] | None = None) -> int:
    """Score these accounts again, or all of them; answers how many risks changed."""
    base = base_rate(today=today)
    changed: list[Account] = []
    for account in Account.objects.all().iterator(chunk_size=BATCH) if accounts is None else accounts:
        risk, reasons = (None, []) if account.churned_on else churn_score(account, base=base)
        stored = [{"text": reason.text, "points": reason.points} for reason in reasons]
        if (account.churn_risk, account.churn_reasons) != (risk, stored):
            account.churn_risk, account.churn_reasons = risk, stored
            changed.append(account)
    Account.objects.bulk_update(changed, ["churn_risk", "churn_reasons"], batch_size=500)
    return len(changed)


def _health(account: Account) -> Reason | None:
    if account.health_score is None:
        return None
    score = account.health_score
    points = 1.0 if score < 40 else 0.4 if score < 60 else -0.6 if score >= 80 else 0.0
    return Reason(f"health score {score}", points)


def _nps(account: Account) -> Reason | None:
    if account.nps is None:
        return None
    points = 0.5 if account.nps < 0 else -0.4 if account.nps >= 50 else 0.0
    return Reason(f"NPS {account.nps}", points)


def _usage(account: Account) -> Reason | None:
    if not account.seats or account.active_seats is None:
        return None
    share = account.active_seats / account.seats
    points = 0.9 if share < 0.3 else 0.4 if share < 0.5 else -0.5 if share > 0.8 else 0.0
    return Reason(f"{account.active_seats} of {account.seats} seats active", points)


def _invoices(account: Account) -> Reason | None:
    if account.overdue_days is None:
        return None
    points = 0.9 if account.overdue_days > 60 else 0.5 if account.overdue_days > 30 else 0.0
    return Reason(f"invoices {account.overdue_days} days overdue", points)


def _tenure(account: Account) -> Reason | None:
    if account.tenure_months is None:
        return None
    points = 0.3 if account.tenure_months < 6 else -0.4 if account.tenure_months > 36 else 0.0
    return Reason(f"customer for {account.tenure_months} months", points)


JUDGES: tuple[Callable[[Account], Reason | None], ...] = (_health, _nps, _usage, _invoices, _tenure)
