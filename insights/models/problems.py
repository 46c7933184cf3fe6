"""Problems, the themes that they belong to, and the items that belong to them."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from insights.querysets import MembershipQuerySet, ProblemQuerySet

GAP = "…"
# RICE's own steps: whoever may write any number argues about numbers.
IMPACTS = [
    (Decimal("3.00"), "3, massive"),
    (Decimal("2.00"), "2, high"),
    (Decimal("1.00"), "1, medium"),
    (Decimal("0.50"), "0.5, low"),
    (Decimal("0.25"), "0.25, minimal"),
]
CONFIDENCES = [(100, "100 %, high"), (80, "80 %, medium"), (50, "50 %, low")]
LEAST_EFFORT = Decimal("0.01")


class Status(models.TextChoices):
    """How far product work on a problem has come."""

    NEW = "new", "New"
    CONFIRMED = "confirmed", "Confirmed"
    PLANNED = "planned", "Planned"
    IN_PROGRESS = "in_progress", "In progress"
    SHIPPED = "shipped", "Shipped"
    DECLINED = "declined", "Declined"


class Author(models.TextChoices):
    """Who decided something: the engine or a person. The engine never overrules a person."""

    ENGINE = "engine", "Engine"
    PERSON = "person", "Person"


class Theme(models.Model):
    """A named group of problems."""

    name = models.CharField(max_length=120, unique=True)
    named_by = models.CharField(max_length=6, choices=Author, default=Author.ENGINE)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="theme_has_name"),
            models.CheckConstraint(condition=Q(named_by__in=Author.values), name="theme_author_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Problem(models.Model):
    """The job behind many items. Its key is its row number, which the database never gives twice."""

    title = models.CharField(max_length=200)
    titled_by = models.CharField(max_length=6, choices=Author, default=Author.ENGINE)
    job_when = models.CharField("when …", max_length=300, blank=True)
    job_want = models.CharField("I want …", max_length=300, blank=True)
    job_so = models.CharField("so I can …", max_length=300, blank=True)
    job_by = models.CharField(max_length=6, choices=Author, default=Author.ENGINE)
    status = models.CharField(max_length=12, choices=Status, default=Status.NEW)
    theme = models.ForeignKey(Theme, on_delete=models.SET_NULL, null=True, blank=True, related_name="problems")
    themed_by = models.CharField(max_length=6, choices=Author, default=Author.ENGINE)
    area = models.CharField(
        "product area", max_length=60, blank=True, help_text="Which part of the product it concerns; set by people."
    )
    effort = models.DecimalField(
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(LEAST_EFFORT)],
        help_text="Estimate: person-months to solve it, more than 0.",
    )
    impact = models.DecimalField(
        max_digits=3,
        decimal_places=2,
        null=True,
        blank=True,
        choices=IMPACTS,
        help_text="Estimate: how much solving it does for each customer who asks (RICE).",
    )
    confidence = models.PositiveSmallIntegerField(
        null=True, blank=True, choices=CONFIDENCES, help_text="Estimate: how sure these estimates are (RICE)."
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who looks after it.",
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", editable=False
    )
    vector_sum = models.BinaryField(
        default=bytes,
        editable=False,
        help_text="Sum of the members' centred vectors at the last run, float32 bytes; empty when it had none.",
    )
    vector_count = models.PositiveIntegerField(default=0, editable=False, help_text="How many vectors the sum holds.")
    usual = models.FloatField(default=1.0, editable=False, help_text="Mean cosine between the members at the last run.")
    map_x = models.FloatField(null=True, editable=False, help_text="Place on the map, 0 to 1; none before a run.")
    map_y = models.FloatField(null=True, editable=False, help_text="Place on the map, 0 to 1; none before a run.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="problem_has_title"),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="problem_is_not_merged_into_itself"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="problem_status_known"),
            models.CheckConstraint(condition=Q(effort__isnull=True) | Q(effort__gt=0), name="problem_effort_positive"),
            models.CheckConstraint(
                condition=Q(impact__isnull=True) | Q(impact__in=[impact for impact, _ in IMPACTS]),
                name="problem_impact_known",
            ),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__in=[percent for percent, _ in CONFIDENCES]),
                name="problem_confidence_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.title}"

    @property
    def key(self) -> str:
        """The permanent key, such as `P-12`."""
        return f"P-{self.pk}"

    def family(self) -> set[int]:
        """The ids of this problem and of all that became part of it."""
        found, fresh = {self.pk}, {self.pk}
        while fresh:
            below = Problem.objects.filter(merged_into__in=fresh).values_list("pk", flat=True)
            fresh = set(below) - found
            found |= fresh
        return found

    @property
    def job_statement(self) -> str:
        """When …, I want …, so I can …, a gap left visible where the evidence says nothing; blank when all is gap."""
        if not (self.job_when or self.job_want or self.job_so):
            return ""
        end = "." if self.job_so else ""
        return f"When {self.job_when or GAP}, I want {self.job_want or GAP}, so I can {self.job_so or GAP}{end}"


class Membership(models.Model):
    """One item belongs to one problem."""

    item = models.OneToOneField("feedback.FeedbackItem", on_delete=models.CASCADE, related_name="membership")
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="memberships")
    confidence = models.FloatField(
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="Probability that the item belongs here.",
    )
    placed_by = models.CharField(max_length=6, choices=Author, default=Author.ENGINE)
    placed_at = models.DateTimeField(default=timezone.now)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(confidence__range=(0, 1)), name="membership_confidence_in_range"),
            models.CheckConstraint(condition=Q(placed_by__in=Author.values), name="membership_author_known"),
        ]
        # The list quotes the surest few of each of its problems, which may have thousands.
        indexes = [models.Index(fields=["problem", "-confidence", "item"], name="membership_surest")]

    def __str__(self) -> str:
        return f"{self.item_id} in P-{self.problem_id}"

    @property
    def pinned(self) -> bool:
        """Whether a person put the item here: then no run moves it."""
        return self.placed_by == Author.PERSON
