"""Keys for programs."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from rest_framework_api_key.admin import APIKeyModelAdmin
from rest_framework_api_key.models import APIKey
from unfold.admin import ModelAdmin

from insights.models import ApiKey
from insights.services.api_keys import KeyEndedError, key_rotate

# The package brings a table of keys too. A key made there would open nothing.
admin.site.unregister(APIKey)


@admin.register(ApiKey)
class ApiKeyAdmin(APIKeyModelAdmin, ModelAdmin):  # type: ignore[misc]
    """API keys: made here, shown once."""

    # The package's admin is typed by the number of its columns.
    list_display = ("prefix", "name", "scope", "created", "last_used_at", "expiry_date", "revoked")  # type: ignore[assignment]
    list_filter = ("scope", "revoked")  # type: ignore[assignment]
    actions = ("rotate",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What the service writes is looked at."""
        return (*super().get_readonly_fields(request, obj), "last_used_at")

    @admin.action(description="Rotate: a new key, the old one works for another day", permissions=["change"])
    def rotate(self, request: HttpRequest, keys: QuerySet[ApiKey]) -> None:
        """Show the new key of each selected one, once."""
        for key in keys:
            try:
                text = key_rotate(key=key)
            except KeyEndedError as error:
                messages.error(request, str(error))
                continue
            messages.warning(request, f"The new key of {key.name} is {text} Store it now: it is not shown again.")
