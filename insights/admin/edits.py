"""What people set on problems by hand."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from customers.admin.read_only import ReadOnly
from insights.models import ProblemEdit


@admin.register(ProblemEdit)
class ProblemEditAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Edits, to look at: they are undone where they were made."""

    list_display = ("pk", "author", "made_at", "undone_at", "after")
    list_select_related = ("author",)
