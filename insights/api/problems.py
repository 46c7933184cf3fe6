"""`GET /api/v1/problems/P-12/` and its receipt."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from insights.api.conditional import ConditionalView
from insights.api.ranking import ranking_json
from insights.api.serializers import RankedProblemSerializer, ReceiptSerializer
from insights.models import Problem, Ranking, RankingEntry


class ProblemView(ConditionalView):
    """One problem as the latest snapshot ranks it."""

    @extend_schema(operation_id="problem_get", summary="One problem", responses=RankedProblemSerializer)
    def get(self, _request: Request, key: str) -> Response:
        """Small and flat: the row of the ranked list."""
        entry = _entry(key)
        body: dict[str, Any] = ranking_json(entry.ranking, [entry])
        return Response(body["results"][0])


class ReceiptView(ConditionalView):
    """The receipt of one problem's score."""

    @extend_schema(operation_id="problem_receipt", summary="What adds up to the score", responses=ReceiptSerializer)
    def get(self, _request: Request, key: str) -> Response:
        """Every line, largest first; they sum to the score to the cent."""
        entry = _entry(key)
        return Response(ReceiptSerializer(entry.receipt, context={"currency": entry.ranking.currency}).data)


def _entry(key: str) -> RankingEntry:
    problem = Problem.objects.with_key(key).first()
    ranking = Ranking.objects.first()
    entry: RankingEntry | None = (
        ranking.entries.listed().filter(problem=problem).first() if ranking and problem else None
    )
    if problem is None or entry is None:
        raise Http404
    return entry
