"""How it comes in: jobs, mappings of files, requests that may be sent again."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from customers.admin.read_only import ReadOnly
from feedback.models import IdempotentRequest, Job, MappingProfile
from feedback.services.jobs import job_replay


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
