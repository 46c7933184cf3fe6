"""What systems told us: deliveries, kept before they are answered, and what was taken back."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from feedback.models.connections import Connection
from feedback.querysets import InboundDeliveryQuerySet


class InboundState(models.TextChoices):
    """How far work on a delivery has come."""

    RECEIVED = "received", "Received"
    DONE = "done", "Done"
    IGNORED = "ignored", "Ignored"
    QUARANTINED = "quarantined", "Quarantined"


class InboundDelivery(models.Model):
    """One piece that a system told us. Its body is kept until it has been worked on, and no longer."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="deliveries")
    external_id = models.CharField(max_length=200, help_text="What the system knows the delivery by.")
    event = models.CharField(max_length=100, blank=True)
    pulled = models.BooleanField(default=False, help_text="We asked for it; else the system called.")
    body = models.BinaryField(help_text="As it came; blank once worked on.")
    state = models.CharField(max_length=12, choices=InboundState, default=InboundState.RECEIVED)
    reason = models.CharField(max_length=500, blank=True, help_text="Why it is ignored or quarantined.")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Counted before the work begins.")
    received_at = models.DateTimeField(default=timezone.now)
    worked_at = models.DateTimeField(null=True)

    objects = InboundDeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "inbound deliveries"
        constraints = [
            models.UniqueConstraint(fields=["connection", "external_id"], name="inbound_delivery_once"),
            models.CheckConstraint(condition=~Q(external_id=""), name="inbound_delivery_has_external_id"),
            models.CheckConstraint(condition=Q(state__in=InboundState.values), name="inbound_delivery_state_known"),
        ]
        indexes = [models.Index(fields=["connection", "state", "id"], name="inbound_delivery_waiting")]

    def __str__(self) -> str:
        return f"{self.connection_id}:{self.external_id}"


class Withdrawn(models.Model):
    """An item that its source deleted. It stays away until its source touches it again."""

    source = models.ForeignKey("feedback.Source", on_delete=models.CASCADE, related_name="withdrawn")
    external_id = models.CharField(max_length=200)
    as_of = models.DateTimeField(help_text="By the source's clock.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "withdrawn"
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="withdrawn_once"),
            models.CheckConstraint(condition=~Q(external_id=""), name="withdrawn_has_external_id"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}:{self.external_id}"
