"""Systems that speak of accounts, as their files would."""

import datetime as dt
from typing import Any

from customers.models import Account
from customers.services.accounts import Stored, accounts_store
from customers.sources.accounts import given_fields
from tests.factories import account_record

DAY = dt.date(2026, 3, 1)


def say(system: str, external_id: str = "A1", /, *, days: int = 0, **values: Any) -> Stored:
    """A system describes one account so many days after DAY, in a file that has only the columns of these values."""
    return accounts_store(
        records=[account_record(external_id, **values)],
        system=system,
        given=given_fields(("account_id", "name", *values)),
        today=DAY + dt.timedelta(days=days),
    )


def facts_of(external_id: str, *fields: str) -> tuple[object, ...]:
    """Some facts of an account."""
    account = Account.objects.get(external_id=external_id)
    return tuple(getattr(account, field) for field in fields)
