"""What a score weighs by: versions, and publishing a new one after a look at what it would change."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminErrorList, AdminForm
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Subquery, Value
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from unfold.admin import ModelAdmin

from customers.admin.read_only import ReadOnly
from insights.engine.score import Weights
from insights.models import Ranking, WeightsVersion
from insights.models.weights import RANGES
from insights.services.weights import (
    WeightsRefusedError,
    weights_current,
    weights_figures,
    weights_from,
    weights_publish,
)
from insights.services.weights_preview import Move, weights_preview
from insights.templatetags.figures import money, money_change

SEVERITIES = tuple(name for name in RANGES if name.startswith("severity_"))
ROLES = tuple(name for name in RANGES if name.startswith("role_"))
FIELDSETS: list[Any] = [
    (None, {"fields": ("churn_weight", "half_life_days", "free_floor_share")}),
    ("How much an item counts, by its severity", {"fields": SEVERITIES}),
    ("How much an item counts, by who said it", {"fields": ROLES}),
    ("For the list of versions", {"fields": ("reason",)}),
]


class WeightsForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new version: each weight with what it does, its default, and what it is now."""

    class Meta:
        model = WeightsVersion
        fields = (*RANGES, "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Starts from the weights in use."""
        figures = {name: f"{figure:f}" for name, figure in weights_figures(weights=weights_current()).items()}
        kwargs["initial"] = {**figures, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        for name, default in weights_figures(weights=Weights()).items():
            field = self.fields[name]
            field.help_text = f"{field.help_text} Default {default:f}, now {figures[name]}."
        # Asked for when they are published: who only wants to look need not say why.
        self.fields["reason"].required = False

    @property
    def weights(self) -> Weights:
        """What was typed; of a valid form."""
        return weights_from(figures={name: self.cleaned_data[name] for name in RANGES}, version="")

    @property
    def typed(self) -> list[tuple[str, str]]:
        """Everything that was typed but the reason, to be carried on."""
        return [(name, self.data.get(name, "")) for name in RANGES]


@admin.register(WeightsVersion)
class WeightsVersionAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    """Versions of the weights, the newest first: that one is in use."""

    list_display = ("__str__", "made_at", "author", "reason", "in_use")
    list_select_related = ("author",)
    search_fields = ("reason",)
    fields = ("number", *RANGES, "reason", "author", "made_at", "in_use")
    readonly_fields = ("number", "author", "made_at", "in_use")

    def get_queryset(self, request: HttpRequest) -> QuerySet[WeightsVersion]:
        """Each with the number of the version in use, and whether whoever looks may bring one back."""
        found: QuerySet[WeightsVersion] = super().get_queryset(request)
        return found.annotate(
            newest=Subquery(WeightsVersion.objects.values("number")[:1]), may=Value(self.has_add_permission(request))
        )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may decide what counts."""
        return bool(request.user.has_perm("insights.add_weightsversion"))

    @admin.display(description="In use")
    def in_use(self, version: Any) -> str:
        """Yes, or where to bring it back: a form with its figures."""
        if version.number == version.newest:
            return "In use"
        if not version.may:
            return "–"
        address = reverse("admin:insights_weightsversion_add")
        return format_html('<a href="{}?from={}">Bring back</a>', address, version.number)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """A form, then what it would change, then publishing; and back, with what was typed."""
        del form_url, extra_context
        if not self.has_add_permission(request):
            raise PermissionDenied
        make = self._form_class(request)
        if request.method != "POST":
            return self._form(request, make(initial=_older(request)))
        if "_back" in request.POST:
            return self._form(request, make(initial=request.POST.dict()))
        form = make(request.POST)
        if not form.is_valid():
            return self._form(request, form)
        if "_publish" not in request.POST:
            return self._preview(request, form, "")
        author = cast("User", request.user)
        try:
            version = weights_publish(
                weights=form.weights,
                reason=form.cleaned_data["reason"],
                author=author,
                instead_of=request.POST.get("instead_of", ""),
            )
        except WeightsRefusedError as refused:
            return self._preview(request, form, str(refused))
        messages.success(request, f"{version} are published. The list follows within seconds.")
        return HttpResponseRedirect(reverse("admin:insights_weightsversion_changelist"))

    def _form_class(self, request: HttpRequest) -> type[WeightsForm]:
        # The admin's own look for the fields.
        made = self.get_form(request, None, change=False, form=WeightsForm, fields=WeightsForm.Meta.fields)
        return cast("type[WeightsForm]", made)

    def _form(self, request: HttpRequest, form: WeightsForm) -> HttpResponse:
        shown = AdminForm(form, FIELDSETS, {}, model_admin=self)
        context = {
            **self.admin_site.each_context(request),
            "title": "Change the weights",
            "adminform": shown,
            "inline_admin_formsets": [],
            "errors": AdminErrorList(form, []),
            "media": self.media + shown.media,
            "is_popup": False,
        }
        answer: HttpResponse = self.render_change_form(request, context, add=True)
        return answer

    def _preview(self, request: HttpRequest, form: WeightsForm, refused: str) -> HttpResponse:
        preview = weights_preview(weights=form.weights)
        context = {
            **self.admin_site.each_context(request),
            "title": "What these weights would change",
            "opts": self.opts,
            "media": self.media,
            "form": form,
            "refused": refused,
            "current": weights_current().version,
            "preview": preview,
            "top": _table(preview.top, preview.ranking),
            "movers": _table(preview.movers, preview.ranking),
        }
        return TemplateResponse(request, "admin/insights/weightsversion/preview.html", context)


def _older(request: HttpRequest) -> dict[str, str]:
    """The figures of the version that is to be brought back, where one is named."""
    number = request.GET.get("from", "")
    known = number.isdecimal() and len(number) < 10
    version = WeightsVersion.objects.filter(number=int(number)).first() if known else None
    if version is None:
        return {}
    figures = {name: f"{getattr(version, name).normalize():f}" for name in RANGES}
    return {**figures, "reason": f"Back to weights {version.number}"}


def _table(moves: Sequence[Move], ranking: Ranking | None) -> dict[str, Any]:
    """Problems with where they stand and where they would, for unfold's table."""
    currency = "" if ranking is None else ranking.currency
    return {
        "headers": ["Now", "Then", "Places", "Problem", "Score now", "Score then", "Change"],
        "rows": [
            [
                move.rank,
                move.rank_then,
                _places(move.gained),
                format_html(
                    '<a href="{}">{} {}</a>',
                    reverse("insights:problem", args=[move.problem.key]),
                    move.problem.title,
                    move.problem.key,
                ),
                money(move.score, currency),
                money(move.score_then, currency),
                money_change(move.gained_score, currency),
            ]
            for move in moves
        ],
    }


def _places(gained: int) -> str:
    if not gained:
        return "–"
    return f"{'▲' if gained > 0 else '▼'}{abs(gained):,}"
