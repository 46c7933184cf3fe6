"""Short ways to real rows."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.apps import apps

from customers.models import Account, Contact
from customers.sources.accounts import COLUMNS, AccountRecord, parse_account
from customers.sources.fields import Row
from feedback.models import FeedbackItem
from feedback.services.items import feedback_ingest
from feedback.sources.records import FeedbackRecord

MOMENT = dt.datetime(2026, 10, 1, 9, 30, tzinfo=dt.UTC)


def make_account(external_id: str = "A1", **facts: Any) -> Account:
    """One account: paying 12,000.00 USD unless told otherwise."""
    defaults: dict[str, Any] = {"name": f"Account {external_id}", "arr": Decimal("12000.00"), "currency": "USD"}
    return Account.objects.create(external_id=external_id, **{**defaults, **facts})


def account_record(external_id: str = "A1", **values: object) -> AccountRecord:
    """One account as a system describes it: what a file with these values under our columns says."""
    assert set(values) <= set(COLUMNS), values
    texts = {"account_id": external_id, "name": f"Account {external_id}", **values}
    row = Row({column: str(value) for column, value in texts.items()})
    return parse_account(row, default_currency="USD", today=MOMENT.date())


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


def dump(*labels: str, without: tuple[str, ...] = ()) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of these apps, but of the models named."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for label in labels
        for model in apps.get_app_config(label).get_models()
        if model.__name__ not in without
    }
