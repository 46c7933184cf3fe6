"""Remembering what an account was like."""

import datetime as dt
from collections.abc import Iterable
from itertools import islice

from customers.models import Account, AccountState
from customers.models.accounts import FACT_FIELDS

BATCH = 1000


def account_states_record(*, today: dt.date, accounts: Iterable[Account] | None = None) -> int:
    """Record a state for every account whose facts differ from its last one; answers how many were recorded."""
    recorded = 0
    everyone = (
        Account.objects.unmerged().order_by("pk").iterator(chunk_size=BATCH) if accounts is None else iter(accounts)
    )
    while some := list(islice(everyone, BATCH)):
        remembered: dict[int, AccountState] = {
            state.account_id: state for state in AccountState.objects.latest_of(some)
        }
        new = [
            AccountState(
                account=account,
                recorded_on=today,
                churn_risk=account.churn_risk,
                **{field: getattr(account, field) for field in FACT_FIELDS},
            )
            for account in some
            if _differs(account, remembered.get(account.pk))
        ]
        AccountState.objects.bulk_create(new)
        recorded += len(new)
    return recorded


def _differs(account: Account, state: AccountState | None) -> bool:
    return state is None or any(getattr(account, field) != getattr(state, field) for field in FACT_FIELDS)
