"""A look at a problem's receipt without leaving the list."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from insights.models import Ranking, RankingEntry
from insights.querysets import KEY
from insights.services.evidence import quotes_of

LINES = 5


class Peek(View):
    """The largest lines of a receipt and the surest quotes, as a fragment."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """A row of the list's table, to go below the problem's."""
        match = KEY.fullmatch(key)
        ranking = Ranking.objects.first()
        entries = RankingEntry.objects.filter(ranking=ranking, problem=int(match[1]) if match else 0)
        entry = entries.select_related("problem", "receipt").first()
        if entry is None:
            raise Http404(f"{key} is not in the list now.")
        lines = entry.receipt.lines.select_related("account").defer("said")[:LINES]
        context = {
            "ranking": ranking,
            "entry": entry,
            "lines": lines,
            "others": entry.customers - len(lines),
            "quotes": quotes_of(problem_ids=[entry.problem_id]).get(entry.problem_id, []),
        }
        return render(request, "insights/_peek.html", context)
