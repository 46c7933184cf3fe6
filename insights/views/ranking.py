"""The ranked list as a page, and as a file."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views import View
from django.views.generic import ListView

from feedback.models import FeedbackItem
from insights.api.exports import csv_lines
from insights.models import Ranking, RankingEntry, SavedView, Status, Theme
from insights.querysets import RankingEntryQuerySet
from insights.views.list_filter import COLUMNS, EVERYTHING, NARROWING, ListFilter, areas, owners

# What a saved view keeps of an address.
KEPT = (*sorted(NARROWING), "status", "col", "ordering")


class RankingPage(ListView[RankingEntry]):
    """The latest snapshot, best rank first. Filters, columns and order live in the address."""

    template_name = "insights/ranking.html"
    context_object_name = "entries"
    paginate_by = 50

    def get_queryset(self) -> RankingEntryQuerySet:
        """The entries of the latest snapshot, open problems only unless told otherwise."""
        self.ranking = Ranking.objects.first()
        self.filter = ListFilter(self.request.GET)
        return _entries(self.ranking, self.filter)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the snapshot, the filter, and what those who decide can set."""
        status = self.filter.values.get("status", "")
        context = {
            **super().get_context_data(**kwargs),
            "ranking": self.ranking,
            "filter": self.filter,
            "columns": self.filter.columns,
            "headings": [column for column in COLUMNS if column[0] in self.filter.columns],
            "statuses": Status.choices,
            "status": status,
            "everything": EVERYTHING,
            "waiting": FeedbackItem.objects.waiting().count(),
            "views": SavedView.objects.select_related("author"),
            "query": _kept(self.request),
        }
        if self.request.user.has_perm("insights.add_problemedit"):
            context |= {"themes": Theme.objects.all(), "owners": owners(), "areas": areas()}
        return context


class RankingFile(View):
    """The same rows as the page with this address, all of them, as CSV."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Streamed, in the order of the page. A file has no place to say that a filter was left out: it is refused."""
        wanted = ListFilter(request.GET)
        if wanted.wrong:
            return HttpResponse("\n".join(wanted.wrong), status=400, content_type="text/plain; charset=utf-8")
        ranking = Ranking.objects.first()
        name = f"ranking-{ranking.number}.csv" if ranking else "ranking.csv"
        return StreamingHttpResponse(
            csv_lines(_entries(ranking, wanted)),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-cache"},
        )


def _entries(ranking: Ranking | None, wanted: ListFilter) -> RankingEntryQuerySet:
    entries = RankingEntry.objects.filter(wanted.condition(), ranking=ranking)
    return entries.listed().in_order(wanted.sorted_by)


def _kept(request: HttpRequest) -> str:
    """What a saved view would keep of this address."""
    query = request.GET.copy()
    for name in set(query) - set(KEPT):
        del query[name]
    return query.urlencode()
