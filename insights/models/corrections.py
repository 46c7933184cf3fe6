"""Corrections: what people decided about the grouping. Append-only, undoable, binding for every run."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from insights.querysets import CorrectionQuerySet


class CorrectionKind(models.TextChoices):
    """What was decided."""

    SAME = "same", "Same problem"
    NOT_SAME = "not_same", "Not the same problem"
    MOVE = "move", "Move"
    MERGE = "merge", "Merge"
    SPLIT = "split", "Split"
    RENAME = "rename", "Rename"


class Correction(models.Model):
    """One human decision. Never edited: undoing it is a mark of its own."""

    kind = models.CharField(max_length=10, choices=CorrectionKind)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    problem = models.ForeignKey(
        "insights.Problem", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    together = models.JSONField(default=list, help_text="Pairs of item ids that share a problem.")
    apart = models.JSONField(default=list, help_text="Pairs of item ids that do not.")
    pins = models.JSONField(default=list, help_text="Pairs of an item id and the problem that it belongs to.")
    before = models.JSONField(default=dict, help_text="What undoing brings back.")

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CorrectionKind.values), name="correction_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.pk})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new correction.

        Raises:
            TypeError: it is already stored.
        """
        if self.pk is not None:
            raise TypeError("Corrections are append-only: undo this one and make another.")
        super().save(*args, **kwargs)
