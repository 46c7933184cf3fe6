"""Feedback items: one thing that a customer said."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from feedback.querysets import FeedbackItemQuerySet


class Kind(models.TextChoices):
    """What sort of message it was."""

    REQUEST = "request", "Request"
    TICKET = "ticket", "Ticket"
    COMPLAINT = "complaint", "Complaint"
    QUESTION = "question", "Question"
    PRAISE = "praise", "Praise"
    OTHER = "other", "Other"


class Severity(models.TextChoices):
    """How much the customer is held up."""

    BLOCKING = "blocking", "Blocking"
    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"
    UNKNOWN = "unknown", "Unknown"


class ItemState(models.TextChoices):
    """How far triage has come with an item."""

    WAITING = "waiting", "Waiting"
    PLACED = "placed", "Placed"
    UNPLACED = "unplaced", "Unplaced"
    QUARANTINED = "quarantined", "Quarantined"


class FeedbackItem(models.Model):
    """One thing a customer said. `text` has personal data replaced by tokens: all that reads meaning reads it."""

    source = models.ForeignKey("feedback.Source", on_delete=models.PROTECT, related_name="items")
    external_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.OTHER)
    severity = models.CharField(max_length=10, choices=Severity, default=Severity.UNKNOWN)
    text = models.TextField(help_text="What was said, personal data replaced by tokens.")
    text_hash = models.CharField(max_length=64, editable=False, db_index=True)
    language = models.CharField(
        max_length=8, blank=True, editable=False, help_text="ISO 639-1; blank where it cannot be told."
    )
    said_at = models.DateTimeField()
    as_of = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When its source last touched it, by the source's clock."
    )
    account = models.ForeignKey(
        "customers.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="feedback"
    )
    account_reference = models.CharField(max_length=100, blank=True, help_text="The account id that the source named.")
    contact = models.ForeignKey(
        "customers.Contact", on_delete=models.SET_NULL, null=True, blank=True, related_name="feedback"
    )
    contact_reference = models.CharField(
        max_length=254, blank=True, help_text="The e-mail address that the source named."
    )
    state = models.CharField(max_length=12, choices=ItemState, default=ItemState.WAITING, editable=False)
    state_reason = models.TextField(blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="How often work on this item was started and not finished."
    )
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = FeedbackItemQuerySet.as_manager()

    class Meta:
        ordering = ["-said_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="feedback_item_once_per_source"),
            models.CheckConstraint(condition=~Q(external_id=""), name="feedback_item_has_external_id"),
            models.CheckConstraint(condition=~Q(text=""), name="feedback_item_has_text"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="feedback_item_kind_known"),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="feedback_item_severity_known"),
            models.CheckConstraint(condition=Q(state__in=ItemState.values), name="feedback_item_state_known"),
        ]
        indexes = [
            models.Index(fields=["state", "id"]),
            models.Index(fields=["-said_at"]),
            models.Index(
                fields=["account_reference"], condition=Q(account__isnull=True), name="feedback_item_homeless"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}:{self.external_id}"

    @property
    def address(self) -> str:
        """Where it was said: as who logged it says, or as its source does; blank when neither does."""
        logged = getattr(self, "logged", None)
        return logged.link if logged and logged.link else self.source.address_of(self.external_id)


class FeedbackOriginal(models.Model):
    """The words as they came in, kept apart: seeing them takes a permission of its own."""

    item = models.OneToOneField(FeedbackItem, on_delete=models.CASCADE, related_name="original", primary_key=True)
    subject = models.TextField(blank=True)
    body = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"original of {self.item_id}"
