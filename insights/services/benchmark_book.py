"""The customers of a made-up world: accounts of every size, families, contacts."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from django.conf import settings

from customers.models import Account, Contact, ExchangeRate, JourneyStage, Role
from customers.services.states import account_states_record

BATCH = 2_000
SEGMENTS = ("Enterprise", "Mid-market", "Small business", "Public sector")
RATES = {"USD": "1.080000", "GBP": "0.850000", "CHF": "0.960000"}
CURRENCIES = ("USD", "USD", "USD", "EUR", "EUR", "GBP")
COUNTRIES = ("US", "DE", "GB", "FR", "NL", "AT")
# Shares of the book; what is left pays and stays.
FREE, PROSPECTS, CHURNED, SUBSIDIARIES = 0.10, 0.05, 0.04, 0.15
HEADS = 0.05
MOST_CONTACTS = 3


@dataclass(frozen=True)
class Book:
    """The ids of the accounts, and the contacts of each."""

    accounts: list[int]
    contacts: list[list[Contact]]


def benchmark_book_create(*, accounts: int, generator: np.random.Generator, today: dt.date) -> Book:
    """Store accounts with parents, states and contacts, and the exchange rates that their currencies need."""
    known = {"EUR", *RATES}
    base = {} if settings.HEARD_BASE_CURRENCY in known else {settings.HEARD_BASE_CURRENCY: "1.000000"}
    ExchangeRate.objects.bulk_create(
        ExchangeRate(currency=currency, valid_from=dt.date(2020, 1, 1), per_euro=Decimal(per_euro))
        for currency, per_euro in {**RATES, **base}.items()
    )
    book = Account.objects.bulk_create(_accounts(accounts, generator, today), batch_size=BATCH)
    _families(book, generator)
    account_states_record(today=today)
    numbers = generator.integers(0, MOST_CONTACTS + 1, len(book))
    contacts = [_contacts(account, int(number), generator) for account, number in zip(book, numbers, strict=True)]
    Contact.objects.bulk_create((contact for some in contacts for contact in some), batch_size=BATCH)
    return Book([account.pk for account in book], contacts)


def _accounts(count: int, generator: np.random.Generator, today: dt.date) -> Iterator[Account]:
    kinds = generator.random(count)
    revenue = generator.lognormal(9.5, 1.4, count)
    chances = generator.random((count, 4))
    for number in range(count):
        yield Account(
            external_id=f"A-{number}",
            name=f"Company {number}",
            domain=f"company-{number}.example",
            country=COUNTRIES[number % len(COUNTRIES)],
            segment=SEGMENTS[int(chances[number, 0] * len(SEGMENTS))],
            plan="Team" if number % 3 else "Business",
            **_money(float(kinds[number]), float(revenue[number]), CURRENCIES[number % len(CURRENCIES)], today),
            **_health(chances[number], today),
        )


def _money(kind: float, revenue: float, currency: str, today: dt.date) -> dict[str, Any]:
    """What one account pays or may pay; `kind` in [0, 1) says what sort of account it is."""
    amount = Decimal(round(min(revenue, 5e6) * 100)) / 100
    facts: dict[str, Any] = {"currency": currency, "stage": JourneyStage.ADOPTING}
    if kind < FREE:
        return facts
    if kind < FREE + PROSPECTS:
        return {
            **facts,
            "stage": JourneyStage.PROSPECT,
            "pipeline": amount,
            "win_probability": Decimal(round(kind * 1000)) / 1000,
        }
    if kind < FREE + PROSPECTS + CHURNED:
        left = today - dt.timedelta(days=round(revenue) % 500)
        return {**facts, "stage": JourneyStage.CHURNED, "arr": amount, "churned_on": left}
    return {**facts, "arr": amount}


def _health(chances: Any, today: dt.date) -> dict[str, Any]:
    """Renewal, risk, fit and use, each unknown for some; `chances` holds four numbers in [0, 1)."""
    _, renewal, risk, fit = (float(chance) for chance in chances)
    seats = 5 + int(renewal * 500)
    return {
        "renewal_date": today + dt.timedelta(days=int(renewal * 450) - 30) if renewal < 0.9 else None,
        "churn_risk": Decimal(round(risk * risk * 10_000)) / 10_000 if risk < 0.9 else None,
        "fit": Decimal(round(50 + fit * 50)) / 100 if fit < 0.7 else None,
        "health_score": int(100 - risk * 100),
        "nps": int(100 - risk * 150),
        "seats": seats,
        "active_seats": int(seats * (1 - risk)),
    }


def _families(book: list[Account], generator: np.random.Generator) -> None:
    """The first accounts become heads of families; some of the others belong to one of them."""
    heads = book[: int(len(book) * HEADS)]
    if not heads:
        return
    below = [account for account in book[len(heads) :] if generator.random() < SUBSIDIARIES]
    for account in below:
        account.parent = heads[int(generator.integers(len(heads)))]
    Account.objects.bulk_update(below, ["parent"], batch_size=BATCH)


def _contacts(account: Account, count: int, generator: np.random.Generator) -> list[Contact]:
    roles = generator.choice([role.value for role in Role], size=count, p=[0.1, 0.15, 0.2, 0.45, 0.1])
    return [
        Contact(
            email=f"person-{number}@{account.domain}",
            name=f"Person {number} of {account.name}",
            account=account,
            role=str(role),
        )
        for number, role in enumerate(roles)
    ]
