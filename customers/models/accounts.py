"""Accounts: the companies that pay or may pay."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from customers.querysets import AccountQuerySet

MAX_MONEY = 1_000_000_000_000


class JourneyStage(models.TextChoices):
    """Where an account is on its way with us."""

    PROSPECT = "prospect", "Prospect"
    ONBOARDING = "onboarding", "Onboarding"
    ADOPTING = "adopting", "Adopting"
    RENEWING = "renewing", "Renewing"
    CHURNED = "churned", "Churned"


class AccountFacts(models.Model):
    """The facts that an account has today and that an account state remembers. Blank means unknown, never zero."""

    segment = models.CharField(max_length=40, blank=True)
    plan = models.CharField(max_length=80, blank=True)
    arr = models.DecimalField(
        "annual recurring revenue",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="Per year, in the account's own currency.",
    )
    currency = models.CharField(max_length=3, default="USD", help_text="ISO 4217, such as USD.")
    renewal_date = models.DateField(null=True, blank=True)
    health_score = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(100)])
    nps = models.SmallIntegerField(
        "NPS", null=True, blank=True, validators=[MinValueValidator(-100), MaxValueValidator(100)]
    )
    seats = models.PositiveIntegerField(null=True, blank=True)
    active_seats = models.PositiveIntegerField(null=True, blank=True)
    open_tickets = models.PositiveIntegerField("open support tickets", null=True, blank=True)
    overdue_days = models.PositiveIntegerField("days that open invoices are overdue", null=True, blank=True)
    stage = models.CharField("journey stage", max_length=12, choices=JourneyStage, default=JourneyStage.ADOPTING)
    churned_on = models.DateField(null=True, blank=True)
    churn_risk = models.DecimalField(
        max_digits=5,
        decimal_places=4,
        null=True,
        blank=True,
        editable=False,
        help_text="Probability that the account leaves within 12 months.",
    )

    class Meta:
        abstract = True


# Churn risk follows from the other facts: it is remembered with them, but is no reason to remember anew.
FACT_FIELDS: tuple[str, ...] = tuple(
    field.name for field in AccountFacts._meta.local_fields if field.name != "churn_risk"
)


class Account(AccountFacts):
    """One company. A parent rolls its subsidiaries up into one customer: a family."""

    external_id = models.CharField(max_length=100, unique=True, help_text="The id that your own systems use.")
    name = models.CharField(max_length=200)
    domain = models.CharField(max_length=253, blank=True, help_text="Of the website, such as acme.example.")
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1, such as DE.")
    tax_id = models.CharField("tax or registration number", max_length=40, blank=True)
    owner = models.CharField(max_length=120, blank=True, help_text="Who looks after the account on our side.")
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="subsidiaries")
    reseller = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="resold",
        help_text="The partner who sells to this account. Its revenue stays this account's own.",
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        help_text="The account that this one turned out to be.",
    )
    tenure_months = models.PositiveIntegerField(null=True, blank=True)
    contract_start = models.DateField(null=True, blank=True)
    contract_end = models.DateField(null=True, blank=True)
    lifetime_value = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="What the account has paid so far, in its own currency.",
    )
    pipeline = models.DecimalField(
        "open pipeline",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="What a prospect may come to pay per year.",
    )
    win_probability = models.DecimalField(
        max_digits=4,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    fit = models.DecimalField(
        max_digits=3,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0.5), MaxValueValidator(1)],
        help_text="How well the account fits the market we build for, 0.5 to 1.",
    )
    fit_reasons = models.JSONField(default=list, blank=True, help_text="What speaks for and against the fit.")
    churn_reasons = models.JSONField(
        default=list,
        blank=True,
        editable=False,
        help_text="What moved the churn risk, each reason with its points.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ["name", "external_id"]
        constraints = [
            models.CheckConstraint(condition=~Q(external_id=""), name="account_has_external_id"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="account_is_not_its_own_parent"),
            models.CheckConstraint(condition=~Q(reseller=F("id")), name="account_is_not_its_own_reseller"),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="account_is_not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(contract_start__isnull=True)
                | Q(contract_end__isnull=True)
                | Q(contract_end__gte=F("contract_start")),
                name="account_contract_ends_after_its_start",
            ),
            models.CheckConstraint(
                condition=Q(lifetime_value__isnull=True) | Q(lifetime_value__gte=0, lifetime_value__lt=MAX_MONEY),
                name="account_lifetime_value_in_range",
            ),
            models.CheckConstraint(
                condition=Q(arr__isnull=True) | Q(arr__gte=0, arr__lt=MAX_MONEY), name="account_arr_in_range"
            ),
            models.CheckConstraint(
                condition=Q(pipeline__isnull=True) | Q(pipeline__gte=0, pipeline__lt=MAX_MONEY),
                name="account_pipeline_in_range",
            ),
            models.CheckConstraint(
                condition=Q(win_probability__isnull=True) | Q(win_probability__range=(0, 1)),
                name="account_win_probability_in_range",
            ),
            models.CheckConstraint(condition=Q(fit__isnull=True) | Q(fit__range=(0.5, 1)), name="account_fit_in_range"),
            models.CheckConstraint(
                condition=Q(churn_risk__isnull=True) | Q(churn_risk__range=(0, 1)),
                name="account_churn_risk_in_range",
            ),
            models.CheckConstraint(
                condition=Q(health_score__isnull=True) | Q(health_score__range=(0, 100)),
                name="account_health_score_in_range",
            ),
            models.CheckConstraint(
                condition=Q(nps__isnull=True) | Q(nps__range=(-100, 100)), name="account_nps_in_range"
            ),
            models.CheckConstraint(
                condition=Q(active_seats__isnull=True) | Q(seats__isnull=True) | Q(active_seats__lte=F("seats")),
                name="account_active_seats_within_seats",
            ),
            models.CheckConstraint(
                condition=Q(stage=JourneyStage.CHURNED, churned_on__isnull=False)
                | (~Q(stage=JourneyStage.CHURNED) & Q(churned_on__isnull=True)),
                name="account_churned_stage_has_its_date",
            ),
        ]
        indexes = [
            models.Index(fields=["churned_on"]),
            models.Index(fields=["segment"]),
            models.Index(fields=["domain"]),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.external_id})"

    @property
    def company(self) -> "Account":
        """The account that this one turned out to be, or itself."""
        return self.merged_into or self
