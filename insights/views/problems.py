"""One problem as a page: its receipt and its evidence."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import DetailView

from insights.engine.wording.marking import telling_stems
from insights.models import Problem, Ranking, RankingEntry, ReceiptLine, Status
from insights.services.discovery import card_of
from insights.services.evidence import states_then
from insights.views.problem_facts import FactsForm

QUOTES = 25
# Customers of the receipt that are shown at first: the largest amounts.
LINES = 50


class ProblemPage(DetailView[Problem]):
    """Title, job statement, receipt, quotes. The key of a merged problem leads to what it became."""

    template_name = "insights/problem.html"
    context_object_name = "problem"

    def get_object(self, queryset: QuerySet[Problem] | None = None) -> Problem:
        """The problem of the key in the address."""
        del queryset
        problem: Problem | None = Problem.objects.select_related("theme").with_key(self.kwargs["key"]).first()
        if problem is None:
            raise Http404(f"There is no problem {self.kwargs['key']}.")
        return problem

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the problem, or lead on to the one that it was merged into."""
        problem = self.get_object()
        if problem.merged_into is not None:
            return redirect("insights:problem", key=problem.merged_into.key)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the latest ranking's entry, the receipt's lines and a page of quotes."""
        ranking = Ranking.objects.first()
        entry = RankingEntry.objects.filter(ranking=ranking, problem=self.object).listed().first()
        lines = self._lines(entry) if entry else []
        quotes = Paginator(self.object.memberships.evidence(), QUOTES).get_page(self.request.GET.get("page"))
        then = states_then([membership.item for membership in quotes])
        return {
            **super().get_context_data(**kwargs),
            "ranking": ranking,
            "readable": settings.HEARD_MODEL_LANGUAGES,
            "entry": entry,
            "statuses": Status.choices,
            "lines": lines,
            "others": entry.receipt.lines.count() - len(lines) if entry else 0,
            "others_amount": entry.score - sum(line.amount for line in lines) if entry else 0,
            "largest": max((line.amount for line in lines), default=0),
            "quotes": quotes,
            "stems": telling_stems(
                f"{self.object.title} {self.object.job_statement}", [membership.item.text for membership in quotes]
            ),
            "form": FactsForm(instance=self.object),
            "card": card_of(problem=self.object),
            "said": [(membership.item, membership, then.get(membership.item_id)) for membership in quotes],
        }

    def _lines(self, entry: RankingEntry) -> list[ReceiptLine]:
        """The lines of the receipt, the largest amount first: all of them when the address asks for that."""
        lines = entry.receipt.lines.select_related("account").defer("said")
        return list(lines if self.request.GET.get("receipt") == "all" else lines[:LINES])
