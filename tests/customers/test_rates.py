"""Money in one currency."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import override_settings

from customers.models import ExchangeRate
from customers.services.rates import Converter, MissingRateError, converter_on

TODAY = dt.date(2026, 11, 1)
RATES = {"EUR": Decimal(1), "USD": Decimal("1.25"), "GBP": Decimal("0.80"), "JPY": Decimal(160)}


@pytest.mark.parametrize(
    ("base", "amount", "currency", "converted"),
    [
        ("USD", "100", "USD", "100.00"),
        ("USD", "100", "EUR", "125.00"),
        ("USD", "100", "GBP", "156.25"),
        ("GBP", "100", "USD", "64.00"),
        ("EUR", "100", "JPY", "0.62"),
        ("EUR", "300", "JPY", "1.88"),
        ("USD", "0", "GBP", "0.00"),
        ("USD", "999999999999.99", "GBP", "1562499999999.98"),
    ],
)
def test_cross_rates_go_through_the_euro_to_the_cent(base: str, amount: str, currency: str, converted: str) -> None:
    found = Converter(base, RATES).to_base(Decimal(amount), currency)
    assert str(found) == converted


def test_a_currency_without_a_rate_is_named() -> None:
    converter = Converter("USD", RATES)
    assert (converter.knows("GBP"), converter.knows("USD"), converter.knows("XTS")) == (True, True, False)
    with pytest.raises(MissingRateError, match="no exchange rate for XTS; add one under Exchange rates") as missing:
        converter.to_base(Decimal(1), "XTS")
    assert missing.value.currency == "XTS"


def test_a_base_without_a_rate_converts_only_itself() -> None:
    converter = Converter("XTS", RATES)
    assert (converter.knows("XTS"), converter.knows("USD")) == (True, False)
    assert converter.to_base(Decimal(1), "XTS") == 1
    with pytest.raises(MissingRateError, match="for XTS"):
        converter.to_base(Decimal(1), "USD")


@pytest.mark.django_db
@override_settings(HEARD_BASE_CURRENCY="EUR")
def test_the_newest_rate_on_the_day_counts() -> None:
    for day, rate in ((TODAY - dt.timedelta(days=9), 2), (TODAY, 4), (TODAY + dt.timedelta(days=1), 8)):
        ExchangeRate.objects.create(currency="XTS", valid_from=day, per_euro=Decimal(rate))
    assert converter_on(day=TODAY).to_base(Decimal(8), "XTS") == 2
    assert converter_on(day=TODAY - dt.timedelta(days=1)).to_base(Decimal(8), "XTS") == 4
    assert not converter_on(day=TODAY - dt.timedelta(days=10)).knows("XTS")


@pytest.mark.django_db
def test_a_new_installation_knows_the_common_currencies() -> None:
    assert all(converter_on(day=TODAY).knows(currency) for currency in ("EUR", "USD", "GBP", "CHF", "JPY"))
