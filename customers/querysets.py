"""Reads over accounts and what is known of them."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Max, Q

if TYPE_CHECKING:
    from customers.models import Account, AccountState, DuplicateProposal, ExchangeRate, Invoice  # noqa: F401 (named in strings)


class AccountQuerySet(models.QuerySet["Account"]):
    """Chainable reads over accounts."""

    def unmerged(self) -> Self:
        """Companies, each once: without the accounts that turned out to be another."""
        return self.filter(merged_into__isnull=True)

    def searched(self, text: str) -> Self:
        """Those whose name, domain, id or owner holds every one of these words."""
        found = self
        for word in text.replace("\x00", "").split():
            named = Q(name__icontains=word) | Q(domain__icontains=word)
            found = found.filter(named | Q(external_id__icontains=word) | Q(owner__icontains=word))
        return found

    def segments(self) -> list[str]:
        """The segments that there are."""
        return list(self.exclude(segment="").order_by("segment").values_list("segment", flat=True).distinct())

    def of_company(self, account: "Account") -> Self:
        """The accounts that are this company: itself and those merged into it."""
        return self.filter(Q(pk=account.pk) | Q(merged_into=account.pk))

    def active(self) -> Self:
        """Companies that have not left."""
        return self.unmerged().filter(churned_on__isnull=True)

    def churned(self) -> Self:
        """Companies that have left."""
        return self.unmerged().filter(churned_on__isnull=False)


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

    def latest_of(self, accounts: Iterable["Account | int"]) -> Self:
        """The state that was recorded last of each account."""
        theirs = self.filter(account__in=list(accounts)).order_by()
        return self.filter(pk__in=theirs.values("account").annotate(last=Max("pk")).values("last"))


class DuplicateProposalQuerySet(models.QuerySet["DuplicateProposal"]):
    """Reads over proposals."""

    def open(self) -> Self:
        """Proposals that wait for a decision."""
        return self.filter(state="open")


class ExchangeRateQuerySet(models.QuerySet["ExchangeRate"]):
    """Reads over exchange rates."""

    def valid_on(self, day: date) -> Self:
        """Rates dated on or before a day, newest first."""
        return self.filter(valid_from__lte=day).order_by("-valid_from")


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    """Reads over invoices."""

    def overdue(self, day: date) -> Self:
        """Invoices that were not paid when they were due."""
        return self.filter(paid_on__isnull=True, due_on__lt=day, amount__gt=0)
