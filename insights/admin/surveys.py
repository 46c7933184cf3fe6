"""Answers of surveys, as they came in or as somebody types them."""

from typing import Any
from uuid import uuid4

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from customers.services.provenance import BY_HAND
from insights.models import SurveyAnswer
from insights.services.surveys import survey_answers_touch


@admin.register(SurveyAnswer)
class SurveyAnswerAdmin(ModelAdmin):  # type: ignore[misc]
    """Answers of surveys. One that is typed here gets an id of its own."""

    list_display = ("problem", "contact", "account", "importance", "satisfaction", "asked_on", "system")
    list_filter = ("system",)
    list_select_related = ("problem", "contact", "account")
    search_fields = ("external_id", "problem__title", "contact__email", "account__name")
    autocomplete_fields = ("problem", "contact", "account")
    readonly_fields = ("system", "external_id")

    def save_model(self, request: HttpRequest, obj: SurveyAnswer, form: Any, change: bool) -> None:  # noqa: FBT001
        """What the answer counts for, and what it counted for before, is ranked again."""
        if not change:
            obj.system, obj.external_id = BY_HAND, uuid4().hex
        super().save_model(request, obj, form, change)
        before = {form.initial["problem"]} if change else set()
        survey_answers_touch(problem_ids={obj.problem_id} | before)

    def delete_model(self, request: HttpRequest, obj: SurveyAnswer) -> None:
        """It no longer counts."""
        super().delete_model(request, obj)
        survey_answers_touch(problem_ids=[obj.problem_id])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[SurveyAnswer]) -> None:
        """They no longer count."""
        problems = set(queryset.order_by().values_list("problem_id", flat=True))
        super().delete_queryset(request, queryset)
        survey_answers_touch(problem_ids=problems)
