"""The map of problems with the tree of themes."""

from dataclasses import dataclass
from math import sqrt
from typing import Any

from django.views.generic import TemplateView

from insights.models import Ranking
from insights.services.mapping import Bubble, landscape_of

# The drawing, in its own units; the largest bubble; the smallest that can be hit.
WIDTH, HEIGHT, MARGIN = 1000, 700, 60
LARGEST, SMALLEST = 46, 5
COLOURS = 10
LABELS = 14


@dataclass(frozen=True)
class Circle:
    """A bubble as it is drawn: numbers as text, without separators."""

    bubble: Bubble
    cx: str
    cy: str
    r: str
    colour: int
    labelled: bool


class MapPage(TemplateView):
    """Nearness is meaning, area is score, colour is theme."""

    template_name = "insights/map.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the circles, the largest first, so that small ones lie on top."""
        ranking = Ranking.objects.first()
        context = {**super().get_context_data(**kwargs), "ranking": ranking}
        if ranking is None:
            return context
        landscape = landscape_of(ranking=ranking)
        most = max((bubble.score for bubble in landscape.bubbles), default=0)
        return {
            **context,
            "landscape": landscape,
            "circles": [_circle(bubble, float(most), place < LABELS) for place, bubble in enumerate(landscape.bubbles)],
            "branches": [(branch, min(place, COLOURS - 1)) for place, branch in enumerate(landscape.branches)],
        }


def _circle(bubble: Bubble, most: float, labelled: bool) -> Circle:  # noqa: FBT001
    radius = max(LARGEST * sqrt(float(bubble.score) / most) if most else 0, SMALLEST)
    return Circle(
        bubble=bubble,
        cx=f"{MARGIN + bubble.x * (WIDTH - 2 * MARGIN):.1f}",
        cy=f"{MARGIN + bubble.y * (HEIGHT - 2 * MARGIN):.1f}",
        r=f"{radius:.1f}",
        colour=min(bubble.theme, COLOURS - 1),
        labelled=labelled,
    )
