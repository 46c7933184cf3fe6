"""Mappings: how the columns of a file that comes again and again are read."""

from django.db import models
from django.db.models import Q


class MappingProfile(models.Model):
    """Names of a file's columns to ours, saved under a name."""

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, help_text="What the file holds, such as accounts.")
    system = models.CharField(max_length=40, help_text="Whose file it is, such as crm.")
    columns = models.JSONField(help_text='Theirs to ours: {"Account Name": "name"}.')
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "name"], name="mapping_profile_once_per_kind"),
            models.CheckConstraint(condition=~Q(name=""), name="mapping_profile_has_name"),
            models.CheckConstraint(condition=~Q(system=""), name="mapping_profile_has_system"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.kind})"
