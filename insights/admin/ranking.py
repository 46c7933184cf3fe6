"""Snapshots of the ranked list and their receipts."""

from django.contrib import admin
from unfold.admin import ModelAdmin, TabularInline

from customers.admin.read_only import ReadOnly
from insights.models import AccountStanding, Ranking, RankingEntry, Receipt, ReceiptLine, Touched


class RankingEntryInline(ReadOnly, TabularInline):  # type: ignore[misc]
    """The rows of a snapshot."""

    model = RankingEntry
    extra = 0
    fields = ("rank", "problem", "score", "customers", "items", "arr_total", "revenue_at_risk", "depends_on")


@admin.register(Ranking)
class RankingAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Snapshots of the ranked list."""

    list_display = ("number", "computed_at", "weights_version", "items", "placed", "unplaced", "quarantined")
    inlines = (RankingEntryInline,)


class ReceiptLineInline(ReadOnly, TabularInline):  # type: ignore[misc]
    """What adds up."""

    model = ReceiptLine
    extra = 0
    exclude = ("said",)


@admin.register(Receipt)
class ReceiptAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Receipts."""

    list_display = ("pk", "problem", "score", "created_at")
    list_select_related = ("problem",)
    inlines = (ReceiptLineInline,)


@admin.register(Touched)
class TouchedAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """What the next ranking will look at again."""

    list_display = ("kind", "problem")
    list_filter = ("kind",)


@admin.register(AccountStanding)
class AccountStandingAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """What the latest ranking knew of each account."""

    list_display = ("account_id", "fingerprint")
    search_fields = ("=account_id",)
