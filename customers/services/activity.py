"""Storing dated facts of accounts, and what follows from them for the account itself.

What follows is said by a system of its own for each kind of fact, so that it takes part in the order of belief like any
other word.
"""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import Count, Max, Min, Q

from customers.models import ChurnEvent, Invoice, JourneyStage, NpsAnswer, UsageReading
from customers.services.accounts import Stored, account_words_store
from customers.services.provenance import CHURN, INVOICES, NPS, USAGE
from customers.services.references import accounts_find
from customers.sources.activity import ChurnRecord, InvoiceRecord, NpsRecord, UsageRecord

BATCH = 500
NPS_WINDOW = dt.timedelta(days=365)
Record = TypeVar("Record", UsageRecord, NpsRecord, InvoiceRecord, ChurnRecord)
Dated = UsageReading | NpsAnswer | Invoice | ChurnEvent


@dataclass(frozen=True)
class _Kind:
    """How one kind of record is stored: its table, what makes a row the same row, what else it says, what follows."""

    table: models.Manager[Any]
    same: tuple[str, ...]
    facts: tuple[str, ...]
    follows: Callable[[Collection[int], dt.date], Mapping[int, Mapping[str, Any]]]
    system: str


def usage_store(*, records: Sequence[UsageRecord], system: str, today: dt.date) -> tuple[Stored, set[str]]:
    """Store usage readings; answers too the account ids that are not known, whose records are not stored."""
    return _store(_USAGE, records, system, today)


def nps_store(*, records: Sequence[NpsRecord], system: str, today: dt.date) -> tuple[Stored, set[str]]:
    """Store NPS answers; answers too the account ids that are not known, whose records are not stored."""
    return _store(_NPS, records, system, today)


def invoices_store(*, records: Sequence[InvoiceRecord], system: str, today: dt.date) -> tuple[Stored, set[str]]:
    """Store invoices; answers too the account ids that are not known, whose records are not stored."""
    return _store(_INVOICES, records, system, today)


def churn_events_store(*, records: Sequence[ChurnRecord], system: str, today: dt.date) -> tuple[Stored, set[str]]:
    """Store churn events; answers too the account ids that are not known, whose records are not stored."""
    return _store(_CHURN, records, system, today)


def activity_refresh(*, today: dt.date) -> None:
    """Bring what follows from dated facts up to the day: invoices age, NPS answers fall out of the year."""
    for kind in (_NPS, _INVOICES):
        accounts = list(kind.table.values_list("account_id", flat=True).distinct())
        for start in range(0, len(accounts), 1000):
            some = accounts[start : start + 1000]
            account_words_store(system=kind.system, words=kind.follows(some, today), today=today)


@transaction.atomic
def _store(kind: _Kind, records: Sequence[Record], system: str, today: dt.date) -> tuple[Stored, set[str]]:
    accounts = accounts_find(references={record.account_id for record in records}, system=system)
    unknown = {record.account_id for record in records if record.account_id not in accounts}
    rows: dict[tuple[Any, ...], Dated] = {}
    for record in records:
        if record.account_id in accounts:
            values = {field: getattr(record, field) for field in record.__dataclass_fields__ if field != "account_id"}
            row = kind.table.model(account_id=accounts[record.account_id], system=system, **values)
            rows[_key(row, kind.same)] = row
    touched = {row.account_id for row in rows.values()}
    stored = _upsert(kind, rows)
    account_words_store(system=kind.system, words=kind.follows(touched, today), today=today)
    stored.unchanged += len(records) - len(rows) - sum(record.account_id in unknown for record in records)
    return stored, unknown


def _upsert(kind: _Kind, rows: Mapping[tuple[Any, ...], Dated]) -> Stored:
    narrow = kind.same[0] if kind.same[0] != "system" else kind.same[1]
    found = kind.table.filter(**{f"{narrow}__in": {getattr(row, narrow) for row in rows.values()}})
    known = {_key(row, kind.same): row for row in found}
    fields = ("account_id", *kind.facts)
    changed = {
        key: row
        for key, row in rows.items()
        if key not in known or any(getattr(row, field) != getattr(known[key], field) for field in fields)
    }
    kind.table.bulk_create(
        changed.values(),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["account" if name == "account_id" else name for name in kind.same],
        update_fields=[*kind.facts] + (["account"] if "account_id" not in kind.same else []),
    )
    created = sum(key not in known for key in changed)
    return Stored(created, len(changed) - created, len(rows) - len(changed))


def _key(row: Dated, same: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(row, field) for field in same)


def _usage(accounts: Collection[int], _today: dt.date) -> dict[int, dict[str, Any]]:
    """The newest reading. Seats and active seats come together."""
    newest: dict[int, dict[str, Any]] = {}
    for reading in UsageReading.objects.filter(account__in=accounts).order_by("measured_on", "pk"):
        newest[reading.account_id] = {"seats": reading.seats, "active_seats": reading.active_seats}
    return newest


def _nps(accounts: Collection[int], today: dt.date) -> dict[int, dict[str, Any]]:
    """Promoters (9, 10) less detractors (0 to 6) in per cent of a year's answers; blank without any."""
    recent = Q(answered_on__gt=today - NPS_WINDOW)
    counted = (
        NpsAnswer.objects.filter(account__in=accounts)
        .order_by()
        .values("account_id")
        .annotate(
            answers=Count("pk", filter=recent),
            promoters=Count("pk", filter=recent & Q(score__gte=9)),
            detractors=Count("pk", filter=recent & Q(score__lte=6)),
        )
    )
    return {
        row["account_id"]: {
            "nps": round(100 * (row["promoters"] - row["detractors"]) / row["answers"]) if row["answers"] else None
        }
        for row in counted
    }


def _overdue(accounts: Collection[int], today: dt.date) -> dict[int, dict[str, Any]]:
    """The days since the oldest unpaid invoice was due; 0 where all that is due is paid."""
    oldest = dict(
        Invoice.objects.overdue(today)
        .filter(account__in=accounts)
        .order_by()
        .values("account_id")
        .annotate(due=Min("due_on"))
        .values_list("account_id", "due")
    )
    return {
        account: {"overdue_days": (today - oldest[account]).days if account in oldest else 0} for account in accounts
    }


def _churn(accounts: Collection[int], _today: dt.date) -> dict[int, dict[str, Any]]:
    """Churned since the last event when that is a leaving; of who returned nothing is said any more."""
    last = (
        ChurnEvent.objects.filter(account__in=accounts)
        .order_by()
        .values("account_id")
        .annotate(
            left=Max("happened_on", filter=Q(kind=ChurnEvent.Kind.LEFT)),
            returned=Max("happened_on", filter=Q(kind=ChurnEvent.Kind.RETURNED)),
        )
    )
    said: dict[int, dict[str, Any]] = {}
    for row in last:
        gone = row["left"] is not None and (row["returned"] is None or row["left"] > row["returned"])
        said[row["account_id"]] = {
            "stage": JourneyStage.CHURNED.value if gone else None,
            "churned_on": row["left"] if gone else None,
        }
    return said


_USAGE = _Kind(UsageReading.objects, ("account_id", "system", "measured_on"), ("seats", "active_seats"), _usage, USAGE)
_NPS = _Kind(NpsAnswer.objects, ("system", "external_id"), ("answered_on", "score", "comment"), _nps, NPS)
_INVOICES = _Kind(
    Invoice.objects, ("system", "number"), ("amount", "currency", "issued_on", "due_on", "paid_on"), _overdue, INVOICES
)
_CHURN = _Kind(ChurnEvent.objects, ("account_id", "happened_on", "kind"), ("reason",), _churn, CHURN)
