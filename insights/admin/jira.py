"""Jira: sites, what their statuses mean, and the issues of problems."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminPasswordWidget

from customers.admin.read_only import ReadOnly
from insights.models import JiraLink, JiraSite, JiraStatusMapping, Problem
from insights.services.jira.links import jira_issue_create, jira_link, jira_links_look_up, jira_unlink
from insights.services.jira.sites import (
    JiraRefusedError,
    jira_secret_rotate,
    jira_site_check,
    jira_site_revive,
    jira_token_set,
)
from insights.services.jira.work import jira_read_queue


class JiraSiteForm(forms.ModelForm):  # type: ignore[type-arg]
    """A site with its token, which is written and never shown."""

    new_token = forms.CharField(
        label="Token",
        required=False,
        strip=True,
        max_length=2000,
        widget=UnfoldAdminPasswordWidget,
        help_text="Cloud: an API token. Data Center: a personal access token. Stored encrypted and never shown; "
        "blank leaves it as it is.",
    )

    class Meta:
        model = JiraSite
        fields = (
            "name",
            "kind",
            "url",
            "email",
            "new_token",
            "project",
            "issue_type",
            "summary_template",
            "description_template",
            "enabled",
        )

    def clean(self) -> dict[str, Any] | None:
        """A token goes to the address for which it was given, and nowhere else."""
        values = super().clean()
        moved = {"url", "email", "kind"} & set(self.changed_data)
        if not self.cleaned_data.get("new_token") and (moved or not self.instance.token):
            self.add_error("new_token", "Give the token: it belongs to this address and account.")
        return values


class JiraStatusMappingInline(TabularInline):  # type: ignore[misc]
    """What the site's statuses mean."""

    model = JiraStatusMapping
    extra = 0
    fields = ("jira_status", "status")


@admin.register(JiraSite)
class JiraSiteAdmin(ModelAdmin):  # type: ignore[misc]
    """Sites. The secret of a webhook is shown once, when it is made."""

    form = JiraSiteForm
    inlines = (JiraStatusMappingInline,)
    list_display = ("name", "pk", "kind", "url", "enabled", "rest_until", "read_at", "last_error")
    list_filter = ("kind", "enabled")
    search_fields = ("name", "url")
    readonly_fields = ("webhook", "notice", "last_error", "rest_until", "read_at", "created_at")
    actions = ("check_connection", "rotate", "read_statuses")

    @admin.display(description="Webhook address")
    def webhook(self, site: JiraSite) -> str:
        """Where Jira is told to send its events."""
        if site.pk is None:
            return "Shown when the site is saved."
        return f"{settings.HEARD_PUBLIC_URL}{reverse('api-jira-webhook', args=[site.pk])}"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, with a notice for each site that is not called."""
        for site in JiraSite.objects.filter(enabled=True).exclude(notice=""):
            messages.error(request, f"{site}: {site.notice}")
        answer: HttpResponse = super().changelist_view(request, extra_context)
        return answer

    def save_model(self, request: HttpRequest, obj: JiraSite, form: Any, change: bool) -> None:  # noqa: FBT001
        """A new site gets its secret; one with a new token, or that is switched on again, starts afresh."""
        super().save_model(request, obj, form, change)
        token = form.cleaned_data["new_token"]
        if token:
            jira_token_set(site=obj, token=token)
        elif "enabled" in form.changed_data:
            jira_site_revive(site=obj)
        if change and "url" in form.changed_data:
            jira_links_look_up(site=obj)
        if not change:
            self._show_new_secret(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, set[str], Any]:
        """What goes with a site. Its links, which nobody deletes by hand, do not hold it."""
        to_delete, counts, _needed, protected = super().get_deleted_objects(objs, request)
        return to_delete, counts, set(), protected

    @admin.action(description="Check the connection", permissions=["change"])
    def check_connection(self, request: HttpRequest, sites: QuerySet[JiraSite]) -> None:
        """Ask each of the selected ones whose token it is."""
        for site in sites:
            try:
                name = jira_site_check(site=site)
            except JiraRefusedError as refused:
                messages.error(request, str(refused))
            else:
                messages.success(request, f"{site} answers, and knows the token as {name}'s.")

    @admin.action(description="Rotate the webhook's secret: the old one ends at once", permissions=["change"])
    def rotate(self, request: HttpRequest, sites: QuerySet[JiraSite]) -> None:
        """Show the new secret of each selected one, once."""
        for site in sites:
            self._show_new_secret(request, site)

    @admin.action(description="Read the statuses of all linked issues", permissions=["change"])
    def read_statuses(self, request: HttpRequest, sites: QuerySet[JiraSite]) -> None:
        """For webhooks that never came."""
        messages.success(request, f"Queued for {jira_read_queue(sites=sites)} sites.")

    def _show_new_secret(self, request: HttpRequest, site: JiraSite) -> None:
        secret = jira_secret_rotate(site=site)
        messages.warning(
            request,
            f"In Jira, let a webhook send issues that are updated and deleted to {self.webhook(site)} with the secret "
            f"{secret} Store it now: it is not shown again.",
        )


@admin.display(description="Issue")
def _issue(_admin: Any, link: JiraLink) -> str:
    """The issue, where it is read."""
    if not link.issue_key:
        return "not created yet"
    return format_html('<a href="{}">{}</a>', link.issue_url, link.issue_key)


@admin.register(JiraLink)
class JiraLinkAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Which issue belongs to which problem. Links are made on the page of the problem."""

    list_display = ("issue", "problem", "site", "state", "jira_status", "pushed_at", "last_error")
    list_filter = ("state", "site")
    list_select_related = ("problem", "site")
    search_fields = ("issue_key", "problem__title")
    actions = ("unlink",)
    issue = _issue

    def has_unlink_permission(self, request: HttpRequest) -> bool:
        """Who may change problems may change what they are linked to."""
        return request.user.has_perm("insights.change_problem")

    @admin.action(description="Unlink", permissions=["unlink"])
    def unlink(self, request: HttpRequest, links: QuerySet[JiraLink]) -> None:
        """Take the selected ones away."""
        for link in links:
            try:
                jira_unlink(link=link)
            except JiraRefusedError as refused:
                messages.error(request, f"{link}: {refused}")


class JiraLinkForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new link: a site and the key of an issue."""

    class Meta:
        model = JiraLink
        fields = ("site", "issue_key")

    def clean_issue_key(self) -> str:
        """As Jira writes it."""
        key: str = self.cleaned_data["issue_key"].strip().upper()
        if not key:
            raise forms.ValidationError("Write the key of an issue, such as ABC-12.")
        return key

    def _get_validation_exclusions(self) -> set[str]:
        """Whether the issue is free is for the service to say: it knows links that may be taken up again."""
        return {*super()._get_validation_exclusions(), "issue_key"}  # type: ignore[misc]


class JiraLinkInline(TabularInline):  # type: ignore[misc]
    """The issues of a problem. A row that is added links one more."""

    model = JiraLink
    form = JiraLinkForm
    extra = 0
    fields = ("site", "issue_key", "state", "jira_status", "pushed_at", "last_error")
    readonly_fields = ("state", "jira_status", "pushed_at", "last_error")
    verbose_name_plural = "Jira issues"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may change the problem."""
        return request.user.has_perm("insights.change_problem")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may see the problem."""
        return request.user.has_perm("insights.view_problem") or self.has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A link is made or taken away."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may change the problem."""
        return self.has_add_permission(request)


class JiraOnProblem:
    """The part of a problem's pages that is about Jira: its issues, and an action for each site to create one."""

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        """With the issues of a problem, where there is a Jira to speak of."""
        inlines: list[Any] = super().get_inlines(request, obj)  # type: ignore[misc]
        return [*inlines, JiraLinkInline] if obj is not None and JiraSite.objects.exists() else inlines

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """With one action for each site that is switched on."""
        actions: dict[str, Any] = super().get_actions(request)  # type: ignore[misc]
        if not request.user.has_perm("insights.change_problem"):
            return actions
        for site in JiraSite.objects.filter(enabled=True):
            name = f"jira_create_{site.pk}"
            act: Callable[..., None] = partial(_create, site=site)
            actions[name] = (act, name, f"Create an issue in {site}")
        return actions

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001
        """Links are made and taken away by their services."""
        if formset.model is not JiraLink:
            super().save_formset(request, form, formset, change)  # type: ignore[misc]
            return
        formset.save(commit=False)
        wishes = [partial(jira_unlink, link=link) for link in formset.deleted_objects]
        wishes += [partial(_link, link) for link in formset.new_objects]
        for wish in wishes:
            try:
                wish()
            except JiraRefusedError as refused:
                messages.error(request, str(refused))


def _link(link: JiraLink) -> None:
    jira_link(problem=link.problem, site=link.site, issue_key=link.issue_key)


def _create(_admin: Any, request: HttpRequest, problems: QuerySet[Problem], *, site: JiraSite) -> None:
    """Have an issue created from each of the selected problems."""
    for problem in problems.select_related("merged_into"):
        try:
            link = jira_issue_create(problem=problem, site=site)
        except JiraRefusedError as refused:
            messages.error(request, str(refused))
        else:
            where = f"has {link.issue_key} in {site}" if link.issue_key else f"gets an issue in {site}"
            messages.success(request, f"{problem.key} {where}.")
