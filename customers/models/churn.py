"""Churn models: trained on the company's own history, each version kept."""

from django.db import models
from django.db.models import Q


class ChurnModel(models.Model):
    """One trained version with its card. At most one is in use; without one the scorecard judges."""

    version = models.PositiveIntegerField(unique=True)
    artefact = models.JSONField(help_text="The model itself, readable: no code is ever loaded from it.")
    card = models.JSONField(help_text="What it was trained on, when, and how well it did on later dates.")
    in_use = models.BooleanField(default=False)
    trained_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["in_use"], condition=Q(in_use=True), name="churn_model_one_in_use"),
            models.CheckConstraint(condition=Q(version__gte=1), name="churn_model_version_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"Churn model {self.version}"
