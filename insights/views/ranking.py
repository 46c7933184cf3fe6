"""The ranked list as a page."""

from typing import Any

from django.db.models import QuerySet
from django.views.generic import ListView

from feedback.models import FeedbackItem
from insights.models import Ranking, RankingEntry, Status

OPEN = (Status.NEW, Status.CONFIRMED, Status.PLANNED, Status.IN_PROGRESS)
EVERYTHING = "all"


class RankingPage(ListView[RankingEntry]):
    """The latest snapshot, best rank first. The status filter lives in the address."""

    template_name = "insights/ranking.html"
    context_object_name = "entries"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[RankingEntry]:
        """The entries of the latest snapshot, open problems only unless told otherwise."""
        self.ranking = Ranking.objects.first()
        status = self.request.GET.get("status", "")
        entries = RankingEntry.objects.filter(ranking=self.ranking).listed()
        if status == EVERYTHING:
            return entries
        return entries.filter(problem__status__in=[status] if status in Status.values else OPEN)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the snapshot and the filter."""
        status = self.request.GET.get("status", "")
        return {
            **super().get_context_data(**kwargs),
            "ranking": self.ranking,
            "statuses": Status.choices,
            "status": status if status in {*Status.values, EVERYTHING} else "",
            "waiting": FeedbackItem.objects.waiting().count(),
        }
