"""Account states: what an account was like, never rewritten."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction

from customers.models import Account, AccountState
from customers.models.accounts import FACT_FIELDS
from customers.services.states import account_states_record
from customers.tasks import account_states_record_daily
from tests.factories import make_account

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 10, 1)
OTHER_FACTS = {
    "segment": "smb",
    "plan": "Pro",
    "arr": Decimal(1),
    "currency": "EUR",
    "renewal_date": DAY,
    "health_score": 1,
    "nps": 1,
    "seats": 9,
    "active_seats": 1,
    "open_tickets": 1,
    "overdue_days": 1,
    "stage": "renewing",
}


def _record(days: int = 0) -> int:
    return account_states_record(today=DAY + dt.timedelta(days=days))


def test_a_state_is_never_rewritten() -> None:
    make_account()
    _record()
    state = AccountState.objects.get()
    state.arr = Decimal(1)
    with pytest.raises(TypeError, match="append-only"):
        state.save()
    with pytest.raises(TypeError, match="append-only"):
        AccountState.objects.update(arr=1)
    with pytest.raises(TypeError, match="append-only"), transaction.atomic():
        AccountState.objects.bulk_update([state], ["arr"])
    with pytest.raises(TypeError, match="append-only"), transaction.atomic():
        AccountState.objects.update_or_create(pk=state.pk, defaults={"arr": 1})
    assert AccountState.objects.get().arr == Decimal("12000.00")


def test_unchanged_facts_are_recorded_once() -> None:
    make_account("A1")
    make_account("A2")
    assert [_record(days) for days in range(3)] == [2, 0, 0]


@pytest.mark.parametrize(("field", "value"), [*OTHER_FACTS.items()])
def test_every_changed_fact_is_recorded_as_one_new_state(field: str, value: object) -> None:
    account = make_account("A1")
    make_account("A2")
    _record()
    setattr(account, field, value)
    account.save()

    assert (_record(1), _record(2)) == (1, 0)
    before, after = AccountState.objects.filter(account=account)
    assert getattr(before, field) != value
    assert getattr(after, field) == value
    assert (before.recorded_on, after.recorded_on) == (DAY, DAY + dt.timedelta(days=1))


def test_no_fact_is_forgotten_by_the_test_above() -> None:
    assert {*OTHER_FACTS, "churned_on"} == set(FACT_FIELDS)


def test_a_new_name_or_a_new_churn_risk_is_no_new_state() -> None:
    account = make_account()
    _record()
    account.name, account.churn_risk = "Renamed", Decimal("0.5")
    account.save()
    assert _record(1) == 0


def test_facts_that_go_and_come_back_are_three_states() -> None:
    account = make_account()
    for days, arr in enumerate((100, 200, 100)):
        Account.objects.update(arr=arr)
        assert _record(days) == 1
    assert [state.arr for state in AccountState.objects.filter(account=account)] == [100, 200, 100]


def test_a_churned_account_keeps_its_past() -> None:
    account = make_account(plan="Pro", health_score=80)
    _record()
    account.stage, account.churned_on, account.arr = "churned", DAY, Decimal(0)
    account.save()
    _record(30)

    assert [(state.stage, state.arr, state.plan) for state in AccountState.objects.all()] == [
        ("adopting", Decimal("12000.00"), "Pro"),
        ("churned", Decimal(0), "Pro"),
    ]
    then = AccountState.objects.as_of(DAY + dt.timedelta(days=29)).first()
    assert then is not None
    assert (then.stage, then.churned_on) == ("adopting", None)
    assert AccountState.objects.as_of(DAY - dt.timedelta(days=1)).first() is None


def test_the_daily_task_scores_and_records_and_may_run_twice() -> None:
    make_account(health_score=10)
    account_states_record_daily()
    account_states_record_daily()
    risk = AccountState.objects.get().churn_risk
    assert risk is not None
    assert risk == Account.objects.get().churn_risk
