"""From an outside row to the facts of one account."""

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from customers.sources.fields import MANY, FieldError, Row

COLUMNS: tuple[str, ...] = (
    "account_id",
    "name",
    "parent_id",
    "reseller_id",
    "domain",
    "country",
    "tax_id",
    "owner",
    "segment",
    "plan",
    "arr",
    "currency",
    "lifetime_value",
    "contract_start",
    "contract_end",
    "renewal_date",
    "health_score",
    "nps",
    "tenure_months",
    "seats",
    "active_seats",
    "open_tickets",
    "open_invoices_overdue_days",
    "churned_on",
    "stage",
    "pipeline",
    "win_probability",
    "fit",
    "fit_reasons",
)
REQUIRED: tuple[str, ...] = ("account_id", "name")
STAGES = ("prospect", "onboarding", "adopting", "renewing", "churned")
# Of facts that only mean something together, a table that speaks of one speaks of all.
TOGETHER = ({"stage", "churned_on"},)


def given_fields(columns: Collection[str]) -> frozenset[str]:
    """The fields of an `AccountRecord` that a table with these columns speaks of; of the others it says nothing."""
    fields = {"overdue_days" if column == "open_invoices_overdue_days" else column for column in columns}
    for group in TOGETHER:
        if fields & group:
            fields |= group
    return frozenset(fields)


@dataclass(frozen=True)
class AccountRecord:
    """One account as a source describes it."""

    external_id: str
    name: str
    parent_id: str
    reseller_id: str
    domain: str
    country: str
    tax_id: str
    owner: str
    segment: str
    plan: str
    arr: Decimal | None
    currency: str
    lifetime_value: Decimal | None
    contract_start: dt.date | None
    contract_end: dt.date | None
    renewal_date: dt.date | None
    health_score: int | None
    nps: int | None
    tenure_months: int | None
    seats: int | None
    active_seats: int | None
    open_tickets: int | None
    overdue_days: int | None
    churned_on: dt.date | None
    stage: str
    pipeline: Decimal | None
    win_probability: Decimal | None
    fit: Decimal | None
    fit_reasons: list[str]


def parse_account(row: Row, *, default_currency: str, today: dt.date) -> AccountRecord:
    """Read one row of an accounts table.

    Raises:
        FieldError: a field cannot be read, or two fields contradict each other.
    """
    churned_on, stage = _journey(row, today)
    seats, active_seats = row_seats(row)
    contract_start, contract_end = row.date("contract_start"), row.date("contract_end")
    if contract_start and contract_end and contract_end < contract_start:
        raise FieldError("contract_end", f"{contract_end} is before the contract's start on {contract_start}")
    country = row.text("country", limit=20).upper()
    if country and not re.fullmatch(r"[A-Z]{2}", country):
        raise FieldError("country", f"{country!r} is not a country; write its two letters, like DE")
    return AccountRecord(
        external_id=row.text("account_id", limit=100, required=True),
        name=row.text("name", limit=200, required=True),
        parent_id=row.text("parent_id", limit=100),
        reseller_id=row.text("reseller_id", limit=100),
        domain=row.domain("domain"),
        country=country,
        tax_id=row.text("tax_id", limit=40),
        owner=row.text("owner", limit=120),
        segment=row.text("segment", limit=40).lower(),
        plan=row.text("plan", limit=80),
        arr=row.money("arr"),
        currency=row.currency("currency", default=default_currency),
        lifetime_value=row.money("lifetime_value"),
        contract_start=contract_start,
        contract_end=contract_end,
        renewal_date=row.date("renewal_date"),
        health_score=row.integer("health_score", low=0, high=100),
        nps=row.integer("nps", low=-100, high=100),
        tenure_months=row.integer("tenure_months", low=0, high=1200),
        seats=seats,
        active_seats=active_seats,
        open_tickets=row.integer("open_tickets", low=0, high=MANY),
        overdue_days=row.integer("open_invoices_overdue_days", low=0, high=36_500),
        churned_on=churned_on,
        stage=stage,
        pipeline=row.money("pipeline"),
        win_probability=row.decimal("win_probability", low=Decimal(0), high=Decimal(1), places=3),
        fit=row.decimal("fit", low=Decimal("0.5"), high=Decimal(1), places=2),
        fit_reasons=row.words("fit_reasons", limit=1000),
    )


def row_seats(row: Row) -> tuple[int | None, int | None]:
    """Seats and active seats.

    Raises:
        FieldError: not whole numbers, or more active than there are.
    """
    seats = row.integer("seats", low=0, high=MANY)
    active_seats = row.integer("active_seats", low=0, high=MANY)
    if seats is not None and active_seats is not None and active_seats > seats:
        raise FieldError("active_seats", f"{active_seats} active of {seats} seats; it cannot be more")
    return seats, active_seats


def _journey(row: Row, today: dt.date) -> tuple[dt.date | None, str]:
    churned_on = row.past_date("churned_on", today=today)
    stage = row.choice("stage", STAGES, default="churned" if churned_on else "adopting")
    if (stage == "churned") != (churned_on is not None):
        raise FieldError("churned_on", "a churned account needs the day on which it left, and no other has one")
    return churned_on, stage
