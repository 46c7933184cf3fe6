"""`/api/v1/scenarios/3/ranking/`: the ranked list as a scenario would have it, beside the list itself or another."""

from collections.abc import Mapping, Sequence
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from insights.api.conditional import ConditionalView
from insights.api.cursors import Cursor
from insights.api.parameters import read_page_size, read_values
from insights.api.problem_details import BadParameterError
from insights.api.scenarios import scenario_or_404
from insights.api.serializers import SnapshotSerializer
from insights.models import Problem, Ranking, Scenario
from insights.services.scenarios import draft_imagined, draft_of
from insights.services.what_if import Imagined

NAMES = ("against", "page_size", "cursor", "format")
FIGURES = (
    "rank",
    "rank_delta",
    "score",
    "customers",
    "arr_total",
    "revenue_at_risk",
    "live_rank",
    "live_score",
)
DIGITS, PLACES = 18, 2
EXAMPLE = {
    "scenario": 3,
    "against": 4,
    "currency": "USD",
    "results": [
        {
            "key": "P-12",
            "title": "Single sign-on",
            "status": "planned",
            "rank": 1,
            "rank_delta": 2,
            "score": "184200.00",
            "customers": 14,
            "arr_total": "412000.00",
            "revenue_at_risk": "61500.00",
            "live_rank": 3,
            "live_score": "120100.00",
            "against_rank": 2,
            "against_score": "130000.00",
        }
    ],
    "next": None,
}


class ImaginedSerializer(serializers.Serializer[dict[str, Any]]):
    """One problem, where it would stand and where it stands."""

    key = serializers.CharField()
    title = serializers.CharField()
    status = serializers.CharField()
    rank = serializers.IntegerField(allow_null=True, help_text="Null when nobody who counts asks for it.")
    rank_delta = serializers.IntegerField(allow_null=True, help_text="Places gained against the live list.")
    score = serializers.DecimalField(max_digits=DIGITS, decimal_places=PLACES)
    customers = serializers.IntegerField(help_text="Those who count.")
    arr_total = serializers.DecimalField(max_digits=DIGITS, decimal_places=PLACES)
    revenue_at_risk = serializers.DecimalField(max_digits=DIGITS, decimal_places=PLACES)
    live_rank = serializers.IntegerField()
    live_score = serializers.DecimalField(max_digits=DIGITS, decimal_places=PLACES)
    against_rank = serializers.IntegerField(allow_null=True, help_text="Its rank in the other scenario.")
    against_score = serializers.DecimalField(max_digits=DIGITS, decimal_places=PLACES, allow_null=True)


class ScenarioRankingSerializer(serializers.Serializer[dict[str, Any]]):
    """One page of the list as a scenario would have it."""

    snapshot = SnapshotSerializer(allow_null=True, help_text="What it was worked out from.")
    scenario = serializers.IntegerField()
    against = serializers.IntegerField(allow_null=True)
    currency = serializers.CharField(allow_null=True)
    results = ImaginedSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class ScenarioRankingView(ConditionalView):
    """The ranked list as a scenario would have it. The list itself stays as it is."""

    @extend_schema(
        operation_id="scenario_ranking",
        summary="The list as it would have it",
        parameters=[
            OpenApiParameter("id", int, OpenApiParameter.PATH),
            OpenApiParameter("against", {"type": "integer", "minimum": 1}, description="Compare with this scenario."),
            OpenApiParameter(
                "page_size", {"type": "integer", "minimum": 1}, description="50 unless told, 200 at most."
            ),
            OpenApiParameter("cursor", {"type": "string", "minLength": 1}, description="From `next` of another page."),
        ],
        responses=ScenarioRankingSerializer,
        examples=[OpenApiExample("A page of one row", EXAMPLE, response_only=True)],
    )
    def get(self, request: Request, id: int) -> Response:  # noqa: A002 (the published name)
        """One page, the best rank first, each walk within one snapshot."""
        scenario = scenario_or_404(id)
        values = read_values(request.query_params, NAMES)
        against = _against(values)
        size, cursor = read_page_size(values), _cursor(values)
        ranking = Ranking.objects.filter(pk=cursor.snapshot).first() if cursor else Ranking.objects.first()
        if ranking is None and cursor:
            raise BadParameterError("cursor", "its snapshot is no longer kept; start again without it")
        start = cursor.rank if cursor else 0
        imagined = _imagined(scenario, ranking) if ranking else []
        page = imagined[start : start + size]
        following = Cursor(ranking.pk, "", start + size, backwards=False) if ranking else None
        return Response(
            {
                "snapshot": SnapshotSerializer(ranking).data if ranking else None,
                "scenario": scenario.pk,
                "against": against.pk if against else None,
                "currency": ranking.currency if ranking else None,
                "results": _rows(page, {one.problem_id: one for one in _imagined(against, ranking)}),
                "next": _link(request, following) if following and len(imagined) > start + size else None,
            }
        )


def _imagined(scenario: Scenario | None, ranking: Ranking | None) -> list[Imagined]:
    if scenario is None or ranking is None:
        return []
    return draft_imagined(draft=draft_of(scenario=scenario), ranking=ranking)


def _rows(page: Sequence[Imagined], other: Mapping[int, Imagined]) -> list[dict[str, Any]]:
    problems = Problem.objects.in_bulk([one.problem_id for one in page])
    rows = []
    for one in page:
        problem, beside = problems[one.problem_id], other.get(one.problem_id)
        rows.append(
            {
                **{name: getattr(one, name) for name in FIGURES},
                "key": problem.key,
                "title": problem.title,
                "status": problem.status,
                "against_rank": beside.rank if beside else None,
                "against_score": beside.score if beside else None,
            }
        )
    return [dict(ImaginedSerializer(row).data) for row in rows]


def _against(values: Mapping[str, str]) -> Scenario | None:
    if "against" not in values:
        return None
    text = values["against"]
    number = int(text[:20]) if text.isascii() and text.isdecimal() else 0
    found = Scenario.objects.prefetch_related("without").filter(pk=number).first() if 0 < number < 2**63 else None
    if found is None:
        raise BadParameterError("against", f"there is no scenario {text!r}")
    return found


def _cursor(values: Mapping[str, str]) -> Cursor | None:
    return Cursor.decode(values["cursor"]) if "cursor" in values else None


def _link(request: Request, cursor: Cursor) -> str:
    query = request.query_params.copy()
    query["cursor"] = cursor.encode()
    return str(request.build_absolute_uri(f"{request.path}?{query.urlencode()}"))
