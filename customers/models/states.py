"""Account states: the facts of an account as they were on a day."""

from typing import Any

from django.db import models

from customers.models.accounts import AccountFacts
from customers.querysets import AccountStateQuerySet


class AccountState(AccountFacts):
    """Written when the facts change, never rewritten: a churned account keeps its past."""

    account = models.ForeignKey("customers.Account", on_delete=models.CASCADE, related_name="states")
    recorded_on = models.DateField()
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = AccountStateQuerySet.as_manager()

    class Meta:
        ordering = ["account", "recorded_on", "pk"]
        indexes = [models.Index(fields=["account", "-recorded_on"])]

    def __str__(self) -> str:
        return f"{self.account} on {self.recorded_on}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new state.

        Raises:
            TypeError: the state is already stored.
        """
        if self.pk is not None:
            raise TypeError("Account states are append-only: record a new state instead.")
        super().save(*args, **kwargs)
