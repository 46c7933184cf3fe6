"""Churn risk: judged by the model in use where there is one, else by the scorecard; each risk with its reasons.

Reasons are log-odds, the base included, and add up: risk = 1 / (1 + exp(-sum of points)).
"""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from customers.engine.churn.model import ChurnModel as TrainedModel
from customers.engine.churn.scorecard import Facts, score
from customers.models import Account
from customers.services.accounts import accounts_update
from customers.services.churn_features import COLUMNS, features_on
from customers.services.churn_models import churn_model_in_use

# Two pseudo-accounts a year out of twenty keep the base rate sane while the book is small.
PRIOR_CHURNED, PRIOR_ACCOUNTS = 2, 20
BATCH = 1000
PLACES = Decimal("0.0001")
WORDS = {
    "arr": "revenue",
    "nps": "NPS",
    "active_share": "share of seats in use",
    "active_change": "use against three months before",
    "tenure_months": "months as a customer",
    "days_to_renewal": "days to the renewal",
    "overdue_days": "days that invoices are overdue",
    "late_invoices": "invoices paid late in a year",
}
Judgement = tuple[Decimal | None, list[dict[str, Any]]]


def base_rate(*, today: dt.date) -> Decimal:
    """The share of accounts that left within the last twelve months, smoothed.

    In whole per cent, but never none: a finer figure would move the risk of every account with every import.
    """
    left = Account.objects.churned().filter(churned_on__gt=today - dt.timedelta(days=365)).count()
    total = left + Account.objects.active().count()
    share = Decimal((left + PRIOR_CHURNED) / (total + PRIOR_ACCOUNTS))
    return min(max(share, Decimal("0.01")), Decimal("0.99")).quantize(Decimal("0.01")).quantize(PLACES)


def churn_risk_refresh(*, today: dt.date, accounts: Iterable[Account] | None = None) -> int:
    """Judge these accounts again, or all of them; answers how many risks changed."""
    base = base_rate(today=today)
    model = churn_model_in_use()
    rejudged = 0
    everyone = Account.objects.unmerged().iterator(chunk_size=BATCH) if accounts is None else iter(accounts)
    while some := list(islice(everyone, BATCH)):
        judgements = by_model(some, model=model, today=today) if model else {}
        changed = []
        for account in some:
            judgement: Judgement = (None, [])
            if not account.churned_on:
                judgement = judgements.get(account.pk) or by_scorecard(account, base=base, today=today)
            if (account.churn_risk, account.churn_reasons) != judgement:
                account.churn_risk, account.churn_reasons = judgement
                changed.append(account)
        accounts_update(accounts=changed, fields=("churn_risk", "churn_reasons"))
        rejudged += len(changed)
    return rejudged


def by_scorecard(account: Account, *, base: Decimal, today: dt.date) -> Judgement:
    """The risk and its reasons, strongest first; no risk when no fact is known to judge by."""
    scored = score(
        Facts(
            health_score=account.health_score,
            nps=account.nps,
            seats=account.seats,
            active_seats=account.active_seats,
            overdue_days=account.overdue_days,
            tenure_months=account.tenure_months,
            open_tickets=account.open_tickets,
            days_to_renewal=(account.renewal_date - today).days if account.renewal_date else None,
        ),
        base=float(base),
    )
    if scored is None:
        return None, []
    reasons = [{"text": reason.text, "points": reason.points} for reason in scored.reasons]
    logit = math.log(float(base) / (1 - float(base)))
    start = {"text": f"base rate of all accounts {base:.0%}", "points": logit, "base": True}
    return Decimal(scored.risk).quantize(PLACES), [start, *reasons]


def by_model(accounts: Sequence[Account], *, model: TrainedModel, today: dt.date) -> dict[int, Judgement]:
    """The risk and its reasons of every account of which the model knows anything, strongest first."""
    known = features_on(day=today, accounts=accounts)
    predicted = model.predict(known)
    judgements: dict[int, Judgement] = {}
    for place, account in enumerate(accounts):
        values = {column: known[column][place] for column in COLUMNS}
        if all(value in (None, "") for value in values.values()):
            continue
        reasons: list[dict[str, Any]] = [
            {"text": _said(column, values[column]), "points": float(points)}
            for column, points in zip(predicted.columns, predicted.contributions[place], strict=True)
            if points
        ]
        reasons.sort(key=lambda reason: -abs(reason["points"]))
        start = {"text": "where the model starts from", "points": float(predicted.base), "base": True}
        judgements[account.pk] = (Decimal(float(predicted.probability[place])).quantize(PLACES), [start, *reasons])
    return judgements


def _said(column: str, value: Any) -> str:
    words = WORDS.get(column, column.replace("_", " "))
    if value in (None, ""):
        return f"{words} unknown"
    if column in {"active_share", "active_change"}:
        return f"{words} {value:.0%}"
    return f"{words} {value:,.0f}" if isinstance(value, int | float | Decimal) else f"{words} {value}"
