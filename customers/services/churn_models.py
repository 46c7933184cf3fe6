"""Churn models of the book's own: trained on its history, kept by version, put to use and taken back."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Max, Min

from customers.engine.churn.artefact import dumps, loads
from customers.engine.churn.history import HORIZON, train_on_history
from customers.engine.churn.model import ChurnModel as TrainedModel
from customers.models import (
    Account,
    AccountState,
    ChurnEvent,
    ChurnModel,
    Invoice,
    JourneyStage,
    NpsAnswer,
    UsageReading,
)
from customers.services.churn_features import COLUMNS, features_on

STEP = dt.timedelta(days=182)
MOST_DAYS = 12
BATCH = 1000


def churn_model_train(*, today: dt.date) -> ChurnModel:
    """Train a new version on all history, and put it to use when it did better than what it would replace.

    Raises:
        TooLittleHistoryError: there is too little to learn from; what is in use stays in use.
    """
    columns: dict[str, list[Any]] = {column: [] for column in COLUMNS}
    churned: list[bool] = []
    days: list[dt.date] = []
    history = _History()
    for day in _days(today):
        for accounts in _batches():
            known = features_on(day=day, accounts=accounts)
            for place, account in enumerate(accounts):
                values = {column: known[column][place] for column in COLUMNS}
                if not history.was_customer(account, day) or all(value in (None, "") for value in values.values()):
                    continue
                for column, value in values.items():
                    columns[column].append(value)
                churned.append(history.left_within(account.pk, day, HORIZON))
                days.append(day)
    model, card = train_on_history(
        columns, np.array(churned, dtype=bool), np.array(days, dtype="datetime64[D]"), trained_on=today
    )
    with transaction.atomic():
        newest = ChurnModel.objects.aggregate(version=Max("version"))["version"] or 0
        stored = ChurnModel.objects.create(version=newest + 1, artefact=json.loads(dumps(model)), card=card.as_json())
        if card.worth_using:
            churn_model_use(model=stored)
    return stored


@transaction.atomic
def churn_model_use(*, model: ChurnModel | None) -> None:
    """Put a version to use, or none: then the scorecard judges. Risks follow at the next refresh."""
    ChurnModel.objects.filter(in_use=True).update(in_use=False)
    if model is not None:
        model.in_use = True
        model.save(update_fields=["in_use"])


def churn_model_in_use() -> TrainedModel | None:
    """The model that judges now; None when the scorecard does.

    Raises:
        ArtefactError: what is stored cannot be read.
    """
    stored = ChurnModel.objects.filter(in_use=True).first()
    return loads(json.dumps(stored.artefact)) if stored else None


@dataclass(frozen=True)
class _Period:
    """From when an account was gone, and when it came back, if it did."""

    left: dt.date
    returned: dt.date | None


class _History:
    """Who was a customer when."""

    def __init__(self) -> None:
        self._gone: dict[int, list[_Period]] = {}
        open_since: dict[int, dt.date] = {}
        for account, day, kind in ChurnEvent.objects.order_by("happened_on", "pk").values_list(
            "account_id", "happened_on", "kind"
        ):
            if kind == ChurnEvent.Kind.LEFT:
                open_since.setdefault(account, day)
            elif account in open_since:
                self._gone.setdefault(account, []).append(_Period(open_since.pop(account), day))
        for account, churned_on in Account.objects.churned().values_list("pk", "churned_on"):
            if churned_on is not None:
                open_since.setdefault(account, churned_on)
        for account, left in open_since.items():
            self._gone.setdefault(account, []).append(_Period(left, None))

    def was_customer(self, account: Account, day: dt.date) -> bool:
        """Whether the account had come and had not left by the day."""
        if account.stage == JourneyStage.PROSPECT or (account.contract_start and account.contract_start > day):
            return False
        gone = self._gone.get(account.pk, [])
        return not any(period.left <= day and (period.returned is None or period.returned > day) for period in gone)

    def left_within(self, account: int, day: dt.date, horizon: dt.timedelta) -> bool:
        """Whether the account left after the day and within the horizon."""
        return any(day < period.left <= day + horizon for period in self._gone.get(account, []))


def _days(today: dt.date) -> list[dt.date]:
    """The past days to learn from, newest first: half a year apart, their outcomes all in."""
    dated = (
        (UsageReading, "measured_on"),
        (NpsAnswer, "answered_on"),
        (Invoice, "due_on"),
        (AccountState, "recorded_on"),
    )
    firsts = [model.objects.aggregate(first=Min(field))["first"] for model, field in dated]
    known = [first for first in firsts if first is not None]
    days = (today - HORIZON - step * STEP for step in range(MOST_DAYS))
    return [day for day in days if known and day > min(known)]


def _batches() -> Iterable[list[Account]]:
    companies = Account.objects.unmerged().order_by("pk")
    last = 0
    while some := list(companies.filter(pk__gt=last)[:BATCH]):
        last = some[-1].pk
        yield some
