"""Churn models trained on a made-up book whose past is known."""

import datetime as dt
import io
import json
import math
import random
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from customers.models import Account, AccountState, ChurnEvent, ChurnModel, Invoice, UsageReading
from customers.services.churn import churn_risk_refresh
from customers.services.churn_features import features_on
from customers.services.churn_models import churn_model_train, churn_model_use
from customers.tasks import churn_model_train_weekly

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 1)
YEARS = 4


@pytest.fixture
def book() -> list[Account]:
    """Six hundred accounts over four years. Every year one in seven tires: use falls for a quarter, then most leave."""
    chance = random.Random(7)  # noqa: S311 (a made-up book)
    start = TODAY - dt.timedelta(days=365 * YEARS)
    accounts = Account.objects.bulk_create(
        [Account(external_id=f"A{n}", name=f"Account {n}", contract_start=start) for n in range(600)]
    )
    readings, left = [], []
    for account in accounts:
        tires = next((year for year in range(YEARS) if chance.random() < 1 / 7), None)
        tired = start + dt.timedelta(days=365 * tires + 200) if tires is not None else None
        leaves = tired + dt.timedelta(days=240) if tired and chance.random() < 0.8 else None
        for month in range(12 * YEARS):
            day = start + dt.timedelta(days=30 * month)
            if day > (leaves or TODAY):
                break
            share = 0.75 if tired is None or day < tired else 0.25
            readings.append(
                UsageReading(
                    account=account,
                    system="usage",
                    measured_on=day,
                    seats=100,
                    active_seats=int(100 * min(max(share + chance.gauss(0, 0.1), 0.02), 1)),
                )
            )
        if leaves and leaves <= TODAY:
            left.append(ChurnEvent(account=account, system="crm", happened_on=leaves))
            account.stage, account.churned_on = "churned", leaves
            account.save()
    UsageReading.objects.bulk_create(readings)
    ChurnEvent.objects.bulk_create(left)
    return accounts


def test_a_model_learns_from_the_past_and_beats_the_base_rate_on_a_later_day(book: list[Account]) -> None:
    model = churn_model_train(today=TODAY)
    card = model.card
    assert card["tested_on"] == (TODAY - dt.timedelta(days=365)).isoformat()
    assert card["model"]["auc"] > 0.75
    assert card["model"]["brier"] < card["base_brier"]
    assert model.in_use
    assert card["features"][0]["name"] in {"active_share", "active_change"}
    assert sum(each["accounts"] for each in card["calibration"]) == card["tested"]


def test_reasons_add_up_to_the_log_odds_of_the_risk(book: list[Account]) -> None:
    churn_model_train(today=TODAY)
    churn_risk_refresh(today=TODAY)
    judged = Account.objects.active().exclude(churn_risk=None)
    assert judged.count() == Account.objects.active().count()
    for account in judged:
        total = math.fsum(reason["points"] for reason in account.churn_reasons)
        assert account.churn_risk == Decimal(1 / (1 + math.exp(-total))).quantize(Decimal("0.0001"))
        assert [reason.get("base", False) for reason in account.churn_reasons].count(True) == 1
    assert not Account.objects.churned().exclude(churn_risk=None).exists()


def test_the_future_never_leaks_into_what_was_known(book: list[Account]) -> None:
    day = TODAY - dt.timedelta(days=400)
    before = features_on(day=day, accounts=book)
    UsageReading.objects.filter(measured_on__gt=day).update(active_seats=0)
    later = day + dt.timedelta(days=1)
    Invoice.objects.bulk_create(
        [
            Invoice(account=account, system="b", number=account.external_id, amount=1, currency="USD", due_on=later)
            for account in book
        ]
    )
    AccountState.objects.bulk_create([AccountState(account=each, recorded_on=later, nps=-100) for each in book])
    assert features_on(day=day, accounts=book) == before


def test_an_invoice_paid_after_the_day_was_open_on_the_day(db: None) -> None:
    account = Account.objects.create(external_id="A1", name="One")
    day = dt.date(2026, 3, 1)
    Invoice.objects.create(
        account=account, system="b", number="1", amount=1, currency="USD", due_on="2026-01-30", paid_on="2026-04-01"
    )
    assert features_on(day=day, accounts=[account])["overdue_days"] == [30]
    assert features_on(day=dt.date(2026, 4, 1), accounts=[account])["overdue_days"] == [0]
    assert features_on(day=dt.date(2026, 4, 1), accounts=[account])["late_invoices"] == [1]


def test_too_little_history_is_refused_and_the_scorecard_judges() -> None:
    Account.objects.create(external_id="A1", name="One", health_score=20)
    with pytest.raises(CommandError, match="too little history"):
        call_command("train_churn_model")
    churn_model_train_weekly()
    assert not ChurnModel.objects.exists()
    churn_risk_refresh(today=TODAY)
    texts = [reason["text"] for reason in Account.objects.get().churn_reasons]
    assert texts[0].startswith("base rate of all accounts")
    assert any("health" in text for text in texts)


def test_versions_are_kept_and_rolled_back_in_the_admin(book: list[Account], admin_client: Client) -> None:
    first, second = churn_model_train(today=TODAY), churn_model_train(today=TODAY)
    assert [model.in_use for model in ChurnModel.objects.order_by("version")] == [False, True]
    page = reverse("admin:customers_churnmodel_changelist")

    admin_client.post(page, {"action": "use", "_selected_action": [first.pk]})
    assert ChurnModel.objects.get(in_use=True) == first
    assert Account.objects.active().exclude(churn_risk=None).exists()

    admin_client.post(page, {"action": "use_the_scorecard", "_selected_action": [second.pk]})
    assert not ChurnModel.objects.filter(in_use=True).exists()
    text = admin_client.get(reverse("admin:customers_churnmodel_change", args=[first.pk])).text
    assert "Calibration plot" in text
    assert "active_share" in text


def test_the_command_answers_the_card(book: list[Account]) -> None:
    out = io.StringIO()
    call_command("train_churn_model", "--json", stdout=out)
    card = json.loads(out.getvalue())
    assert {"version", "in_use", "days", "model", "calibration", "features"} <= set(card)
    churn_model_use(model=None)
    out = io.StringIO()
    call_command("train_churn_model", stdout=out)
    assert "In use." in out.getvalue()
