"""What was known of accounts on a day: the columns that a churn model learns from and judges by.

Only facts dated on or before the day count, so that the past never knows the future. Of facts that no date is known
for, such as the segment, today's word is taken.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Avg, Count, F, Max, Min, Q

from customers.models import Account, AccountState, Invoice, NpsAnswer, UsageReading

YEAR = dt.timedelta(days=365)
MONTH, QUARTER = dt.timedelta(days=30), dt.timedelta(days=90)
COLUMNS = (
    "segment",
    "country",
    "plan",
    "arr",
    "health_score",
    "nps",
    "open_tickets",
    "tenure_months",
    "days_to_renewal",
    "seats",
    "active_share",
    "active_change",
    "overdue_days",
    "late_invoices",
)
Facts = dict[str, Any]


def features_on(*, day: dt.date, accounts: Sequence[Account]) -> dict[str, list[Any]]:
    """Columns of values, one for each account, as far as they were known on the day; None where nothing was."""
    ids = [account.pk for account in accounts]
    parts = (_states(day, ids), _usage(day, ids), _nps(day, ids), _invoices(day, ids))
    rows = [_row(day, account, parts) for account in accounts]
    return {column: [row.get(column) for row in rows] for column in COLUMNS}


def _row(day: dt.date, account: Account, parts: Sequence[Mapping[int, Facts]]) -> Facts:
    row: Facts = {"segment": account.segment, "country": account.country}
    if account.contract_start is not None and account.contract_start <= day:
        row["tenure_months"] = (day - account.contract_start).days / 30.4375
    for part in parts:
        row.update({name: value for name, value in part.get(account.pk, {}).items() if value is not None})
    return row


def _states(day: dt.date, ids: Sequence[int]) -> dict[int, Facts]:
    """The last state recorded by the day."""
    return {
        state.account_id: {
            "segment": state.segment or None,
            "plan": state.plan,
            "arr": state.arr,
            "health_score": state.health_score,
            "nps": state.nps,
            "open_tickets": state.open_tickets,
            "seats": state.seats,
            "active_share": _share(state.active_seats, state.seats),
            "overdue_days": state.overdue_days,
            "days_to_renewal": (state.renewal_date - day).days if state.renewal_date else None,
        }
        for state in AccountState.objects.as_of(day).latest_of(ids)
    }


def _usage(day: dt.date, ids: Sequence[int]) -> dict[int, Facts]:
    """Seats in use over the last month, and what share that is of the use three months before."""
    last, before = Q(measured_on__gt=day - MONTH), Q(measured_on__lte=day - QUARTER)
    readings = (
        UsageReading.objects.filter(account__in=ids, measured_on__gt=day - QUARTER - MONTH, measured_on__lte=day)
        .order_by()
        .values("account_id")
        .annotate(
            seats=Max("seats", filter=last),
            active=Avg("active_seats", filter=last),
            earlier=Avg("active_seats", filter=before),
        )
    )
    return {
        row["account_id"]: {
            "seats": row["seats"],
            "active_share": _share(row["active"], row["seats"]),
            "active_change": _share(row["active"], row["earlier"]),
        }
        for row in readings
    }


def _nps(day: dt.date, ids: Sequence[int]) -> dict[int, Facts]:
    """Promoters less detractors among the answers of a year, in per cent."""
    answers = (
        NpsAnswer.objects.filter(account__in=ids, answered_on__gt=day - YEAR, answered_on__lte=day)
        .order_by()
        .values("account_id")
        .annotate(
            all=Count("pk"),
            promoters=Count("pk", filter=Q(score__gte=9)),
            detractors=Count("pk", filter=Q(score__lte=6)),
        )
    )
    return {row["account_id"]: {"nps": 100 * (row["promoters"] - row["detractors"]) / row["all"]} for row in answers}


def _invoices(day: dt.date, ids: Sequence[int]) -> dict[int, Facts]:
    """How long the oldest open invoice was overdue on the day, and how many of a year's invoices were paid late."""
    open_then = Q(paid_on__isnull=True) | Q(paid_on__gt=day)
    late = Q(due_on__gt=day - YEAR) & (open_then | Q(paid_on__gt=F("due_on")))
    due = (
        Invoice.objects.filter(account__in=ids, due_on__lt=day)
        .order_by()
        .values("account_id")
        .annotate(oldest=Min("due_on", filter=open_then), late=Count("pk", filter=late))
    )
    return {
        row["account_id"]: {
            "overdue_days": (day - row["oldest"]).days if row["oldest"] else 0,
            "late_invoices": row["late"],
        }
        for row in due
    }


def _share(part: float | None, whole: float | None) -> float | None:
    return part / whole if whole and part is not None else None
