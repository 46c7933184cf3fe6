"""Discovery cards."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from customers.admin.read_only import ReadOnly
from insights.models import DiscoveryAnswer


@admin.register(DiscoveryAnswer)
class DiscoveryAnswerAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Every answer that was ever given; the newest to a question counts. They are given on the problem's page."""

    list_display = ("problem", "question", "text", "author", "answered_at")
    list_filter = ("question",)
    list_select_related = ("problem", "author")
