"""Saved what-ifs."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from customers.admin.read_only import ReadOnly
from insights.models import Scenario


@admin.register(Scenario)
class ScenarioAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Scenarios, to look at: they are made where they are seen at work."""

    list_display = ("name", "segment", "prospects", "author", "updated_at")
    list_select_related = ("author",)
    search_fields = ("name",)
