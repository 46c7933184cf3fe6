"""Dated facts in the admin."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from customers.admin.read_only import ReadOnly
from customers.models import ChurnEvent, Invoice, NpsAnswer, UsageReading


@admin.register(UsageReading)
class UsageReadingAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Seats in use, read-only."""

    list_display = ("account", "measured_on", "active_seats", "seats", "system")
    list_filter = ("system",)
    list_select_related = ("account",)
    search_fields = ("account__name", "account__external_id")
    date_hierarchy = "measured_on"


@admin.register(NpsAnswer)
class NpsAnswerAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """NPS answers, read-only."""

    list_display = ("account", "answered_on", "score", "comment", "system")
    list_filter = ("score", "system")
    list_select_related = ("account",)
    search_fields = ("account__name", "external_id")
    date_hierarchy = "answered_on"


@admin.register(Invoice)
class InvoiceAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Invoices, read-only."""

    list_display = ("number", "account", "amount", "currency", "due_on", "paid_on", "system")
    list_filter = ("currency", "system", ("paid_on", admin.EmptyFieldListFilter))
    list_select_related = ("account",)
    search_fields = ("number", "account__name")
    date_hierarchy = "due_on"


@admin.register(ChurnEvent)
class ChurnEventAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Accounts that left or returned, read-only."""

    list_display = ("account", "happened_on", "kind", "reason", "system")
    list_filter = ("kind",)
    list_select_related = ("account",)
    search_fields = ("account__name", "reason")
    date_hierarchy = "happened_on"
