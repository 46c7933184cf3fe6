"""API keys: hashed, scoped, with an end date."""

from django.db import models
from rest_framework_api_key.models import AbstractAPIKey


class Scope(models.TextChoices):
    """What a key may do."""

    READ = "read", "Read"
    WRITE = "write", "Read and write"


class ApiKey(AbstractAPIKey):
    """A key for a program. Only its hash is stored: the key itself is shown once, when it is made."""

    scope = models.CharField(max_length=20, choices=Scope, default=Scope.READ)
    last_used_at = models.DateTimeField(null=True, editable=False, help_text="To the minute.")

    class Meta(AbstractAPIKey.Meta):
        verbose_name = "API key"
        verbose_name_plural = "API keys"
        constraints = [
            models.CheckConstraint(condition=models.Q(scope__in=Scope.values), name="api_key_scope_known"),
        ]
