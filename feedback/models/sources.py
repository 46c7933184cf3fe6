"""Sources: the systems that feedback comes from."""

from django.db import models
from django.db.models import Q


class Source(models.Model):
    """One system, such as a help desk."""

    key = models.SlugField(max_length=50, unique=True)
    name = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["key"]
        constraints = [models.CheckConstraint(condition=~Q(key=""), name="source_has_key")]

    def __str__(self) -> str:
        return self.name or self.key
