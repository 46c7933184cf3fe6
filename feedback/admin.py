"""Feedback in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from customers.admin.read_only import ReadOnly
from feedback.models import FeedbackItem, FeedbackOriginal, IdempotentRequest, Job, MappingProfile, Source
from feedback.services.jobs import job_replay
from feedback.signals import feedback_ingested


@admin.register(Source)
class SourceAdmin(ModelAdmin):  # type: ignore[misc]
    """The systems that feedback comes from."""

    list_display = ("key", "name")
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


@admin.register(Job)
class JobAdmin(ModelAdmin):  # type: ignore[misc]
    """Background work: what waits, what runs, what is set aside and why."""

    list_display = ("__str__", "state", "done", "total", "attempts", "created_at", "finished_at", "error")
    list_filter = ("state", "kind")
    actions = ("run_again",)
    readonly_fields = tuple(field.name for field in Job._meta.fields)

    @admin.action(description="Run again (quarantined jobs)")
    def run_again(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        """Queue the selected quarantined jobs again."""
        for job in jobs:
            job_replay(job=job)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Jobs are queued by the work that needs them."""
        return False


@admin.register(MappingProfile)
class MappingProfileAdmin(ModelAdmin):  # type: ignore[misc]
    """Saved mappings of files."""

    list_display = ("name", "kind", "system", "updated_at")
    list_filter = ("kind", "system")


@admin.register(IdempotentRequest)
class IdempotentRequestAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Writes under an Idempotency-Key of the last day, read-only."""

    list_display = ("caller", "key", "status", "started_at")
    list_filter = ("status",)
    search_fields = ("caller", "key")
