"""Requests that a program may send again: what they asked, and what was answered."""

from django.db import models
from django.utils import timezone


class IdempotentRequest(models.Model):
    """One write under an `Idempotency-Key`. `status` is null while the work goes on."""

    caller = models.CharField(max_length=200, help_text="The API key or the person who asked.")
    key = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64, help_text="Hash of method, address and body.")
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True, help_text="The answer as JSON.")
    started_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["caller", "key"], name="idempotent_request_once_per_caller"),
        ]

    def __str__(self) -> str:
        return f"{self.caller}: {self.key}"
