"""What a score weighs by, version after version."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

# The least and the most of each weight.
RANGES: dict[str, tuple[int, int]] = {
    "churn_weight": (0, 10),
    "half_life_days": (1, 3650),
    "severity_blocking": (0, 1),
    "severity_high": (0, 1),
    "severity_medium": (0, 1),
    "severity_unknown": (0, 1),
    "severity_low": (0, 1),
    "role_buyer": (0, 1),
    "role_champion": (0, 1),
    "role_admin": (0, 1),
    "role_user": (0, 1),
    "role_unknown": (0, 1),
    "free_floor_share": (0, 1),
}
OF_AN_ITEM = "How much of an item counts: 0 is nothing, 1 all of it."


def _weight(name: str, help_text: str, label: str | None = None) -> "models.DecimalField[Decimal, Decimal]":
    low, high = RANGES[name]
    said = f"From {low} to {high:,}."
    return models.DecimalField(
        label,
        max_digits=8,
        decimal_places=4,
        help_text=f"{help_text} {said}",
        validators=[MinValueValidator(low, said), MaxValueValidator(high, said)],
    )


class WeightsVersion(models.Model):
    """The weights from one change to the next. Never edited: a change is a version of its own."""

    number = models.PositiveIntegerField(unique=True, editable=False)
    churn_weight = _weight(
        "churn_weight",
        "How much a risk to leave raises a customer near its renewal. With 2, one that is sure to leave counts three "
        "times as much as one that is sure to stay; with 0, risk does not count.",
    )
    half_life_days = _weight(
        "half_life_days", "After so many days a request that nobody repeated counts half.", "half-life in days"
    )
    severity_blocking = _weight("severity_blocking", OF_AN_ITEM)
    severity_high = _weight("severity_high", OF_AN_ITEM)
    severity_medium = _weight("severity_medium", OF_AN_ITEM)
    severity_unknown = _weight(
        "severity_unknown", f"{OF_AN_ITEM} Silence is nearer to medium than to low: few people fill it in."
    )
    severity_low = _weight("severity_low", OF_AN_ITEM)
    role_buyer = _weight("role_buyer", f"{OF_AN_ITEM} Buyers and champions decide about the renewal.")
    role_champion = _weight("role_champion", OF_AN_ITEM)
    role_admin = _weight("role_admin", f"{OF_AN_ITEM} Admins run the product.")
    role_user = _weight("role_user", f"{OF_AN_ITEM} Users use it.")
    role_unknown = _weight("role_unknown", OF_AN_ITEM)
    free_floor_share = _weight(
        "free_floor_share",
        "What an account without revenue counts, as a share of the median revenue of paying ones. With 0.01, a hundred "
        "of them weigh as much as one that pays.",
        "floor for free accounts",
    )
    reason = models.CharField(max_length=500, help_text="Why they were changed: for whoever reads the list later.")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        verbose_name = "version of weights"
        verbose_name_plural = "weights"
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1), name="weights_number_from_one"),
            models.CheckConstraint(condition=~Q(reason=""), name="weights_have_a_reason"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__gte": low, f"{name}__lte": high}), name=f"weights_{name}_in_range"
                )
                for name, (low, high) in RANGES.items()
            ),
        ]

    def __str__(self) -> str:
        return f"Weights {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new version.

        Raises:
            TypeError: it is already stored.
        """
        if self.pk is not None:
            raise TypeError("Weights are append-only: publish a new version.")
        super().save(*args, **kwargs)
