"""Whom to believe when systems disagree."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from customers.admin.read_only import ReadOnly
from customers.models import SystemAccount, SystemPriority


@admin.register(SystemPriority)
class SystemPriorityAdmin(ModelAdmin):  # type: ignore[misc]
    """Priorities. They hold from the next word of a system on."""

    list_display = ("system", "field", "priority")
    list_filter = ("system",)


@admin.register(SystemAccount)
class SystemAccountAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """What each system says of each company, read-only."""

    list_display = ("system", "external_id", "account", "updated_at")
    list_filter = ("system",)
    list_select_related = ("account",)
    search_fields = ("external_id", "account__name")
