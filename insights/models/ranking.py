"""Rankings: numbered, immutable snapshots of the ranked list, with a receipt for every score."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from insights.querysets import RankingEntryQuerySet


class Ranking(models.Model):
    """One snapshot: the order, the weights that made it, and how many items it speaks for."""

    number = models.PositiveIntegerField(unique=True)
    edition = models.PositiveIntegerField(
        default=0, help_text="How often what is shown of its problems changed since: words, quotes, statuses."
    )
    computed_at = models.DateTimeField(auto_now_add=True)
    day = models.DateField(help_text="The day that ages are counted to.")
    weights = models.JSONField()
    weights_version = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    floor = models.DecimalField(
        max_digits=18, decimal_places=2, default=Decimal("0.00"), help_text="What an account without revenue counts."
    )
    median_arr = models.DecimalField(
        max_digits=18, decimal_places=2, default=Decimal("0.00"), help_text="What the floor is a share of; 0 for none."
    )
    base_rate = models.DecimalField(
        max_digits=5, decimal_places=4, default=Decimal("0.0000"), help_text="Churn risk of an account without one."
    )
    answers_needed = models.PositiveIntegerField(
        default=30, help_text="How many respondents it takes for an opportunity to be told."
    )
    items = models.PositiveIntegerField()
    placed = models.PositiveIntegerField()
    unplaced = models.PositiveIntegerField()
    quarantined = models.PositiveIntegerField()

    class Meta:
        ordering = ["-number"]
        get_latest_by = "number"

    def __str__(self) -> str:
        return f"Ranking {self.number}"


class TouchKind(models.TextChoices):
    """What the next ranking has to look at again."""

    PROBLEM = "problem", "One problem"
    CUSTOMERS = "customers", "Whose facts changed"
    WORDS = "words", "What is shown, not what it scores"
    EVERYTHING = "everything", "Everything"


class Touched(models.Model):
    """A note to the next ranking, written in the transaction of a change. Only added: writers do not meet."""

    kind = models.CharField(max_length=10, choices=TouchKind)
    problem = models.ForeignKey("insights.Problem", on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        verbose_name = "touched problem"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=TouchKind.values), name="touched_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="problem", problem__isnull=False) | (~Q(kind="problem") & Q(problem__isnull=True)),
                name="touched_names_its_problem",
            ),
        ]

    def __str__(self) -> str:
        return f"P-{self.problem_id}" if self.problem_id else self.get_kind_display()


class AccountStanding(models.Model):
    """What the latest ranking knew of an account: by it the next one sees whose facts changed."""

    account_id = models.BigIntegerField(primary_key=True, help_text="Stays when the account goes.")
    fingerprint = models.CharField(max_length=64, help_text="Hash of all that the score takes from its family.")

    class Meta:
        ordering = ["account_id"]

    def __str__(self) -> str:
        return f"Account {self.account_id}"


class Receipt(models.Model):
    """What adds up to a problem's score. A ranking that changes nothing about a problem points at its old receipt."""

    problem = models.ForeignKey("insights.Problem", on_delete=models.PROTECT, related_name="receipts")
    score = models.DecimalField(max_digits=18, decimal_places=2)
    fingerprint = models.CharField(max_length=64, help_text="Hash of the lines: the same lines make the same receipt.")
    packed_lines = models.BinaryField(
        default=bytes, editable=False, help_text="The lines as `insights.engine.what_if` reads them."
    )
    packed_asks = models.BinaryField(default=bytes, editable=False, help_text="Their asks, likewise.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["problem", "fingerprint"], name="receipt_once_per_content"),
            models.CheckConstraint(condition=Q(score__gte=0), name="receipt_score_not_negative"),
        ]

    def __str__(self) -> str:
        return f"Receipt {self.pk} of P-{self.problem_id}"


class ReceiptLine(models.Model):
    """What one customer adds: value × (1 + churn weight × risk × nearness) × fit: weight; × intensity: amount."""

    receipt = models.ForeignKey(Receipt, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    customer_key = models.CharField(max_length=300)
    customer_name = models.CharField(max_length=300)
    account = models.ForeignKey(
        "customers.Account",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="Head of the family.",
    )
    asks = models.PositiveIntegerField()
    said = models.JSONField(help_text="Each ask: id of its item, day, severity, role, influence.")
    value = models.DecimalField(max_digits=18, decimal_places=2)
    churn_risk = models.DecimalField(max_digits=5, decimal_places=4)
    renewal_nearness = models.DecimalField(max_digits=5, decimal_places=4)
    fit = models.DecimalField(max_digits=5, decimal_places=4)
    weight = models.DecimalField(max_digits=18, decimal_places=2)
    intensity = models.DecimalField(max_digits=7, decimal_places=6)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    defaults = models.JSONField(default=list, help_text="Names of the factors that nobody knows.")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["receipt", "position"], name="receipt_line_position_once")]
        indexes = [models.Index(fields=["customer_key"], name="receipt_line_customer")]

    def __str__(self) -> str:
        return f"{self.customer_name}: {self.amount}"


class RankingEntry(models.Model):
    """One problem's place in a ranking, with the figures of the moment."""

    ranking = models.ForeignKey(Ranking, on_delete=models.CASCADE, related_name="entries")
    rank = models.PositiveIntegerField()
    previous_rank = models.PositiveIntegerField(null=True)
    rank_low = models.PositiveIntegerField()
    rank_high = models.PositiveIntegerField()
    problem = models.ForeignKey("insights.Problem", on_delete=models.PROTECT, related_name="entries")
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="entries")
    score = models.DecimalField(max_digits=18, decimal_places=2)
    customers = models.PositiveIntegerField()
    contacts = models.PositiveIntegerField()
    items = models.PositiveIntegerField()
    arr_total = models.DecimalField(max_digits=18, decimal_places=2)
    revenue_at_risk = models.DecimalField(max_digits=18, decimal_places=2)
    renewals_90d = models.PositiveIntegerField()
    trend_30d = models.IntegerField(help_text="Items of the last 30 days less those of the 30 days before.")
    weekly = models.JSONField(default=list, help_text="Items in each of the last 12 weeks, oldest first.")
    depends_on = models.CharField(
        max_length=300, blank=True, help_text="The customer without which the problem would fall far."
    )

    effort = models.DecimalField(max_digits=7, decimal_places=2, null=True, help_text="As estimated at the moment.")
    impact = models.DecimalField(max_digits=3, decimal_places=2, null=True, help_text="As estimated at the moment.")
    confidence = models.PositiveSmallIntegerField(null=True, help_text="As estimated at the moment, in per cent.")
    rice = models.DecimalField(
        max_digits=18, decimal_places=4, null=True, help_text="Reach × impact × confidence ÷ effort."
    )
    value_per_effort = models.DecimalField(
        max_digits=20, decimal_places=2, null=True, help_text="Score for each person-month."
    )
    survey_answers = models.PositiveIntegerField(default=0, help_text="Respondents, each counted once.")
    opportunity = models.DecimalField(
        max_digits=3, decimal_places=1, null=True, help_text="Importance + max(importance − satisfaction, 0)."
    )

    objects = RankingEntryQuerySet.as_manager()

    class Meta:
        ordering = ["ranking", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["ranking", "rank"], name="ranking_entry_rank_once"),
            models.UniqueConstraint(fields=["ranking", "problem"], name="ranking_entry_problem_once"),
            models.CheckConstraint(condition=Q(rank__gte=1), name="ranking_entry_rank_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. P-{self.problem_id}"

    @property
    def rank_delta(self) -> int | None:
        """Places gained since the snapshot before; None for a newcomer."""
        return None if self.previous_rank is None else self.previous_rank - self.rank
