"""Corrections, proposals and questions: what people decide about the grouping."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from customers.admin.read_only import ReadOnly
from insights.models import Correction, Proposal, Question
from insights.services.bindings import CorrectionRefusedError
from insights.services.corrections import correction_undo
from insights.services.evidence import shortened
from insights.services.proposals import AlreadyDecidedError, proposal_accept, proposal_reject, question_answer


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
