"""Activity: dated facts that systems report of an account. The account's own facts follow from the newest."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from customers.models.accounts import MAX_MONEY
from customers.querysets import InvoiceQuerySet


class UsageReading(models.Model):
    """How many seats were used on a day."""

    account = models.ForeignKey("customers.Account", on_delete=models.CASCADE, related_name="usage_readings")
    system = models.CharField(max_length=40)
    measured_on = models.DateField()
    seats = models.PositiveIntegerField(null=True, blank=True)
    active_seats = models.PositiveIntegerField()

    class Meta:
        ordering = ["account", "-measured_on"]
        constraints = [
            models.UniqueConstraint(fields=["account", "system", "measured_on"], name="usage_reading_once_a_day"),
            models.CheckConstraint(
                condition=Q(seats__isnull=True) | Q(active_seats__lte=F("seats")),
                name="usage_reading_active_within_seats",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.active_seats} seats active on {self.measured_on}"


class NpsAnswer(models.Model):
    """One answer to "how likely are you to recommend us", 0 to 10."""

    account = models.ForeignKey("customers.Account", on_delete=models.CASCADE, related_name="nps_answers")
    system = models.CharField(max_length=40)
    external_id = models.CharField(max_length=200)
    answered_on = models.DateField()
    score = models.PositiveSmallIntegerField(validators=[MaxValueValidator(10)])
    comment = models.TextField(blank=True)

    class Meta:
        ordering = ["account", "-answered_on"]
        verbose_name = "NPS answer"
        constraints = [
            models.UniqueConstraint(fields=["system", "external_id"], name="nps_answer_once_per_system"),
            models.CheckConstraint(condition=Q(score__range=(0, 10)), name="nps_answer_score_in_range"),
            models.CheckConstraint(condition=~Q(external_id=""), name="nps_answer_has_external_id"),
        ]

    def __str__(self) -> str:
        return f"{self.score} on {self.answered_on}"


class Invoice(models.Model):
    """What an account was billed, when it was due, and when it paid."""

    account = models.ForeignKey("customers.Account", on_delete=models.CASCADE, related_name="invoices")
    system = models.CharField(max_length=40)
    number = models.CharField(max_length=100)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    issued_on = models.DateField(null=True, blank=True)
    due_on = models.DateField()
    paid_on = models.DateField(null=True, blank=True)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        ordering = ["account", "-due_on"]
        constraints = [
            models.UniqueConstraint(fields=["system", "number"], name="invoice_once_per_system"),
            models.CheckConstraint(condition=~Q(number=""), name="invoice_has_number"),
            models.CheckConstraint(condition=Q(amount__gte=0, amount__lt=MAX_MONEY), name="invoice_amount_in_range"),
        ]
        indexes = [models.Index(fields=["account"], condition=Q(paid_on__isnull=True), name="invoice_open")]

    def __str__(self) -> str:
        return f"{self.number}: {self.amount} {self.currency}"


class ChurnEvent(models.Model):
    """An account left, or came back. Kept for ever: the churn model learns from it."""

    class Kind(models.TextChoices):
        """What happened."""

        LEFT = "left", "Left"
        RETURNED = "returned", "Returned"

    account = models.ForeignKey("customers.Account", on_delete=models.CASCADE, related_name="churn_events")
    system = models.CharField(max_length=40)
    happened_on = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.LEFT)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["account", "-happened_on"]
        constraints = [
            models.UniqueConstraint(fields=["account", "happened_on", "kind"], name="churn_event_once_a_day"),
            models.CheckConstraint(condition=Q(kind__in=["left", "returned"]), name="churn_event_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.happened_on}"
