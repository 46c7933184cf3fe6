"""The what-if desk: other weights and other voices, and what the list would then be. The list itself never moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View

from customers.models import Account
from insights.models import Problem, Ranking, Scenario
from insights.services.scenarios import (
    Draft,
    ScenarioRefusedError,
    draft_imagined,
    draft_of,
    live_figures,
    scenario_save,
)
from insights.services.what_if import Imagined
from insights.views.acting import Action, said
from insights.views.terms import Figures, Read, accounts_like, label_of, plain, sliders, terms_read, terms_written

STEP, MOST = 50, 500


@dataclass(frozen=True)
class Row:
    """One problem as the desk shows it, and where it would stand by the other terms, if there are any."""

    problem: Problem
    imagined: Imagined
    other: Imagined | None = None

    @property
    def apart(self) -> int | None:
        """Places that the other terms lift it; None where one of the two gives it no rank."""
        if self.other is None or self.other.rank is None or self.imagined.rank is None:
            return None
        return self.imagined.rank - self.other.rank


class WhatIfPage(View):
    """The desk, blank or with a scenario on it. The terms live in the address: whoever has it sees the same."""

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Work out the list under these terms; htmx gets what changes of the page."""
        return _desk(request, _scenario(pk), request.GET)


class ScenarioSave(Action):
    """Keep the terms of the desk under a name."""

    permission_required = "insights.add_scenario"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save a new scenario and open it."""
        return _saved(request, None)


class ScenarioUpdate(Action):
    """Keep other terms, or another name, in a scenario that there is."""

    permission_required = "insights.change_scenario"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change it and open it."""
        return _saved(request, _scenario(pk))


class ScenarioDelete(Action):
    """Forget a scenario. The page asks before."""

    permission_required = "insights.delete_scenario"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete it; its terms stay on the desk, so that they can be saved again."""
        scenario = get_object_or_404(Scenario, pk=pk)
        terms = terms_written(draft_of(scenario=scenario))
        scenario.delete()
        said(request, f"“{scenario.name}” is deleted. Its terms are still on this desk.")
        return redirect(f"{reverse('insights:what-if')}?{terms}")


class ComparePage(View):
    """Two scenarios, or one and the live list, side by side."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The terms that differ, and each problem's place by both."""
        ranking = Ranking.objects.first()
        scenarios = list(Scenario.objects.all())
        left, right = (_chosen(scenarios, request.GET.get(side, "")) for side in ("a", "b"))
        context: dict[str, Any] = {"ranking": ranking, "scenarios": scenarios, "a": left, "b": right}
        if ranking and scenarios:
            drafts = [draft_of(scenario=one) if one else Draft() for one in (left, right)]
            mine, others = (draft_imagined(draft=draft, ranking=ranking) for draft in drafts)
            beside = {one.problem_id: one for one in others}
            shown = _shown(request.GET)
            rows = _rows(mine[:shown], beside)
            more = {**request.GET.dict(), "show": str(shown + STEP)} if len(mine) > shown else None
            context |= {
                "rows": rows,
                "total": len(mine),
                "differences": _differences(drafts, live_figures(ranking=ranking)),
                "more": urlencode(more) if more and shown < MOST else "",
                "moved": sum(one.rank != beside[one.problem_id].rank for one in mine),
            }
        return render(request, "insights/compare.html", context)


def _desk(
    request: HttpRequest,
    scenario: Scenario | None,
    query: QueryDict,
    *,
    name: str | None = None,
    error: str = "",
) -> HttpResponse:
    ranking = Ranking.objects.first()
    if ranking is None:
        return render(request, "insights/what_if.html", {"ranking": None})
    live = live_figures(ranking=ranking)
    kept = draft_of(scenario=scenario) if scenario else None
    # A scenario's own address without any terms shows the scenario; with terms, what somebody makes of it.
    read = Read(kept) if kept and not set(query) - {"show"} else terms_read(query, live=live)
    imagined = draft_imagined(draft=read.draft, ranking=ranking)
    shown = _shown(query)
    more = shown < min(len(imagined), MOST)
    here = reverse("insights:scenario", args=[scenario.pk]) if scenario else reverse("insights:what-if")
    terms = terms_written(read.draft)
    unsaved = kept is not None and terms != terms_written(kept)
    address = f"{here}?{terms or 'reset=live'}" if unsaved else f"{here}?{terms}" if terms and not scenario else here
    context = {
        "ranking": ranking,
        "scenario": scenario,
        "scenarios": Scenario.objects.select_related("author"),
        "groups": sliders(read, live=live),
        "draft": read.draft,
        "errors": read.errors,
        "segments": Account.objects.segments(),
        "found": accounts_like(query.get("drop", ""), without=list(read.draft.without)),
        "looked_for": query.get("drop", "").strip()[:100],
        "rows": _rows(imagined[:shown], {}),
        "total": len(imagined),
        "moved": sum(bool(one.rank_delta) or one.rank is None for one in imagined),
        "address": address,
        "absolute": request.build_absolute_uri(address),
        "more": f"{address}{'&' if '?' in address else '?'}show={shown + STEP}" if more else "",
        "terms": terms,
        "unsaved": unsaved,
        "name": name if name is not None else scenario.name if scenario else "",
        "name_error": error,
    }
    if request.headers.get("HX-Request") == "true" and request.method == "GET":
        answer = render(request, "insights/_what_if_answer.html", context)
        answer["HX-Replace-Url"] = address
        return answer
    return render(request, "insights/what_if.html", context, status=422 if error else 200)


def _saved(request: HttpRequest, scenario: Scenario | None) -> HttpResponse:
    ranking = Ranking.objects.first()
    if ranking is None:
        raise Http404("There is no ranking to try terms on.")
    query = QueryDict(request.POST.get("terms", ""))
    read = terms_read(query, live=live_figures(ranking=ranking))
    name = request.POST.get("name", "").replace("\x00", "")
    author = request.user if request.user.is_authenticated else None
    try:
        saved = scenario_save(name=name, draft=read.draft, scenario=scenario, author=author)
    except ScenarioRefusedError as refusal:
        # The page shows again all that was on the desk, with the answer beside the name.
        again = query if scenario is None or query else QueryDict("reset=live")
        return _desk(
            request, scenario, again, name=name[:200], error=f"{refusal.reason[0].upper()}{refusal.reason[1:]}."
        )
    said(request, f"“{saved.name}” is saved. The live list is unchanged.")
    return redirect("insights:scenario", pk=saved.pk)


def _scenario(pk: int | None) -> Scenario | None:
    return None if pk is None else get_object_or_404(Scenario, pk=pk)


def _chosen(scenarios: Sequence[Scenario], text: str) -> Scenario | None:
    return next((one for one in scenarios if str(one.pk) == text), None)


def _rows(page: Sequence[Imagined], others: Mapping[int, Imagined]) -> list[Row]:
    found = Problem.objects.only("title", "status").in_bulk([one.problem_id for one in page])
    return [Row(found[one.problem_id], one, others.get(one.problem_id)) for one in page]


def _shown(query: QueryDict) -> int:
    text = query.get("show", "")
    wanted = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(MOST)) else STEP
    return min(max(wanted, STEP), MOST)


def _differences(drafts: Sequence[Draft], live: Figures) -> list[tuple[str, list[str]]]:
    """Each term that the two do not share, as both say it."""
    said_by = [
        {
            **{label_of(name): plain(draft.weights.get(name, figure)) for name, figure in live.items()},
            "Segment": draft.segment or "all",
            "Prospects": "count" if draft.prospects else "left out",
            "Left out": ", ".join(account.name for account in draft.without) or "nobody",
        }
        for draft in drafts
    ]
    return [(name, [one[name] for one in said_by]) for name in said_by[0] if len({one[name] for one in said_by}) > 1]
