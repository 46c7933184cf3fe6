"""The search box: what holds the words at once, what means the same a moment later."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import TemplateView

from insights.models import Problem, Ranking
from insights.querysets import KEY
from insights.services.asking import found_by_meaning, found_by_words

MOST = 200


class AskPage(TemplateView):
    """What holds every word of `q`. The key of a problem leads to it."""

    template_name = "insights/ask.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The answer, or the problem that was named."""
        self.asked = _asked(request)
        key = self.asked.upper()
        if KEY.fullmatch(key) and Problem.objects.with_key(key).exists():
            return redirect("insights:problem", key=key)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what was found by words."""
        return {
            **super().get_context_data(**kwargs),
            "ranking": Ranking.objects.first(),
            "asked": self.asked,
            "words": found_by_words(self.asked) if self.asked else None,
        }


class AskMeaning(TemplateView):
    """What means about the same as `q`, as a fragment or as a page."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The nearest problems and items."""
        del args, kwargs
        asked = _asked(request)
        context = {"asked": asked, "meaning": found_by_meaning(asked) if asked else None}
        if request.headers.get("HX-Request"):
            return render(request, "insights/_ask_meaning.html", context)
        return render(request, "insights/ask.html", {**context, "ranking": Ranking.objects.first()})


def _asked(request: HttpRequest) -> str:
    return " ".join(request.GET.get("q", "").replace("\x00", "").split())[:MOST]
