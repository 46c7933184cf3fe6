"""Duplicates in the admin: decide, and take decisions back."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import ModelAdmin

from customers.admin.read_only import ReadOnly
from customers.models import AccountMerge, DuplicateProposal
from customers.services.identity import MergeRefusedError, accounts_merge_undo, duplicate_accept, duplicate_reject


@admin.register(DuplicateProposal)
class DuplicateProposalAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Accounts that may be one company."""

    list_display = ("probability", "left", "right", "why", "state")
    list_filter = ("state",)
    list_select_related = ("left", "right")
    search_fields = ("left__name", "right__name", "left__external_id", "right__external_id")
    actions = ("merge_into_left", "merge_into_right", "two_companies")

    @admin.display(description="why")
    def why(self, proposal: DuplicateProposal) -> str:
        """The strongest reasons."""
        return "; ".join(reason["text"] for reason in proposal.reasons[:3])

    @admin.action(description="One company: keep the left account", permissions=["decide"])
    def merge_into_left(self, request: HttpRequest, proposals: QuerySet[DuplicateProposal]) -> None:
        """Merge each pair into its left account."""
        self._each(request, proposals, keep="left")

    @admin.action(description="One company: keep the right account", permissions=["decide"])
    def merge_into_right(self, request: HttpRequest, proposals: QuerySet[DuplicateProposal]) -> None:
        """Merge each pair into its right account."""
        self._each(request, proposals, keep="right")

    @admin.action(description="Two companies: do not propose again", permissions=["decide"])
    def two_companies(self, request: HttpRequest, proposals: QuerySet[DuplicateProposal]) -> None:
        """Reject each proposal."""
        self._each(request, proposals, keep="")

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Who may change accounts may say which are one."""
        return bool(request.user.has_perm("customers.change_account"))

    def _each(self, request: HttpRequest, proposals: QuerySet[DuplicateProposal], *, keep: str) -> None:
        user: Any = request.user
        done = 0
        for proposal in proposals.select_related("left", "right"):
            try:
                if keep:
                    duplicate_accept(
                        proposal=proposal, kept=getattr(proposal, keep), by=user, today=timezone.localdate()
                    )
                else:
                    duplicate_reject(proposal=proposal, by=user)
            except MergeRefusedError as error:
                messages.warning(request, str(error))
            else:
                done += 1
        messages.success(request, f"{done} decided. A merge is taken back under Account merges.")


@admin.register(AccountMerge)
class AccountMergeAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Merges, each of which can be taken back."""

    list_display = ("kept", "merged", "merged_at", "merged_by", "undone_at")
    list_filter = (("undone_at", admin.EmptyFieldListFilter),)
    list_select_related = ("kept", "merged", "merged_by")
    search_fields = ("kept__name", "merged__name")
    actions = ("take_back",)

    @admin.action(description="Take back", permissions=["decide"])
    def take_back(self, request: HttpRequest, merges: QuerySet[AccountMerge]) -> None:
        """Undo each merge, the newest first."""
        user: Any = request.user
        done = 0
        for merge in merges.order_by("-pk"):
            try:
                accounts_merge_undo(merge=merge, by=user, today=timezone.localdate())
            except MergeRefusedError as error:
                messages.warning(request, str(error))
            else:
                done += 1
        messages.success(request, f"{done} taken back: the accounts are as they were.")

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Who may change accounts may say which are one."""
        return bool(request.user.has_perm("customers.change_account"))
