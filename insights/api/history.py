"""`GET /api/v1/problems/P-12/history/`: how a problem stood in each kept snapshot, and why it moved."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from insights.api.conditional import ConditionalView
from insights.api.parameters import read_page_size, read_values
from insights.api.problem_details import BadParameterError
from insights.models import Problem
from insights.services.movement import Moment, Why, problem_history

NAMES = ("page_size", "before", "format")
MOST = 50
DIGITS = 9


def _money(**more: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=18, decimal_places=2, **more)


class WhySerializer(serializers.Serializer[Why]):
    """The change since the snapshot before, and its causes: they sum to it to the cent."""

    since = serializers.IntegerField(source="since.number", help_text="Number of the snapshot compared with.")
    change = _money()
    new_customers = _money(help_text="Customers who did not ask before.")
    lost_customers = _money(help_text="Customers who no longer ask.")
    regrouping = _money(help_text="Items that came from or went to other problems.")
    items = _money(help_text="Items of customers who asked before: new, gone or corrected.")
    ageing = _money(help_text="What was said is older.")
    value = _money(help_text="Revenue and pipeline of the customers.")
    churn_risk = _money(help_text="Churn risk and nearness of the renewal.")
    fit = _money(help_text="How well the customers fit.")
    weights = _money(help_text="The weights of the score.")

    def to_representation(self, instance: Why) -> dict[str, Any]:
        """One field for each cause."""
        shares = {share.cause.value: f"{share.amount:.2f}" for share in instance.shares}
        return {"since": instance.since.number, "change": f"{instance.change:.2f}", **shares}


class MomentSerializer(serializers.Serializer[Moment]):
    """A problem in one snapshot."""

    snapshot = serializers.IntegerField(source="entry.ranking.number")
    computed_at = serializers.DateTimeField(source="entry.ranking.computed_at")
    rank = serializers.IntegerField(source="entry.rank")
    score = _money(source="entry.score")
    currency = serializers.CharField(source="entry.ranking.currency")
    customers = serializers.IntegerField(source="entry.customers")
    why = WhySerializer(allow_null=True, help_text="Null in the oldest snapshot.")


class HistoryPageSerializer(serializers.Serializer[dict[str, Any]]):
    """One page of a problem's history."""

    results = MomentSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class HistoryView(ConditionalView):
    """The history of one problem."""

    @extend_schema(
        operation_id="problem_history",
        summary="How it stood, and why it moved",
        parameters=[
            OpenApiParameter(
                "page_size",
                {"type": "integer", "minimum": 1},
                description="Snapshots on a page, at most and usually 50.",
            ),
            OpenApiParameter(
                "before",
                {"type": "integer", "minimum": 0, "maximum": 10**DIGITS - 1},
                description="Only snapshots with a smaller number.",
            ),
        ],
        responses=HistoryPageSerializer,
    )
    def get(self, request: Request, key: str) -> Response:
        """The newest snapshot first. A problem that was merged keeps its history."""
        values = read_values(request.query_params, NAMES)
        problem = Problem.objects.with_key(key).first()
        if problem is None:
            raise Http404
        size = min(read_page_size(values), MOST)
        found = problem_history(problem=problem, before=_before(values), limit=size + 1)
        page = found[:size]
        following = _link(request, page[-1]) if len(found) > size else None
        return Response(HistoryPageSerializer({"results": page, "next": following}).data)


def _before(values: dict[str, str]) -> int | None:
    text = values.get("before")
    if text is None:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > DIGITS:
        raise BadParameterError("before", "is not the number of a snapshot")
    return int(text)


def _link(request: Request, last: Moment) -> str:
    query = request.query_params.copy()
    query["before"] = str(last.entry.ranking.number)
    return str(request.build_absolute_uri(f"{request.path}?{query.urlencode()}"))
