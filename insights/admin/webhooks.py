"""Webhooks: receivers, what they were told, and telling again."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from customers.admin.read_only import ReadOnly
from insights.models import Attempt, Delivery, DeliveryState, Endpoint, Event, EventType
from insights.services.deliveries import body_of, deliveries_replay
from insights.services.endpoints import endpoint_revive, secret_rotate


class EndpointForm(forms.ModelForm):  # type: ignore[type-arg]
    """An endpoint with its events as boxes to tick."""

    events = forms.MultipleChoiceField(choices=EventType, widget=UnfoldAdminCheckboxSelectMultipleWidget)

    class Meta:
        model = Endpoint
        fields = ("name", "url", "events", "enabled")


@admin.register(Endpoint)
class EndpointAdmin(ModelAdmin):  # type: ignore[misc]
    """Receivers. A secret is shown once, when it is made."""

    form = EndpointForm
    list_display = ("name", "url", "enabled", "failing_since", "retry_at", "disabled_reason")
    list_filter = ("enabled",)
    search_fields = ("name", "url")
    readonly_fields = ("failures", "failing_since", "retry_at", "disabled_reason", "old_secret_until", "created_at")
    actions = ("rotate", "send_failed")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, with a notice for each endpoint that was switched off because it failed."""
        for endpoint in Endpoint.objects.filter(enabled=False).exclude(disabled_reason=""):
            messages.error(
                request,
                f"{endpoint} is switched off. {endpoint.disabled_reason} Mend the receiver, then tick Enabled: "
                "what waits is sent.",
            )
        answer: HttpResponse = super().changelist_view(request, extra_context)
        return answer

    def save_model(self, request: HttpRequest, obj: Endpoint, form: Any, change: bool) -> None:  # noqa: FBT001
        """A new endpoint gets its secret; one that is enabled again, or moved, starts afresh."""
        super().save_model(request, obj, form, change)
        if not change:
            self._show_new_secret(request, obj)
        elif {"enabled", "url"} & set(form.changed_data):
            endpoint_revive(endpoint=obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, set[str], Any]:
        """What goes with an endpoint. Its deliveries, which nobody deletes by hand, do not hold it."""
        to_delete, counts, _needed, protected = super().get_deleted_objects(objs, request)
        return to_delete, counts, set(), protected

    @admin.action(description="Rotate the secret: the old one signs for another day", permissions=["change"])
    def rotate(self, request: HttpRequest, endpoints: QuerySet[Endpoint]) -> None:
        """Show the new secret of each selected one, once."""
        for endpoint in endpoints:
            self._show_new_secret(request, endpoint)

    @admin.action(description="Send again what was given up", permissions=["change"])
    def send_failed(self, request: HttpRequest, endpoints: QuerySet[Endpoint]) -> None:
        """Replay the failed deliveries of the selected ones."""
        failed = Delivery.objects.filter(endpoint__in=endpoints, state=DeliveryState.FAILED)
        messages.success(request, f"{deliveries_replay(deliveries=failed)} deliveries queued again.")

    def _show_new_secret(self, request: HttpRequest, endpoint: Endpoint) -> None:
        secret = secret_rotate(endpoint=endpoint)
        messages.warning(request, f"The secret of {endpoint} is {secret} Store it now: it is not shown again.")


@admin.register(Event)
class EventAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """What happened."""

    list_display = ("uid", "type", "subject", "created_at")
    list_filter = ("type",)
    search_fields = ("uid", "subject")


class AttemptInline(ReadOnly, TabularInline):  # type: ignore[misc]
    """The calls of a delivery."""

    model = Attempt
    extra = 0
    fields = ("made_at", "status", "seconds", "error", "answer")


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Events on their way to endpoints."""

    list_display = ("event", "endpoint", "state", "attempts", "due_at", "finished_at")
    list_filter = ("state", "endpoint", "event__type")
    list_select_related = ("event", "endpoint")
    search_fields = ("event__uid", "event__subject")
    inlines = (AttemptInline,)
    readonly_fields = ("body",)
    actions = ("replay",)

    @admin.display(description="Body")
    def body(self, delivery: Delivery) -> str:
        """What is sent."""
        return body_of(delivery.event)

    @admin.action(description="Send again", permissions=["replay"])
    def replay(self, request: HttpRequest, deliveries: QuerySet[Delivery]) -> None:
        """Queue the selected deliveries once more."""
        messages.success(request, f"{deliveries_replay(deliveries=deliveries)} deliveries queued again.")

    def has_replay_permission(self, request: HttpRequest) -> bool:
        """Who may change endpoints may have them told again."""
        return bool(request.user.has_perm("insights.change_endpoint"))
