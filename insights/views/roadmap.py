"""The roadmap: problems by status, with the demand that each column answers."""

from typing import Any

from django.views.generic import TemplateView

from insights.models import Ranking
from insights.services.roadmap import roadmap_of


class RoadmapPage(TemplateView):
    """Six columns of the latest snapshot."""

    template_name = "insights/roadmap.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the columns, or with nothing before there is a ranking."""
        ranking = Ranking.objects.first()
        return {
            **super().get_context_data(**kwargs),
            "ranking": ranking,
            "roadmap": roadmap_of(ranking=ranking) if ranking else None,
        }
