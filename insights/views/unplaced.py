"""Items that fit no problem yet: shown, counted, never hidden."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.views.generic import ListView

from feedback.models import FeedbackItem
from insights.models import Ranking


class UnplacedPage(ListView[FeedbackItem]):
    """Unplaced items, the newest first."""

    template_name = "insights/unplaced.html"
    context_object_name = "items"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[FeedbackItem]:
        """The unplaced items with who said them."""
        return FeedbackItem.objects.unplaced().select_related("account", "contact", "source")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the snapshot that the header names."""
        return {
            **super().get_context_data(**kwargs),
            "ranking": Ranking.objects.first(),
            "readable": settings.HEARD_MODEL_LANGUAGES,
        }
