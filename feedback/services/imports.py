"""Importing tables of accounts, contacts and feedback: good rows are stored, bad rows are answered one by one."""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.utils import timezone

from customers.services.accounts import Stored, account_parents_store, accounts_store
from customers.services.churn import churn_risk_refresh
from customers.services.contacts import contacts_store
from customers.services.rates import Converter, converter_on
from customers.services.states import account_states_record
from customers.sources import accounts as account_tables
from customers.sources import contacts as contact_tables
from customers.sources.accounts import AccountRecord, parse_account
from customers.sources.contacts import ContactRecord, parse_contact
from customers.sources.fields import FieldError, Row
from customers.sources.tables import BadRow, GoodRow, Table, open_table
from feedback.services.items import feedback_ingest, feedback_link_accounts
from feedback.signals import customers_changed
from feedback.sources import records as feedback_tables
from feedback.sources.records import FeedbackRecord, parse_feedback

BATCH = 1000
Record = TypeVar("Record")
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class RowNote:
    """What there is to say of one row. `kept` is false when the row was not stored."""

    row: int
    line: int
    column: str
    reason: str
    kept: bool


@dataclass
class ImportReport:
    """What became of every row of a file."""

    table: Table
    rows: int = 0
    stored: Stored = field(default_factory=Stored)
    notes: list[RowNote] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """How many rows were not stored."""
        return len({note.row for note in self.notes if not note.kept})

    def write(self, path: Path) -> None:
        """Write the notes as CSV: row, line, column, reason, kept."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["row", "line", "column", "reason", "kept"])
            for note in self.notes:
                writer.writerow([note.row, note.line, note.column, note.reason, "yes" if note.kept else "no"])


@dataclass(frozen=True)
class _Placed(Generic[Record]):
    """A parsed record and the row that it stood in."""

    number: int
    line: int
    record: Record

    def note(self, column: str, reason: str, *, kept: bool) -> RowNote:
        return RowNote(self.number, self.line, column, reason, kept)


def import_accounts(*, path: Path, renamed: Mapping[str, str], progress: Progress) -> ImportReport:
    """Import an accounts table.

    Raises:
        TableError: the file cannot be read as a table.
    """
    table = open_table(path, known=account_tables.COLUMNS, required=account_tables.REQUIRED, renamed=renamed)
    today = timezone.localdate()
    converter = converter_on(day=today)
    given = account_tables.given_fields(table.columns)
    parents: dict[str, str] = {}
    rows: dict[str, tuple[int, int]] = {}

    def parse(row: Row) -> AccountRecord:
        return _with_rate(parse_account(row, default_currency=settings.HEARD_BASE_CURRENCY), converter)

    def store(batch: Sequence[_Placed[AccountRecord]], report: ImportReport) -> None:
        records = [placed.record for placed in batch]
        report.stored.add(accounts_store(records=records, given=given))
        for placed in batch:
            rows[placed.record.external_id] = (placed.number, placed.line)
            if "parent_id" in table.columns:
                parents[placed.record.external_id] = placed.record.parent_id

    report = _import(table, parse, store, progress)
    for trouble in account_parents_store(parents=parents):
        report.notes.append(RowNote(*rows[trouble.external_id], "parent_id", trouble.reason, kept=True))
    churn_risk_refresh(today=today)
    account_states_record(today=today)
    feedback_link_accounts()
    customers_changed.send(sender=ImportReport)
    return report


def import_contacts(*, path: Path, renamed: Mapping[str, str], progress: Progress) -> ImportReport:
    """Import a contacts table.

    Raises:
        TableError: the file cannot be read as a table.
    """
    table = open_table(path, known=contact_tables.COLUMNS, required=contact_tables.REQUIRED, renamed=renamed)

    def store(batch: Sequence[_Placed[ContactRecord]], report: ImportReport) -> None:
        stored, homeless = contacts_store(records=[placed.record for placed in batch])
        report.stored.add(stored)
        unknown = {record.account_id for record in homeless}
        for placed in batch:
            if placed.record.account_id in unknown:
                reason = f"no account {placed.record.account_id!r}; import the accounts first, then this file again"
                report.notes.append(placed.note("account_id", reason, kept=False))

    report = _import(table, parse_contact, store, progress)
    feedback_link_accounts()
    customers_changed.send(sender=ImportReport)
    return report


def import_feedback(*, path: Path, renamed: Mapping[str, str], progress: Progress) -> ImportReport:
    """Import a feedback table.

    Raises:
        TableError: the file cannot be read as a table.
    """
    table = open_table(path, known=feedback_tables.COLUMNS, required=feedback_tables.REQUIRED, renamed=renamed)

    def store(batch: Sequence[_Placed[FeedbackRecord]], report: ImportReport) -> None:
        outcome = feedback_ingest(records=[placed.record for placed in batch])
        report.stored.add(Stored(outcome.created, outcome.updated, outcome.unchanged))
        unknown = set(outcome.without_account)
        for placed in batch:
            if (placed.record.source, placed.record.external_id) in unknown:
                reason = f"no account {placed.record.account_id!r} yet; the item was kept and flagged"
                report.notes.append(placed.note("account_id", reason, kept=True))

    return _import(table, partial(parse_feedback, default_source="csv", now=timezone.now()), store, progress)


@dataclass(frozen=True)
class Importer:
    """One kind of table and the service that imports it."""

    run: Callable[..., ImportReport]
    columns: tuple[str, ...]


IMPORTERS: dict[str, Importer] = {
    "accounts": Importer(import_accounts, account_tables.COLUMNS),
    "contacts": Importer(import_contacts, contact_tables.COLUMNS),
    "feedback": Importer(import_feedback, feedback_tables.COLUMNS),
}


def _import(
    table: Table,
    parse: Callable[[Row], Record],
    store: Callable[[Sequence[_Placed[Record]], ImportReport], None],
    progress: Progress,
) -> ImportReport:
    """Parse every row, store the good ones a batch at a time, note the others."""
    report = ImportReport(table=table)
    batch: list[_Placed[Record]] = []
    for found in table.rows():
        report.rows += 1
        placed = _parsed(found, parse, report)
        if placed is not None:
            batch.append(placed)
        if len(batch) >= BATCH:
            store(batch, report)
            batch = []
            progress(found.line, table.lines)
    if batch:
        store(batch, report)
    progress(table.lines, table.lines)
    return report


def _parsed(found: GoodRow | BadRow, parse: Callable[[Row], Any], report: ImportReport) -> _Placed[Any] | None:
    if isinstance(found, BadRow):
        report.notes.append(RowNote(found.number, found.line, "", found.reason, kept=False))
        return None
    try:
        return _Placed(found.number, found.line, parse(found.row))
    except FieldError as error:
        report.notes.append(RowNote(found.number, found.line, error.column, error.reason, kept=False))
        return None


def _with_rate(record: AccountRecord, converter: Converter) -> AccountRecord:
    if not converter.knows(record.currency):
        raise FieldError(
            "currency", f"no exchange rate for {record.currency}; add one under Exchange rates in the admin"
        )
    return record
