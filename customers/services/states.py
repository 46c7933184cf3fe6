"""Remembering what an account was like."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from customers.models import Account, AccountState
from customers.models.accounts import FACT_FIELDS


def account_states_record(*, today: dt.date, accounts: Sequence[Account] | None = None) -> int:
    """Record a state for every company whose facts differ from its last one; answers how many were recorded.

    One statement inside the database, of these accounts or of all: a book may have more accounts than memory has room.
    """
    if accounts is not None and not accounts:
        return 0
    quote = connection.ops.quote_name
    account, state = quote(Account._meta.db_table), quote(AccountState._meta.db_table)
    fields: list[Any] = [Account._meta.get_field(name) for name in FACT_FIELDS]
    facts = [quote(field.column) for field in fields]
    differ = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
    changed = " OR ".join(f"a.{fact} {differ} s.{fact}" for fact in facts)
    some = "" if accounts is None else f"AND a.id IN ({', '.join(['%s'] * len(accounts))})"
    # Names come from the models, values are parameters.
    statement = f"""
        INSERT INTO {state} (account_id, recorded_on, recorded_at, churn_risk, {", ".join(facts)})
        SELECT a.id, %s, %s, a.churn_risk, {", ".join(f"a.{fact}" for fact in facts)}
        FROM {account} a LEFT JOIN {state} s ON s.id = (SELECT MAX(l.id) FROM {state} l WHERE l.account_id = a.id)
        WHERE a.merged_into_id IS NULL AND (s.id IS NULL OR {changed}) {some}
        ORDER BY a.id
    """  # noqa: S608
    moment = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(statement, [today, moment, *(each.pk for each in accounts or ())])
        return int(cursor.rowcount)
