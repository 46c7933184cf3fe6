"""The kinds of rows that can be imported: how each is read, stored and followed up."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from django.conf import settings
from django.utils import timezone

from customers.models import Contact
from customers.services import activity
from customers.services.accounts import Stored, accounts_store
from customers.services.contacts import contacts_store
from customers.services.provenance import OWN_SYSTEMS
from customers.services.rates import MissingRateError, converter_on
from customers.services.references import account_links_clear, account_links_store
from customers.services.refresh import customers_refresh
from customers.signals import customers_changed
from customers.sources import accounts as account_tables
from customers.sources import activity as activity_tables
from customers.sources import contacts as contact_tables
from customers.sources.accounts import AccountRecord, parse_account
from customers.sources.activity import ChurnRecord, InvoiceRecord, NpsRecord, UsageRecord
from customers.sources.contacts import ContactRecord, parse_contact
from customers.sources.fields import FieldError, Row
from feedback.services.items import feedback_ingest
from feedback.sources import records as feedback_tables
from feedback.sources.records import FeedbackRecord, parse_feedback

Record = TypeVar("Record")


@dataclass(frozen=True)
class RowNote:
    """What there is to say of one row. `kept` is false when the row was not stored."""

    row: int
    line: int
    column: str
    reason: str
    kept: bool


@dataclass(frozen=True)
class Placed(Generic[Record]):
    """A parsed record and the row that it stood in."""

    number: int
    line: int
    record: Record

    def note(self, column: str, reason: str, *, kept: bool) -> RowNote:
        """Something to say of this row."""
        return RowNote(self.number, self.line, column, reason, kept)


Outcome = tuple[Stored, list[RowNote]]


class SystemNameError(ValueError):
    """A system by a name that it cannot have."""


def system_check(system: str) -> None:
    """Refuse what cannot be the name of a system.

    Raises:
        SystemNameError: not a short word, or the name under which we speak ourselves.
    """
    if not re.fullmatch(r"[a-z0-9_-]{1,40}", system):
        raise SystemNameError(f"{system!r} is not a system; use at most 40 lower-case letters, digits, - and _.")
    if system in OWN_SYSTEMS:
        raise SystemNameError(f"Heard itself speaks as {system!r}; choose another name for the system.")


class ImportKind(ABC, Generic[Record]):
    """One import of one kind of rows, from the first row to what follows the last."""

    columns: ClassVar[tuple[str, ...]]
    required: ClassVar[tuple[str, ...]]

    def __init__(self, *, system: str, given: Sequence[str]) -> None:
        """`system` says whose rows these are, `given` which columns they have.

        Raises:
            SystemNameError: the system cannot have that name.
        """
        system_check(system)
        self.system = system
        self.given = given
        self.today = timezone.localdate()
        self._converter = converter_on(day=self.today)

    @abstractmethod
    def parse(self, row: Row) -> Record:
        """Read one row.

        Raises:
            FieldError: a field cannot be read.
        """

    @abstractmethod
    def store(self, batch: Sequence[Placed[Record]]) -> Outcome:
        """Store some records; answers what became of them and what there is to say of single rows."""

    def finish(self) -> list[RowNote]:
        """What can only be done behind the last row; answers what more there is to say."""
        return []

    def known_currency(self, currency: str) -> None:
        """Refuse amounts that nobody could add up.

        Raises:
            FieldError: the currency has no exchange rate.
        """
        if not self._converter.knows(currency):
            raise FieldError("currency", str(MissingRateError(currency)))


class AccountImport(ImportKind[AccountRecord]):
    """Accounts. Parents and resellers may stand further down: they are linked behind the last row."""

    columns = account_tables.COLUMNS
    required = account_tables.REQUIRED

    def __init__(self, *, system: str, given: Sequence[str]) -> None:
        super().__init__(system=system, given=given)
        self._fields = account_tables.given_fields(given)
        self._parents: dict[str, str] = {}
        self._resellers: dict[str, str] = {}
        self._rows: dict[str, tuple[int, int]] = {}

    def parse(self, row: Row) -> AccountRecord:
        record = parse_account(row, default_currency=settings.HEARD_BASE_CURRENCY, today=self.today)
        self.known_currency(record.currency)
        return record

    def store(self, batch: Sequence[Placed[AccountRecord]]) -> Outcome:
        records = [placed.record for placed in batch]
        stored = accounts_store(records=records, system=self.system, given=self._fields, today=self.today)
        account_links_clear(
            system=self.system,
            orphans=[each.external_id for each in records if "parent_id" in self.given and not each.parent_id],
            direct=[each.external_id for each in records if "reseller_id" in self.given and not each.reseller_id],
        )
        for placed in batch:
            record = placed.record
            for links, other in ((self._parents, record.parent_id), (self._resellers, record.reseller_id)):
                if other:
                    links[record.external_id] = other
                    self._rows[record.external_id] = (placed.number, placed.line)
                else:
                    links.pop(record.external_id, None)
        return stored, []

    def finish(self) -> list[RowNote]:
        troubles = account_links_store(system=self.system, parents=self._parents, resellers=self._resellers)
        customers_refresh(today=self.today)
        return [
            RowNote(*self._rows[trouble.external_id], trouble.column, trouble.reason, kept=True) for trouble in troubles
        ]


class ContactImport(ImportKind[ContactRecord]):
    """Contacts."""

    columns = contact_tables.COLUMNS
    required = contact_tables.REQUIRED

    def parse(self, row: Row) -> ContactRecord:
        return parse_contact(row)

    def store(self, batch: Sequence[Placed[ContactRecord]]) -> Outcome:
        stored, homeless = contacts_store(
            records=[placed.record for placed in batch], system=self.system, given=self.given
        )
        return stored, _without_account(batch, {record.account_id for record in homeless})

    def finish(self) -> list[RowNote]:
        customers_changed.send(sender=Contact)
        return []


class FeedbackImport(ImportKind[FeedbackRecord]):
    """Feedback."""

    columns = feedback_tables.COLUMNS
    required = feedback_tables.REQUIRED

    def parse(self, row: Row) -> FeedbackRecord:
        return parse_feedback(row, default_source=self.system, now=timezone.now())

    def store(self, batch: Sequence[Placed[FeedbackRecord]]) -> Outcome:
        outcome = feedback_ingest(records=[placed.record for placed in batch])
        unknown = set(outcome.without_account)
        notes = [
            placed.note(
                "account_id", f"no account {placed.record.account_id!r} yet; the item was kept and flagged", kept=True
            )
            for placed in batch
            if (placed.record.source, placed.record.external_id) in unknown
        ]
        return Stored(outcome.created, outcome.updated, outcome.unchanged), notes


Dated = TypeVar("Dated", UsageRecord, NpsRecord, InvoiceRecord, ChurnRecord)


class _DatedImport(ImportKind[Dated]):
    """Dated facts of accounts; subclasses name the service that stores them."""

    service: ClassVar[Callable[..., tuple[Stored, set[str]]]]

    def store(self, batch: Sequence[Placed[Dated]]) -> Outcome:
        records = [placed.record for placed in batch]
        stored, unknown = type(self).service(records=records, system=self.system, today=self.today)
        return stored, _without_account(batch, unknown)

    def finish(self) -> list[RowNote]:
        customers_refresh(today=self.today)
        return []


class UsageImport(_DatedImport[UsageRecord]):
    """Usage readings."""

    columns = activity_tables.USAGE_COLUMNS
    required = activity_tables.USAGE_REQUIRED
    service = staticmethod(activity.usage_store)

    def parse(self, row: Row) -> UsageRecord:
        return activity_tables.parse_usage(row, today=self.today)


class NpsImport(_DatedImport[NpsRecord]):
    """NPS answers."""

    columns = activity_tables.NPS_COLUMNS
    required = activity_tables.NPS_REQUIRED
    service = staticmethod(activity.nps_store)

    def parse(self, row: Row) -> NpsRecord:
        return activity_tables.parse_nps(row, today=self.today)


class InvoiceImport(_DatedImport[InvoiceRecord]):
    """Invoices."""

    columns = activity_tables.INVOICE_COLUMNS
    required = activity_tables.INVOICE_REQUIRED
    service = staticmethod(activity.invoices_store)

    def parse(self, row: Row) -> InvoiceRecord:
        record = activity_tables.parse_invoice(row, default_currency=settings.HEARD_BASE_CURRENCY, today=self.today)
        self.known_currency(record.currency)
        return record


class ChurnImport(_DatedImport[ChurnRecord]):
    """Accounts that left or returned."""

    columns = activity_tables.CHURN_COLUMNS
    required = activity_tables.CHURN_REQUIRED
    service = staticmethod(activity.churn_events_store)

    def parse(self, row: Row) -> ChurnRecord:
        return activity_tables.parse_churn(row, today=self.today)


KINDS: dict[str, type[ImportKind[Any]]] = {
    "accounts": AccountImport,
    "contacts": ContactImport,
    "feedback": FeedbackImport,
    "usage": UsageImport,
    "nps": NpsImport,
    "invoices": InvoiceImport,
    "churn_events": ChurnImport,
}


def import_kind_register(*, name: str, kind: type[ImportKind[Any]]) -> None:
    """Make a kind of rows known. Apps above register theirs when they are ready."""
    KINDS[name] = kind


def _without_account(batch: Sequence[Placed[Any]], unknown: set[str]) -> list[RowNote]:
    return [
        placed.note(
            "account_id",
            f"no account {placed.record.account_id!r}; import the accounts first, then this again",
            kept=False,
        )
        for placed in batch
        if placed.record.account_id in unknown
    ]
