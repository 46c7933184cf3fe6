"""Reads over accounts and what is known of them."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from customers.models import Account, AccountState, ExchangeRate  # noqa: F401 (named in strings)


class AccountQuerySet(models.QuerySet["Account"]):
    """Chainable reads over accounts."""

    def active(self) -> Self:
        """Accounts that have not left."""
        return self.filter(churned_on__isnull=True)

    def churned(self) -> Self:
        """Accounts that have left."""
        return self.filter(churned_on__isnull=False)


class AccountStateQuerySet(models.QuerySet["AccountState"]):
    """Reads over account states. They are written once: no bulk update gets round the rule."""

    def update(self, **kwargs: Any) -> int:
        """Refused: a recorded fact is never rewritten.

        Raises:
            TypeError: always.
        """
        raise TypeError(f"{self.model.__name__} rows are append-only: add a new row instead of {sorted(kwargs)}.")

    def as_of(self, day: date) -> Self:
        """The states recorded on or before a day, newest first."""
        return self.filter(recorded_on__lte=day).order_by("-recorded_on", "-pk")


class ExchangeRateQuerySet(models.QuerySet["ExchangeRate"]):
    """Reads over exchange rates."""

    def valid_on(self, day: date) -> Self:
        """Rates dated on or before a day, newest first."""
        return self.filter(valid_from__lte=day).order_by("-valid_from")
