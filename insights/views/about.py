"""What else there is to know of a problem: parts that take a moment, loaded when they come into view."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from insights.engine.movement import Cause
from insights.models import JiraLink, Problem, Ranking
from insights.services.decisions import decisions_about
from insights.services.facets import facets_of, trend_of
from insights.services.movement import moved_since_another_day
from insights.services.nearness import problems_near

NEAR = 6
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


class ProblemPart(View):
    """A part of a problem's page: alone when the page asks for it, with a frame around it for everybody else."""

    template_name: str

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The part."""
        problem = Problem.objects.live().with_key(key).first()
        if problem is None:
            raise Http404(f"There is no problem {key} now.")
        ranking = Ranking.objects.first()
        context = {"problem": problem, "ranking": ranking, **self.part(problem, ranking)}
        if request.headers.get("HX-Request"):
            return render(request, self.template_name, context)
        return render(request, "insights/part.html", {**context, "part": self.template_name})

    def part(self, problem: Problem, ranking: Ranking | None) -> dict[str, Any]:
        """What it shows."""
        raise NotImplementedError


class AboutPage(ProblemPart):
    """Its year, its facets, what is near in meaning, its Jira issues, and what was decided."""

    template_name = "insights/_about.html"

    def part(self, problem: Problem, ranking: Ranking | None) -> dict[str, Any]:
        """Looked up together."""
        del ranking
        trend = trend_of(problem=problem)
        return {
            "trend": {"weeks": trend.weeks, "items": trend.items, "releases": trend.releases},
            "said": sum(trend.items),
            "facets": facets_of(problem=problem),
            "near": problems_near(problem=problem, count=NEAR),
            "links": JiraLink.objects.of(problem),
            "decisions": decisions_about(problem=problem),
        }


class MovedPage(ProblemPart):
    """Why it moved."""

    template_name = "insights/_moved.html"

    def part(self, problem: Problem, ranking: Ranking | None) -> dict[str, Any]:
        """Since the last snapshot of another day."""
        why = moved_since_another_day(problem=problem, ranking=ranking) if ranking else None
        causes = [(CAUSES[share.cause], share) for share in why.shares if share.customers] if why else []
        return {"why": why, "causes": causes}
