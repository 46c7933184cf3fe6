"""What agents logged."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from customers.admin.read_only import ReadOnly
from feedback.models import LoggedItem


@admin.register(LoggedItem)
class LoggedItemAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Who logged which item, and where it was said. Agents log on the desk, and take back there what was a mistake."""

    list_display = ("item", "author", "link", "logged_at")
    search_fields = ("item__text", "link")
    list_select_related = ("item", "author")
