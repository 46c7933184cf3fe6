"""From an outside row to the facts of one account."""

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from customers.sources.fields import FieldError, Row

COLUMNS: tuple[str, ...] = (
    "account_id",
    "name",
    "parent_id",
    "segment",
    "plan",
    "arr",
    "currency",
    "renewal_date",
    "health_score",
    "nps",
    "tenure_months",
    "seats",
    "active_seats",
    "open_invoices_overdue_days",
    "churned_on",
    "stage",
    "pipeline",
    "win_probability",
    "fit",
)
REQUIRED: tuple[str, ...] = ("account_id", "name")
STAGES = ("prospect", "onboarding", "adopting", "renewing", "churned")
MANY = 2_000_000_000


def given_fields(columns: Collection[str]) -> frozenset[str]:
    """The fields of an `AccountRecord` that a table with these columns speaks of; of the others it says nothing."""
    fields = {"overdue_days" if column == "open_invoices_overdue_days" else column for column in columns}
    # The one follows from the other.
    return frozenset(fields | {"stage", "churned_on"} if fields & {"stage", "churned_on"} else fields)


@dataclass(frozen=True)
class AccountRecord:
    """One account as a source describes it."""

    external_id: str
    name: str
    parent_id: str
    segment: str
    plan: str
    arr: Decimal | None
    currency: str
    renewal_date: dt.date | None
    health_score: int | None
    nps: int | None
    tenure_months: int | None
    seats: int | None
    active_seats: int | None
    overdue_days: int | None
    churned_on: dt.date | None
    stage: str
    pipeline: Decimal | None
    win_probability: Decimal | None
    fit: Decimal | None


def parse_account(row: Row, *, default_currency: str) -> AccountRecord:
    """Read one row of an accounts table.

    Raises:
        FieldError: a field cannot be read, or two fields contradict each other.
    """
    currency = row.text("currency", limit=20).upper() or default_currency
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise FieldError("currency", f"{currency!r} is not a currency; write it like USD")
    churned_on = row.date("churned_on")
    stage = row.choice("stage", STAGES, default="churned" if churned_on else "adopting")
    if (stage == "churned") != (churned_on is not None):
        raise FieldError("churned_on", "a churned account needs the day on which it left, and no other has one")
    seats = row.integer("seats", low=0, high=MANY)
    active_seats = row.integer("active_seats", low=0, high=MANY)
    if seats is not None and active_seats is not None and active_seats > seats:
        raise FieldError("active_seats", f"{active_seats} active of {seats} seats; it cannot be more")
    return AccountRecord(
        external_id=row.text("account_id", limit=100, required=True),
        name=row.text("name", limit=200, required=True),
        parent_id=row.text("parent_id", limit=100),
        segment=row.text("segment", limit=40).lower(),
        plan=row.text("plan", limit=80),
        arr=row.money("arr"),
        currency=currency,
        renewal_date=row.date("renewal_date"),
        health_score=row.integer("health_score", low=0, high=100),
        nps=row.integer("nps", low=-100, high=100),
        tenure_months=row.integer("tenure_months", low=0, high=1200),
        seats=seats,
        active_seats=active_seats,
        overdue_days=row.integer("open_invoices_overdue_days", low=0, high=36_500),
        churned_on=churned_on,
        stage=stage,
        pipeline=row.money("pipeline"),
        win_probability=row.decimal("win_probability", low=Decimal(0), high=Decimal(1), places=3),
        fit=row.decimal("fit", low=Decimal("0.5"), high=Decimal(1), places=2),
    )
