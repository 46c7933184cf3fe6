"""Short ways to real rows."""

import datetime as dt
from decimal import Decimal
from typing import Any

from customers.models import Account, Contact
from feedback.models import FeedbackItem
from feedback.services.items import feedback_ingest
from feedback.sources.records import FeedbackRecord

MOMENT = dt.datetime(2026, 10, 1, 9, 30, tzinfo=dt.UTC)


def make_account(external_id: str = "A1", **facts: Any) -> Account:
    """One account: paying 12,000.00 USD unless told otherwise."""
    defaults: dict[str, Any] = {"name": f"Account {external_id}", "arr": Decimal("12000.00"), "currency": "USD"}
    return Account.objects.create(external_id=external_id, **{**defaults, **facts})


def make_contact(account: Account, email: str = "ann@one.example", **facts: Any) -> Contact:
    """One contact."""
    return Contact.objects.create(account=account, email=email, **{"name": "Ann Example", "role": "user", **facts})


def make_record(external_id: str = "F1", body: str = "Please let us export reports", **facts: Any) -> FeedbackRecord:
    """One record as a source would hand it in."""
    defaults: dict[str, Any] = {
        "source": "zendesk",
        "kind": "request",
        "severity": "unknown",
        "subject": "",
        "said_at": MOMENT,
        "account_id": "",
        "contact_email": "",
    }
    return FeedbackRecord(external_id=external_id, body=body, **{**defaults, **facts})


def make_item(external_id: str = "F1", body: str = "Please let us export reports", **facts: Any) -> FeedbackItem:
    """One stored item, through intake."""
    feedback_ingest(records=[make_record(external_id, body, **facts)])
    item: FeedbackItem = FeedbackItem.objects.get(external_id=external_id)
    return item
