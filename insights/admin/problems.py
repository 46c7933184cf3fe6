"""Themes, problems and what belongs to them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from customers.admin.read_only import ReadOnly
from insights.admin.jira import JiraOnProblem
from insights.models import Membership, Problem, Theme
from insights.models.problems import Author
from insights.services.due import rank_queue
from insights.services.outbox import problems_watched
from insights.services.touching import problems_touch


@admin.register(Theme)
class ThemeAdmin(ModelAdmin):  # type: ignore[misc]
    """Themes."""

    search_fields = ("name",)
    list_display = ("name", "named_by")
    readonly_fields = ("named_by",)

    def save_model(self, request: HttpRequest, obj: Theme, form: Any, change: bool) -> None:  # noqa: FBT001
        """A name that a person gave stays, even when nothing belongs to the theme."""
        if "name" in form.changed_data:
            obj.named_by = Author.PERSON
        with problems_watched():
            super().save_model(request, obj, form, change)


@admin.register(Problem)
class ProblemAdmin(JiraOnProblem, ModelAdmin):  # type: ignore[misc]
    """Problems. They are never deleted: their keys live on in other tools."""

    list_display = ("key", "title", "status", "theme", "created_at")
    list_filter = ("status", "theme")
    search_fields = ("title",)
    list_select_related = ("theme",)
    autocomplete_fields = ("theme",)
    readonly_fields = ("titled_by", "themed_by", "job_by", "merged_into", "created_at", "updated_at")

    def save_model(self, request: HttpRequest, obj: Problem, form: Any, change: bool) -> None:  # noqa: FBT001
        """What a person wrote, no run rewrites."""
        if "title" in form.changed_data:
            obj.titled_by = Author.PERSON
        if "theme" in form.changed_data:
            obj.themed_by = Author.PERSON
        if {"job_when", "job_want", "job_so"} & set(form.changed_data):
            obj.job_by = Author.PERSON
        with problems_watched():
            super().save_model(request, obj, form, change)
        if {"effort", "impact", "confidence"} & set(form.changed_data):
            problems_touch(problem_ids=[obj.pk])
            rank_queue()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A key is permanent."""
        return False


@admin.register(Membership)
class MembershipAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Which item belongs where."""

    list_display = ("item", "problem", "confidence", "placed_by", "placed_at")
    list_filter = ("placed_by",)
    list_select_related = ("item", "problem")
