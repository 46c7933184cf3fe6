"""What systems told us, and what they took back."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from customers.admin.read_only import ReadOnly
from feedback.models import InboundDelivery, Withdrawn
from feedback.services.inbound import inbound_replay

SHOWN_CHARACTERS = 20_000


@admin.register(InboundDelivery)
class InboundDeliveryAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Deliveries. Those that could not be read wait here, with the reason, until somebody has them read again."""

    list_display = ("__str__", "connection", "event", "pulled", "state", "reason", "attempts", "received_at")
    list_filter = ("state", "connection", "pulled")
    list_select_related = ("connection",)
    search_fields = ("external_id", "reason")
    actions = ("replay",)
    fields = (
        "connection",
        "external_id",
        "event",
        "pulled",
        "state",
        "reason",
        "attempts",
        "received_at",
        "worked_at",
        "told",
    )
    readonly_fields = ("told",)

    @admin.display(description="Told")
    def told(self, delivery: InboundDelivery) -> str:
        """As it came, for those who may see personal data."""
        return bytes(delivery.body).decode("utf-8", "replace")[:SHOWN_CHARACTERS]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What customers said is for those who may read originals."""
        may = request.user.has_perm("feedback.view_feedbackoriginal")
        return self.fields if may else tuple(name for name in self.fields if name != "told")

    def has_replay_permission(self, request: HttpRequest) -> bool:
        """Who may change connections may have their deliveries read again."""
        return request.user.has_perm("feedback.change_connection")

    @admin.action(description="Read again (quarantined deliveries)", permissions=["replay"])
    def replay(self, request: HttpRequest, deliveries: QuerySet[InboundDelivery]) -> None:
        """After the mapping was mended, or Heard was upgraded."""
        messages.success(request, f"{inbound_replay(deliveries=deliveries)} deliveries are read again.")


@admin.register(Withdrawn)
class WithdrawnAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Items that their source deleted, read-only: restored there, they come back."""

    list_display = ("external_id", "source", "as_of", "created_at")
    list_filter = ("source",)
    search_fields = ("external_id",)
