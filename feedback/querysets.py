"""Reads over feedback items, jobs, connections and what they told."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Now

if TYPE_CHECKING:
    from feedback.models import Connection, FeedbackItem, InboundDelivery, Job  # noqa: F401 (named in strings)


class FeedbackItemQuerySet(models.QuerySet["FeedbackItem"]):
    """Chainable reads over feedback items."""

    def waiting(self) -> Self:
        """Items that triage has not reached."""
        return self.filter(state="waiting")

    def settled(self) -> Self:
        """Items that triage has reached: placed or unplaced."""
        return self.filter(state__in=["placed", "unplaced"])

    def unplaced(self) -> Self:
        """Items that fit no problem yet."""
        return self.filter(state="unplaced")

    def foreign(self, *, readable: Collection[str]) -> Self:
        """Items in a language that is known and that the active model does not read."""
        return self.exclude(language="").exclude(language__in=readable)

    def quarantined(self) -> Self:
        """Items that could not be worked on."""
        return self.filter(state="quarantined")

    def without_account(self) -> Self:
        """Items whose account is named by the source but not known here."""
        return self.filter(account__isnull=True).exclude(account_reference="")

    def state_counts(self) -> dict[str, int]:
        """How many items are in each state; a state without items is left out."""
        return dict(self.order_by().values_list("state").annotate(n=Count("pk")))


class JobQuerySet(models.QuerySet["Job"]):
    """Chainable reads over jobs. The database clock decides what is due, never a worker's."""

    def due(self) -> Self:
        """Jobs to start now: queued and due, or running under a lease that ran out."""
        return self.filter(Q(state="queued", due_at__lte=Now()) | Q(state="running", lease_until__lt=Now())).order_by(
            "priority", "pk"
        )

    def alive(self, lease_token: UUID | None) -> Self:
        """The job that is being worked on under a lease that has not run out."""
        return self.filter(state="running", lease_token=lease_token, lease_until__gte=Now())

    def busy(self, *, kind: str, key: str) -> Self:
        """Jobs of a kind that are being worked on under a key, their lease not run out."""
        return self.filter(kind=kind, key=key, state="running", lease_until__gte=Now())

    def open(self) -> Self:
        """Jobs that are not finished: queued or running."""
        return self.filter(state__in=["queued", "running"])


class ConnectionQuerySet(models.QuerySet["Connection"]):
    """Chainable reads over connections."""

    def asked(self) -> Self:
        """Those that are asked by us: switched on, with an address, and nothing in the way that takes a person."""
        return self.filter(enabled=True, notice="").exclude(url="")

    def due(self) -> Self:
        """Those to be asked now, by the database's clock."""
        return self.asked().filter(Q(due_at__isnull=True) | Q(due_at__lte=Now())).order_by("pk")


class InboundDeliveryQuerySet(models.QuerySet["InboundDelivery"]):
    """Chainable reads over inbound deliveries."""

    def waiting(self) -> Self:
        """Those that nobody has worked on, the oldest first."""
        return self.filter(state="received").order_by("pk")

    def quarantined(self) -> Self:
        """Those that could not be read or stored."""
        return self.filter(state="quarantined")
