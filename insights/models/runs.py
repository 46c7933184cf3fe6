"""Runs: one regrouping each, published whole or not at all."""

from django.db import models
from django.db.models import Q

from insights.querysets import RunQuerySet


class RunState(models.TextChoices):
    """How a run stands."""

    RUNNING = "running", "Running"
    PUBLISHED = "published", "Published"
    FAILED = "failed", "Failed"


class Run(models.Model):
    """One regrouping: what it was run with, what it found, how it ended."""

    state = models.CharField(max_length=10, choices=RunState, default=RunState.RUNNING)
    model = models.CharField(max_length=100, help_text="Name and fingerprint of the embedding model.")
    figures = models.JSONField(default=dict, help_text="Items, problems, unplaced items, seconds.")
    lease_token = models.UUIDField(null=True, editable=False, help_text="The lease of the job that does the run.")
    centre = models.BinaryField(default=bytes, help_text="The corpus mean that was subtracted, float32 bytes.")
    learned_map = models.BinaryField(
        default=bytes,
        help_text="The linear map that answers taught, float32 bytes, d × d; empty for none.",
    )
    error = models.TextField(blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="running"), name="run_one_at_a_time"),
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="run_state_known"),
        ]

    def __str__(self) -> str:
        return f"Run {self.pk} ({self.state})"
