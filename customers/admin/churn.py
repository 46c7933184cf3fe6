"""Churn models in the admin: their cards, and which one judges."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin

from customers.admin.read_only import ReadOnly
from customers.models import ChurnModel
from customers.services.churn_models import churn_model_use
from customers.services.refresh import customers_refresh

SIDE = 240


@admin.register(ChurnModel)
class ChurnModelAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Trained versions with their cards. Rolling back is using an older one."""

    list_display = ("__str__", "in_use", "trained_at", "auc", "brier", "tested_on")
    fields = ("version", "in_use", "trained_at", "measures", "calibration", "features", "card")
    readonly_fields = fields
    actions = ("use", "use_the_scorecard")

    @admin.display(description="AUC")
    def auc(self, model: ChurnModel) -> str:
        """On accounts of a later day."""
        return f"{model.card['model']['auc']:.3f}"

    @admin.display(description="Brier score")
    def brier(self, model: ChurnModel) -> str:
        """On accounts of a later day."""
        return f"{model.card['model']['brier']:.4f}"

    @admin.display(description="tested on")
    def tested_on(self, model: ChurnModel) -> str:
        """The day whose accounts the model had not seen."""
        return str(model.card["tested_on"])

    @admin.display(description="measures on accounts of a later day")
    def measures(self, model: ChurnModel) -> SafeString:
        """The model beside the scorecard and the base rate."""
        card = model.card
        rows = [("model", card["model"])] + ([("scorecard", card["scorecard"])] if card["scorecard"] else [])
        lines = [(name, *(f"{of[key]:.4f}" for key in ("auc", "brier", "calibration_error"))) for name, of in rows]
        lines.append(("base rate", "0.5000", f"{card['base_brier']:.4f}", "–"))
        return format_html(
            "<p>{} rows on {} days, {} left within a year. Tested on {} accounts of {}, {} left.</p>"
            "<table><tr><th></th><th>AUC</th><th>Brier</th><th>calibration error</th></tr>{}</table>",
            card["rows"],
            len(card["days"]),
            card["churned"],
            card["tested"],
            card["tested_on"],
            card["tested_churned"],
            format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", lines),
        )

    @admin.display(description="calibration: predicted (across) and observed (up) share that left")
    def calibration(self, model: ChurnModel) -> SafeString:
        """Ten groups of equally many accounts; on the line, what was said came true."""
        bins = model.card["calibration"]
        most = max([0.1, *(each["predicted"] for each in bins), *(each["observed"] for each in bins)])
        dots = format_html_join(
            "",
            '<circle cx="{}" cy="{}" r="4"><title>said {}, left {}</title></circle>',
            (
                (
                    f"{each['predicted'] / most * SIDE:.1f}",
                    f"{SIDE - each['observed'] / most * SIDE:.1f}",
                    f"{each['predicted']:.0%}",
                    f"{each['observed']:.0%}",
                )
                for each in bins
            ),
        )
        return format_html(
            '<svg width="{side}" height="{side}" role="img" aria-label="Calibration plot" fill="currentColor" '
            'style="overflow:visible"><path d="M0,{side} L{side},0" stroke="currentColor" stroke-dasharray="4"/>'
            '<path d="M0,0 V{side} H{side}" stroke="currentColor" fill="none"/>{dots}</svg><p>Axes end at {most}.</p>',
            side=SIDE,
            dots=dots,
            most=f"{most:.0%}",
        )

    @admin.display(description="features by mean contribution in log-odds")
    def features(self, model: ChurnModel) -> SafeString:
        """What the model goes by."""
        lines = ((each["name"], each["kind"], f"{each['importance']:.3f}") for each in model.card["features"])
        return format_html(
            "<table>{}</table>", format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td></tr>", lines)
        )

    @admin.action(description="Use this version", permissions=["decide"])
    def use(self, request: HttpRequest, models: QuerySet[ChurnModel]) -> None:
        """Let one version judge, and judge everybody again."""
        if len(models) != 1:
            messages.error(request, "Choose one version.")
            return
        self._use(request, models.get())

    @admin.action(description="Use the scorecard instead", permissions=["decide"])
    def use_the_scorecard(self, request: HttpRequest, _models: QuerySet[ChurnModel]) -> None:
        """Let no version judge."""
        self._use(request, None)

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Who may change models may choose the one that judges."""
        user: Any = request.user
        return bool(user.has_perm("customers.change_churnmodel"))

    def _use(self, request: HttpRequest, model: ChurnModel | None) -> None:
        churn_model_use(model=model)
        customers_refresh(today=timezone.localdate())
        messages.success(request, f"{model or 'The scorecard'} judges now; every account was judged again.")
