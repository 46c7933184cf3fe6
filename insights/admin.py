"""Problems, runs, rankings and API keys in the admin."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from rest_framework_api_key.admin import APIKeyModelAdmin
from unfold.admin import ModelAdmin, TabularInline

from insights.models import (
    ApiKey,
    Correction,
    Embedding,
    Membership,
    Problem,
    Proposal,
    Question,
    Ranking,
    RankingEntry,
    Receipt,
    ReceiptLine,
    Run,
    Theme,
)
from insights.models.problems import Author
from insights.services.corrections import CorrectionRefusedError, correction_undo
from insights.services.evidence import shortened
from insights.services.proposals import AlreadyDecidedError, proposal_accept, proposal_reject, question_answer


class ReadOnly:
    """Rows that services write: looked at here, never edited."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False


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
        super().save_model(request, obj, form, change)


@admin.register(Problem)
class ProblemAdmin(ModelAdmin):  # type: ignore[misc]
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
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A key is permanent."""
        return False


@admin.register(Membership)
class MembershipAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Which item belongs where."""

    list_display = ("item", "problem", "confidence", "placed_by", "placed_at")
    list_filter = ("placed_by",)
    list_select_related = ("item", "problem")


@admin.register(Embedding)
class EmbeddingAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Embeddings by model."""

    list_display = ("__str__", "model")
    list_filter = ("model",)


@admin.register(Run)
class RunAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Regroupings and how they ended."""

    list_display = ("pk", "state", "model", "figures", "started_at", "finished_at", "error")
    list_filter = ("state",)
    exclude = ("centre", "learned_map")


class RankingEntryInline(ReadOnly, TabularInline):  # type: ignore[misc]
    """The rows of a snapshot."""

    model = RankingEntry
    extra = 0
    fields = ("rank", "problem", "score", "customers", "items", "arr_total", "revenue_at_risk")


@admin.register(Ranking)
class RankingAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Snapshots of the ranked list."""

    list_display = ("number", "computed_at", "weights_version", "items", "placed", "unplaced", "quarantined")
    inlines = (RankingEntryInline,)


class ReceiptLineInline(ReadOnly, TabularInline):  # type: ignore[misc]
    """What adds up."""

    model = ReceiptLine
    extra = 0


@admin.register(Receipt)
class ReceiptAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Receipts."""

    list_display = ("pk", "problem", "score", "created_at")
    list_select_related = ("problem",)
    inlines = (ReceiptLineInline,)


@admin.register(ApiKey)
class ApiKeyAdmin(APIKeyModelAdmin, ModelAdmin):  # type: ignore[misc]
    """API keys: made here, shown once."""

    list_display = ("prefix", "name", "scope", "created", "expiry_date", "revoked")


def _decided(request: HttpRequest, decidables: QuerySet[Any], decide: Callable[[Any, User], object]) -> None:
    """Decide each of the selected rows, and say which could not be."""
    for decidable in decidables:
        try:
            decide(decidable, cast("User", request.user))
        except (AlreadyDecidedError, CorrectionRefusedError) as refused:
            messages.error(request, str(refused))


@admin.register(Correction)
class CorrectionAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """What people decided about the grouping."""

    list_display = ("__str__", "problem", "author", "made_at", "undone_at")
    list_filter = ("kind",)
    list_select_related = ("problem", "author")
    actions = ("undo",)

    @admin.action(description="Undo")
    def undo(self, request: HttpRequest, corrections: QuerySet[Correction]) -> None:
        """Take the selected corrections back, the latest first."""
        _decided(request, corrections.order_by("-pk"), lambda one, _by: correction_undo(correction=one))


@admin.register(Proposal)
class ProposalAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Changes that the engine suggests."""

    list_display = ("__str__", "problem", "target", "gain", "state", "decided_by")
    list_filter = ("state", "kind")
    list_select_related = ("problem", "target", "decided_by")
    actions = ("accept", "reject")

    @admin.action(description="Accept")
    def accept(self, request: HttpRequest, proposals: QuerySet[Proposal]) -> None:
        """Do what the selected proposals say."""
        _decided(request, proposals, lambda one, by: proposal_accept(proposal=one, author=by))

    @admin.action(description="Reject")
    def reject(self, request: HttpRequest, proposals: QuerySet[Proposal]) -> None:
        """Leave everything as it is."""
        _decided(request, proposals, lambda one, by: proposal_reject(proposal=one, author=by))


@admin.register(Question)
class QuestionAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Two quotes: the same problem?"""

    list_display = ("first_quote", "second_quote", "gain", "state", "decided_by")
    list_filter = ("state",)
    list_select_related = ("item", "other", "decided_by")
    actions = ("same", "not_same")

    @admin.display(description="One")
    def first_quote(self, question: Question) -> str:
        """What one customer said."""
        return shortened(question.item.text)

    @admin.display(description="Other")
    def second_quote(self, question: Question) -> str:
        """What another said."""
        return shortened(question.other.text)

    @admin.action(description="Same problem")
    def same(self, request: HttpRequest, questions: QuerySet[Question]) -> None:
        """Yes."""
        _decided(request, questions, lambda one, by: question_answer(question=one, same=True, author=by))

    @admin.action(description="Not the same problem")
    def not_same(self, request: HttpRequest, questions: QuerySet[Question]) -> None:
        """No."""
        _decided(request, questions, lambda one, by: question_answer(question=one, same=False, author=by))
