"""What came in: sources, items, originals."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from feedback.models import FeedbackItem, FeedbackOriginal, Source
from feedback.signals import feedback_ingested


@admin.register(Source)
class SourceAdmin(ModelAdmin):  # type: ignore[misc]
    """The systems that feedback comes from."""

    list_display = ("key", "name", "link")
    search_fields = ("key", "name")


@admin.register(FeedbackItem)
class FeedbackItemAdmin(ModelAdmin):  # type: ignore[misc]
    """Feedback items. Their text is what the customer said: it is read here, not rewritten."""

    list_display = ("__str__", "short_text", "account", "kind", "severity", "state", "said_at")
    list_filter = ("state", "kind", "severity", "language", "source")
    search_fields = ("text", "external_id", "account__name")
    list_select_related = ("account", "source")
    autocomplete_fields = ("account", "contact")
    readonly_fields = ("source", "external_id", "text", "state", "state_reason", "received_at", "updated_at")
    date_hierarchy = "said_at"

    @admin.display(description="Text")
    def short_text(self, item: FeedbackItem) -> str:
        """The first words."""
        return item.text[:90]

    def save_model(self, request: HttpRequest, obj: FeedbackItem, form: Any, change: bool) -> None:  # noqa: FBT001
        """Store, and let the problem be weighed again."""
        super().save_model(request, obj, form, change)
        feedback_ingested.send(sender=FeedbackItem, changed_ids=[obj.pk])

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Items come in through intake."""
        return False


@admin.register(FeedbackOriginal)
class FeedbackOriginalAdmin(ModelAdmin):  # type: ignore[misc]
    """The words as they came in, for those who may see personal data."""

    list_display = ("item", "subject")
    search_fields = ("item__external_id",)
    readonly_fields = ("item", "subject", "body")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Originals come in through intake."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An original goes with its item."""
        return False
