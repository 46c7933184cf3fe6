"""The outbox: what happened, who is to be told, and how telling went."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from feedback.outbound.addresses import AddressRefusedError, target_of
from insights.querysets import DeliveryQuerySet


class EventType(models.TextChoices):
    """What can happen."""

    RANKING_PUBLISHED = "ranking.published", "A ranking was published"
    PROBLEM_CREATED = "problem.created", "A problem appeared"
    PROBLEM_UPDATED = "problem.updated", "A problem's words or members changed"
    PROBLEM_STATUS_CHANGED = "problem.status_changed", "A problem's status changed"
    PROBLEM_MERGED = "problem.merged", "A problem became part of another"
    FEEDBACK_RECEIVED = "feedback.received", "Feedback came in"


class DeliveryState(models.TextChoices):
    """How a delivery stands."""

    WAITING = "waiting", "Waiting"
    DELIVERED = "delivered", "Delivered"
    FAILED = "failed", "Given up"


def event_uid() -> str:
    """A new name for an event: the receiver's `webhook-id`."""
    return f"evt_{uuid.uuid4().hex}"


class Endpoint(models.Model):
    """A receiver of events: where, which, and how it has been doing."""

    name = models.CharField(max_length=120)
    url = models.CharField("URL", max_length=500)
    events = models.JSONField(default=list, help_text="Which events it is told.")
    enabled = models.BooleanField(default=True)
    secret = models.TextField(blank=True, editable=False, help_text="Encrypted.")
    old_secret = models.TextField(blank=True, editable=False, help_text="Encrypted; signs too until it ends.")
    old_secret_until = models.DateTimeField("old secret valid until", null=True, editable=False)
    failures = models.PositiveIntegerField(
        default=0, editable=False, help_text="Calls in a row that the receiver did not answer."
    )
    failing_since = models.DateTimeField(null=True, editable=False, help_text="First failure since the last success.")
    retry_at = models.DateTimeField(null=True, editable=False, help_text="Nothing is sent before.")
    disabled_reason = models.CharField(max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = "webhook endpoint"
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="endpoint_has_name")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse addresses that must not be called; they are checked again before every call.

        Raises:
            ValidationError: with the reason, at the address.
        """
        try:
            target_of(self.url, allow=settings.HEARD_WEBHOOK_ALLOW)
        except AddressRefusedError as refused:
            raise ValidationError({"url": str(refused)}) from None


class Event(models.Model):
    """Something that happened, stored in the transaction in which it happened."""

    uid = models.CharField(max_length=40, unique=True, default=event_uid)
    type = models.CharField(max_length=40, choices=EventType)
    subject = models.CharField(max_length=40, blank=True, help_text="Events of one subject are told in order.")
    data = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "webhook event"
        constraints = [models.CheckConstraint(condition=Q(type__in=EventType.values), name="event_type_known")]
        indexes = [models.Index(fields=["created_at"])]

    def __str__(self) -> str:
        return f"{self.type} {self.subject}".strip()


class Delivery(models.Model):
    """One event to one endpoint."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    subject = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveIntegerField(default=0, help_text="Since it was queued or replayed.")
    due_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "webhook delivery"
        verbose_name_plural = "webhook deliveries"
        constraints = [
            models.UniqueConstraint(fields=["event", "endpoint"], name="delivery_once_per_endpoint"),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_known"),
        ]
        indexes = [models.Index(fields=["endpoint", "state", "subject"], name="delivery_lane")]

    def __str__(self) -> str:
        return f"{self.event} to {self.endpoint}"


class Attempt(models.Model):
    """One call: what came back."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="log")
    made_at = models.DateTimeField(db_default=Now())
    status = models.PositiveIntegerField(null=True, help_text="HTTP status of the answer; none without an answer.")
    seconds = models.FloatField()
    error = models.TextField(blank=True)
    answer = models.TextField(blank=True, help_text="How the answer begins.")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.status or self.error}"
