"""What follows from changed facts of customers."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from customers.models import Account
from customers.services.churn import churn_risk_refresh
from customers.services.states import account_states_record
from customers.signals import customers_changed


@transaction.atomic
def customers_refresh(*, today: dt.date, accounts: Sequence[Account] | None = None) -> None:
    """Score churn risk again, remember what changed, and tell the apps above; for these accounts, or for all."""
    churn_risk_refresh(today=today, accounts=accounts)
    account_states_record(today=today, accounts=accounts)
    customers_changed.send(sender=Account)
