"""Who was told what."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from customers.admin.read_only import ReadOnly
from insights.models import Told


@admin.register(Told)
class ToldAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """People who were told what became of a problem, with the letters as they read them."""

    list_display = ("email", "problem", "news", "state", "author", "created_at", "settled_at")
    list_filter = ("state", "news")
    search_fields = ("email", "problem__title")
    list_select_related = ("problem", "author")
