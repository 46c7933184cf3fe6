"""One problem as a page: its receipt and its evidence."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import DetailView

from insights.engine.movement import Cause
from insights.models import Problem, Ranking, RankingEntry, ReceiptLine, Status
from insights.services.evidence import states_then
from insights.services.movement import moved_since_another_day

QUOTES = 25
# Customers of the receipt that are shown at first: the largest amounts.
LINES = 50
CAUSES = {
    Cause.NEW_CUSTOMERS: "Customers who did not ask before",
    Cause.LOST_CUSTOMERS: "Customers who no longer ask",
    Cause.REGROUPING: "Items that came from other problems, or went there",
    Cause.ITEMS: "Items that came in, were corrected or taken out, of customers who asked before",
    Cause.AGEING: "What was said is older now",
    Cause.VALUE: "The revenue of customers changed",
    Cause.CHURN_RISK: "Customers’ churn risk changed, or their renewal came nearer",
    Cause.FIT: "The fit of customers changed",
    Cause.WEIGHTS: "The weights of the score changed",
}


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
        why = moved_since_another_day(problem=self.object, ranking=ranking) if ranking else None
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
            "why": why,
            "causes": [(CAUSES[share.cause], share) for share in why.shares if share.customers] if why else [],
            "quotes": quotes,
            "said": [(membership.item, membership, then.get(membership.item_id)) for membership in quotes],
        }

    def _lines(self, entry: RankingEntry) -> list[ReceiptLine]:
        """The lines of the receipt, the largest amount first: all of them when the address asks for that."""
        lines = entry.receipt.lines.select_related("account").defer("said")
        return list(lines if self.request.GET.get("receipt") == "all" else lines[:LINES])
