"""From outside rows to dated facts of an account: usage, NPS answers, invoices, leaving and coming back."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from customers.sources.accounts import row_seats
from customers.sources.fields import FieldError, Row

USAGE_COLUMNS: tuple[str, ...] = ("account_id", "measured_on", "seats", "active_seats")
USAGE_REQUIRED: tuple[str, ...] = ("account_id", "measured_on", "active_seats")
NPS_COLUMNS: tuple[str, ...] = ("answer_id", "account_id", "answered_on", "score", "comment")
NPS_REQUIRED: tuple[str, ...] = ("answer_id", "account_id", "answered_on", "score")
INVOICE_COLUMNS: tuple[str, ...] = ("number", "account_id", "amount", "currency", "issued_on", "due_on", "paid_on")
INVOICE_REQUIRED: tuple[str, ...] = ("number", "account_id", "amount", "due_on")
CHURN_COLUMNS: tuple[str, ...] = ("account_id", "happened_on", "kind", "reason")
CHURN_REQUIRED: tuple[str, ...] = ("account_id", "happened_on")


@dataclass(frozen=True)
class UsageRecord:
    """Seats in use on a day."""

    account_id: str
    measured_on: dt.date
    seats: int | None
    active_seats: int


@dataclass(frozen=True)
class NpsRecord:
    """One answer, 0 to 10."""

    account_id: str
    external_id: str
    answered_on: dt.date
    score: int
    comment: str


@dataclass(frozen=True)
class InvoiceRecord:
    """One invoice; open while `paid_on` is None."""

    account_id: str
    number: str
    amount: Decimal
    currency: str
    issued_on: dt.date | None
    due_on: dt.date
    paid_on: dt.date | None


@dataclass(frozen=True)
class ChurnRecord:
    """An account that left or returned."""

    account_id: str
    happened_on: dt.date
    kind: str
    reason: str


def parse_usage(row: Row, *, today: dt.date) -> UsageRecord:
    """Read one row of a usage table.

    Raises:
        FieldError: a field cannot be read, or two fields contradict each other.
    """
    seats, active_seats = row_seats(row)
    if active_seats is None:
        raise FieldError("active_seats", "is blank; every row needs one")
    return UsageRecord(_account(row), _past(row, "measured_on", today), seats, active_seats)


def parse_nps(row: Row, *, today: dt.date) -> NpsRecord:
    """Read one row of a table of NPS answers.

    Raises:
        FieldError: a field cannot be read.
    """
    score = row.integer("score", low=0, high=10)
    if score is None:
        raise FieldError("score", "is blank; every row needs one")
    return NpsRecord(
        account_id=_account(row),
        external_id=row.text("answer_id", limit=200, required=True),
        answered_on=_past(row, "answered_on", today),
        score=score,
        comment=row.text("comment", limit=5_000),
    )


def parse_invoice(row: Row, *, default_currency: str, today: dt.date) -> InvoiceRecord:
    """Read one row of an invoices table.

    Raises:
        FieldError: a field cannot be read, or two fields contradict each other.
    """
    amount, due_on = row.money("amount"), row.date("due_on")
    if amount is None:
        raise FieldError("amount", "is blank; every row needs one")
    if due_on is None:
        raise FieldError("due_on", "is blank; every row needs one")
    issued_on, paid_on = row.past_date("issued_on", today=today), row.past_date("paid_on", today=today)
    if issued_on and due_on < issued_on:
        raise FieldError("due_on", f"{due_on} is before the invoice's own date {issued_on}")
    return InvoiceRecord(
        account_id=_account(row),
        number=row.text("number", limit=100, required=True),
        amount=amount,
        currency=row.currency("currency", default=default_currency),
        issued_on=issued_on,
        due_on=due_on,
        paid_on=paid_on,
    )


def parse_churn(row: Row, *, today: dt.date) -> ChurnRecord:
    """Read one row of a table of churn events.

    Raises:
        FieldError: a field cannot be read.
    """
    return ChurnRecord(
        account_id=_account(row),
        happened_on=_past(row, "happened_on", today),
        kind=row.choice("kind", ("left", "returned"), default="left"),
        reason=row.text("reason", limit=200),
    )


def _account(row: Row) -> str:
    return row.text("account_id", limit=100, required=True)


def _past(row: Row, column: str, today: dt.date) -> dt.date:
    day = row.past_date(column, today=today)
    if day is None:
        raise FieldError(column, "is blank; every row needs one")
    return day
