"""Exchange rates in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from customers.models import ExchangeRate
from customers.signals import customers_changed


@admin.register(ExchangeRate)
class ExchangeRateAdmin(ModelAdmin):  # type: ignore[misc]
    """Dated exchange rates."""

    list_display = ("currency", "valid_from", "per_euro")
    list_filter = ("currency",)

    def save_model(self, request: HttpRequest, obj: ExchangeRate, form: Any, change: bool) -> None:  # noqa: FBT001
        """Store, and let the list be weighed again."""
        super().save_model(request, obj, form, change)
        customers_changed.send(sender=ExchangeRate)
