"""Saved views: the list as somebody likes to look at it, under a name."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class SavedView(models.Model):
    """A name for filters, columns and an order. Everybody sees it; its author and administrators take it away."""

    name = models.CharField(max_length=60, unique=True)
    query = models.CharField(max_length=2000, help_text="The address of the list behind its question mark.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_name")]

    def __str__(self) -> str:
        return self.name
