"""Edits: what people set on problems by hand, apart from the grouping. Append-only, undoable."""

from typing import Any

from django.conf import settings
from django.db import models

from insights.querysets import ProblemEditQuerySet


class ProblemEdit(models.Model):
    """One change of some fields of one or many problems. Never edited: undoing it is a mark of its own."""

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    problems = models.ManyToManyField("insights.Problem", related_name="edits")
    before = models.JSONField(help_text="What undoing brings back: by the problem's number, the fields that changed.")
    after = models.JSONField(help_text="The fields that were set.")

    objects = ProblemEditQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Edit {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new edit.

        Raises:
            TypeError: it is already stored.
        """
        if self.pk is not None:
            raise TypeError("Edits are append-only: undo this one and make another.")
        super().save(*args, **kwargs)
