"""Connections: the systems that feedback comes from by itself."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminPasswordWidget

from feedback.models import Connection
from feedback.services.connections import (
    connection_restart,
    connection_revive,
    connection_secret_make,
    connection_secret_set,
    connection_token_set,
)
from feedback.sources.registry import SYSTEMS

LOGINS = "; ".join(f"{one.label}: {one.pull.login_hint}" for one in SYSTEMS.values() if one.pull)
TOKENS = "; ".join(f"{one.label}: {one.pull.key_hint}" for one in SYSTEMS.values() if one.pull)
STORED = "Stored encrypted and never shown; blank leaves it as it is."


class ConnectionForm(forms.ModelForm):  # type: ignore[type-arg]
    """A connection with its secret and its token, which are written and never shown."""

    new_secret = forms.CharField(
        label="Signing secret",
        required=False,
        strip=True,
        max_length=1000,
        widget=UnfoldAdminPasswordWidget,
        help_text=f"That the system shows for its webhook; for 24 hours the one before is accepted too. {STORED}",
    )
    new_token = forms.CharField(
        label="Token",
        required=False,
        strip=True,
        max_length=2000,
        widget=UnfoldAdminPasswordWidget,
        help_text=f"{TOKENS}. {STORED}",
    )

    class Meta:
        model = Connection
        fields = ("slug", "system", "enabled", "new_secret", "mapping", "url", "login", "new_token", "since")
        help_texts = {"login": f"{LOGINS}."}

    def clean(self) -> dict[str, Any] | None:
        """A token goes to the address for which it was given, and nowhere else; items keep their source."""
        values = super().clean()
        changed = set(self.changed_data)
        if self.instance.pk and changed & {"slug", "system"}:
            self.add_error(None, "Name and system stay as they are: items are known by them. Add another connection.")
        untold = changed & {"url", "login"} or not self.instance.token
        if self.cleaned_data.get("url") and not self.cleaned_data.get("new_token") and untold:
            self.add_error("new_token", "Give the token: it belongs to this address and account.")
        system = SYSTEMS.get(self.cleaned_data.get("system", ""))
        if system and system.hook and system.hook.own_secret and self.cleaned_data.get("new_secret"):
            self.add_error("new_secret", "Heard makes the secret of this system: leave it blank.")
        return values


@admin.register(Connection)
class ConnectionAdmin(ModelAdmin):  # type: ignore[misc]
    """Connections. A secret that Heard makes is shown once, when it is made."""

    form = ConnectionForm
    list_display = ("slug", "system", "enabled", "read", "read_at", "due_at", "last_error")
    list_filter = ("system", "enabled")
    search_fields = ("slug", "url")
    readonly_fields = ("webhook", "notice", "last_error", "read", "read_at", "due_at", "created_at")
    actions = ("rotate", "read_now", "read_everything")

    @admin.display(description="Webhook address")
    def webhook(self, connection: Connection) -> str:
        """Where the system is told to call."""
        if connection.pk is None:
            return "Shown when the connection is saved."
        if SYSTEMS[connection.system].hook is None:
            return "This system is asked, it does not call."
        return f"{settings.HEARD_PUBLIC_URL}{reverse('api-inbound', args=[connection.slug])}"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, with a notice for each connection that is not asked."""
        for connection in Connection.objects.filter(enabled=True).exclude(notice=""):
            messages.error(request, f"{connection}: {connection.notice}")
        answer: HttpResponse = super().changelist_view(request, extra_context)
        return answer

    def save_model(self, request: HttpRequest, obj: Connection, form: Any, change: bool) -> None:  # noqa: FBT001
        """What is new is put to work at once."""
        super().save_model(request, obj, form, change)
        if form.cleaned_data["new_secret"]:
            connection_secret_set(connection=obj, secret=form.cleaned_data["new_secret"])
        if form.cleaned_data["new_token"]:
            connection_token_set(connection=obj, token=form.cleaned_data["new_token"])
        elif "enabled" in form.changed_data:
            connection_revive(connection=obj)
        if change and {"url", "since"} & set(form.changed_data):
            connection_restart(connection=obj)
        if not change and _own_secret(obj):
            self._show_new_secret(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, set[str], Any]:
        """What goes with a connection. Its deliveries, which nobody deletes by hand, do not hold it; its items stay."""
        to_delete, counts, _needed, protected = super().get_deleted_objects(objs, request)
        return to_delete, counts, set(), protected

    @admin.action(description="Rotate the secret that Heard made", permissions=["change"])
    def rotate(self, request: HttpRequest, connections: QuerySet[Connection]) -> None:
        """Show the new secret of each selected one, once; the old one is accepted for a day more."""
        for connection in connections:
            if _own_secret(connection):
                self._show_new_secret(request, connection)
            else:
                messages.error(request, f"{connection}: make a new secret in the system, and type it in here.")

    @admin.action(description="Ask now", permissions=["change"])
    def read_now(self, request: HttpRequest, connections: QuerySet[Connection]) -> None:
        """Forget past failures and ask each of the selected ones."""
        for connection in connections:
            connection_revive(connection=connection)
        messages.success(request, "They are asked within seconds.")

    @admin.action(description="Read everything again", permissions=["change"])
    def read_everything(self, request: HttpRequest, connections: QuerySet[Connection]) -> None:
        """From the beginning: what is known already changes only where it is news."""
        for connection in connections:
            connection_restart(connection=connection)
        messages.success(request, "They are read again from the beginning.")

    def _show_new_secret(self, request: HttpRequest, connection: Connection) -> None:
        secret = connection_secret_make(connection=connection)
        messages.warning(
            request,
            f"Let the system post to {self.webhook(connection)}, signed by Standard Webhooks with the secret {secret} "
            "Store it now: it is not shown again.",
        )


def _own_secret(connection: Connection) -> bool:
    hook = SYSTEMS[connection.system].hook
    return hook is not None and hook.own_secret
