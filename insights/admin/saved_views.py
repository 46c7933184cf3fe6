"""Saved views of the list."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from customers.admin.read_only import ReadOnly
from insights.models import SavedView


@admin.register(SavedView)
class SavedViewAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Who saved which view: they are made and taken away above the list."""

    list_display = ("name", "author", "query", "created_at")
    list_select_related = ("author",)
