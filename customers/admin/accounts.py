"""Accounts, their people and their past in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import ModelAdmin, TabularInline

from customers.models import Account, AccountState, Contact, SystemAccount
from customers.services.accounts import account_edit
from customers.services.families import FamilyCycleError, parent_check
from customers.services.refresh import customers_refresh
from customers.signals import customers_changed


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """An account, with its family kept free of circles."""

    class Meta:
        model = Account
        fields = "__all__"  # noqa: DJ007 (the admin shows every editable field on purpose)

    def clean(self) -> dict[str, Any] | None:
        """Refuse a parent from the account's own family."""
        cleaned = super().clean()
        self.instance.parent = self.cleaned_data.get("parent")
        try:
            parent_check(account=self.instance)
        except FamilyCycleError as error:
            self.add_error("parent", str(error))
        return cleaned


class ContactInline(TabularInline):  # type: ignore[misc]
    """The people of an account."""

    model = Contact
    extra = 0


class AccountStateInline(TabularInline):  # type: ignore[misc]
    """What the account was like, read-only."""

    model = AccountState
    extra = 0
    can_delete = False
    fields = readonly_fields = (
        "recorded_on",
        "arr",
        "currency",
        "plan",
        "health_score",
        "nps",
        "stage",
        "churn_risk",
    )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """States are recorded, not typed."""
        return False


class SystemAccountInline(TabularInline):  # type: ignore[misc]
    """What each system says of the account, read-only."""

    model = SystemAccount
    extra = 0
    can_delete = False
    fields = readonly_fields = ("system", "external_id", "facts", "updated_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Systems speak through imports."""
        return False


@admin.register(Account)
class AccountAdmin(ModelAdmin):  # type: ignore[misc]
    """Accounts with their people and their past."""

    form = AccountForm
    list_display = (
        "name",
        "external_id",
        "segment",
        "plan",
        "arr",
        "currency",
        "renewal_date",
        "churn_risk",
        "stage",
    )
    list_filter = ("segment", "stage", "currency", "owner")
    search_fields = ("name", "external_id", "domain", "system_accounts__external_id")
    autocomplete_fields = ("parent", "reseller")
    readonly_fields = ("merged_into", "churn_risk", "churn_reasons", "created_at", "updated_at")
    inlines = (ContactInline, SystemAccountInline, AccountStateInline)

    def save_model(self, request: HttpRequest, obj: Account, form: Any, change: bool) -> None:  # noqa: FBT001
        """Store, then remember the new facts."""
        today = timezone.localdate()
        account_edit(account=obj, changed=form.changed_data, today=today)
        customers_refresh(today=today, accounts=[obj])

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        """Store the people, and let whoever was named find them."""
        super().save_related(request, form, formsets, change)
        if any(formset.has_changed() for formset in formsets):
            customers_changed.send(sender=Contact)


@admin.register(Contact)
class ContactAdmin(ModelAdmin):  # type: ignore[misc]
    """Contacts."""

    list_display = ("email", "name", "account", "role")
    list_filter = ("role",)
    search_fields = ("email", "name", "account__name")
    autocomplete_fields = ("account",)
    list_select_related = ("account",)

    def save_model(self, request: HttpRequest, obj: Contact, form: Any, change: bool) -> None:  # noqa: FBT001
        """Store, and let whoever was named find the contact."""
        super().save_model(request, obj, form, change)
        customers_changed.send(sender=Contact)


@admin.register(AccountState)
class AccountStateAdmin(ModelAdmin):  # type: ignore[misc]
    """Account states, read-only."""

    list_display = ("account", "recorded_on", "arr", "currency", "plan", "health_score", "nps", "stage")
    list_select_related = ("account",)
    date_hierarchy = "recorded_on"
    search_fields = ("account__name",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """States are recorded, not typed."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A recorded state is never rewritten."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A recorded state stays; erasing an account takes its states along."""
        return False
