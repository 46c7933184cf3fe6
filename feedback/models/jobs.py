"""Jobs: what background work is due. The row is the truth; a broker message is only a doorbell."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from feedback.querysets import JobQuerySet


class JobState(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    QUARANTINED = "quarantined", "Quarantined"


class Job(models.Model):
    """One piece of due work, leased by one worker at a time."""

    kind = models.CharField(max_length=40)
    key = models.CharField(
        max_length=200,
        blank=True,
        help_text="Of the jobs of a kind that wait under one key there is only one.",
    )
    payload = models.JSONField(default=dict, blank=True)
    priority = models.PositiveSmallIntegerField(default=50, help_text="Lower starts first.")
    state = models.CharField(max_length=12, choices=JobState, default=JobState.QUEUED)
    attempts = models.PositiveSmallIntegerField(
        default=0, help_text="Starts since the last progress, counted before the work begins."
    )
    due_at = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=Q(state="queued") & ~Q(key=""),
                name="job_waits_once_per_key",
            ),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_until__isnull=False, lease_token__isnull=False),
                name="job_running_holds_a_lease",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"]), models.Index(fields=["state", "lease_until"])]

    def __str__(self) -> str:
        return f"{self.kind} job {self.pk}"
