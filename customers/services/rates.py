"""Money in one currency."""

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from django.conf import settings

from customers.models import ExchangeRate

CENT = Decimal("0.01")


class MissingRateError(LookupError):
    """A currency for which no exchange rate is known on a day."""

    def __init__(self, currency: str) -> None:
        super().__init__(f"no exchange rate for {currency}; add one under Exchange rates in the admin")
        self.currency = currency


@dataclass(frozen=True)
class Converter:
    """Turns amounts into the base currency at the rates of one day."""

    base: str
    per_euro: dict[str, Decimal]

    def to_base(self, amount: Decimal, currency: str) -> Decimal:
        """The amount in the base currency, to the cent.

        Raises:
            MissingRateError: one of the two currencies has no rate.
        """
        if currency == self.base:
            return amount.quantize(CENT)
        return (amount * self._rate(self.base) / self._rate(currency)).quantize(CENT, rounding=ROUND_HALF_EVEN)

    def knows(self, currency: str) -> bool:
        """Whether amounts in the currency can be converted."""
        return currency == self.base or (currency in self.per_euro and self.base in self.per_euro)

    def _rate(self, currency: str) -> Decimal:
        try:
            return self.per_euro[currency]
        except KeyError:
            raise MissingRateError(currency) from None


def converter_on(*, day: dt.date) -> Converter:
    """The converter with the newest rate of every currency on a day."""
    newest: dict[str, Decimal] = {"EUR": Decimal(1)}
    for rate in ExchangeRate.objects.valid_on(day):
        newest.setdefault(rate.currency, rate.per_euro)
    return Converter(base=settings.HEARD_BASE_CURRENCY, per_euro=newest)
