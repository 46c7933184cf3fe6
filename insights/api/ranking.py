"""`GET /api/v1/ranking/`: the ranked list."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from insights.api.cursors import Cursor
from insights.api.parameters import AMOUNTS_END, FIELDS, RankingParameters, read_parameters
from insights.api.problem_details import BadParameterError
from insights.api.remembered import RememberedView
from insights.api.serializers import RankedProblemSerializer, RankingPageSerializer, SnapshotSerializer
from insights.models import Ranking, RankingEntry, Status
from insights.querysets import ORDERINGS, RankingEntryQuerySet
from insights.services.evidence import quotes_of

TEXT = {"type": "string", "minLength": 1}


def _parameter(name: str, description: str, type_: Any = TEXT, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, type_, OpenApiParameter.QUERY, description=description, **more)


def _several(names: Sequence[str]) -> dict[str, str]:
    """Some of these, separated by commas."""
    one = f"({'|'.join(names)})"
    return {"type": "string", "pattern": f"^{one}(,{one})*$"}


FILTER_PARAMETERS = [
    _parameter("status", "One or more statuses, separated by commas.", _several(Status.values)),
    _parameter("theme", "The name of a theme."),
    _parameter("segment", "Problems that an account of this segment asks about."),
    _parameter(
        "min_arr",
        "At least this much revenue behind the problem.",
        {"type": "number", "minimum": 0, "exclusiveMaximum": float(AMOUNTS_END)},
    ),
    _parameter("updated_since", "Changed since then.", OpenApiTypes.DATETIME),
    _parameter("ordering", "Largest first, blanks last; `rank` is the order of the score.", enum=list(ORDERINGS)),
]


EXAMPLE = {
    "snapshot": {
        "id": 41,
        "number": 41,
        "computed_at": "2026-03-31T03:05:12Z",
        "weights_version": "1",
        "items": 1042,
        "placed": 913,
        "unplaced": 127,
        "quarantined": 2,
    },
    "results": [
        {
            "key": "P-12",
            "rank": 1,
            "rank_delta": 2,
            "rank_range": [1, 3],
            "score": "184200.00",
            "currency": "USD",
            "title": "Single sign-on",
            "job_statement": "When staff join or leave, I want one sign-on, so I can keep accounts in step.",
            "theme": "Access",
            "status": "planned",
            "customers": 14,
            "contacts": 22,
            "items": 31,
            "arr_total": "412000.00",
            "revenue_at_risk": "61500.00",
            "renewals_90d": 3,
            "trend_30d": 5,
            "effort": "4.00",
            "impact": "2.00",
            "confidence": 80,
            "rice": "5.6000",
            "value_per_effort": "46050.00",
            "survey_answers": 12,
            "opportunity": None,
            "blank_because": {"opportunity": "12 of 30 survey answers needed"},
            "evidence": [
                {
                    "text": "We need SSO with our identity provider, write to [email]",
                    "said_at": "2026-03-30T10:00:00Z",
                    "account": "Example Ltd",
                    "source": "helpdesk",
                }
            ],
            "links": {
                "page": "/problems/P-12/",
                "api": "/api/v1/problems/P-12/",
                "receipt": "/api/v1/problems/P-12/receipt/",
            },
            "updated_at": "2026-03-31T03:05:12Z",
        }
    ],
    "next": None,
    "previous": None,
}


class RankingView(RememberedView):
    """The ranked list of problems, page by page, each walk within one snapshot."""

    @extend_schema(
        operation_id="ranking_list",
        summary="The ranked list",
        parameters=[
            *FILTER_PARAMETERS,
            _parameter("fields", "Only these fields of each row, separated by commas.", _several(FIELDS)),
            _parameter("page_size", "Rows on a page, 50 unless told, 200 at most.", {"type": "integer", "minimum": 1}),
            _parameter("cursor", "From `next` or `previous` of another page."),
        ],
        responses=RankingPageSerializer,
        examples=[OpenApiExample("A page of one row", EXAMPLE, response_only=True)],
    )
    def get(self, request: Request) -> HttpResponseBase:
        """One page of the latest snapshot, or of the snapshot that the cursor names."""
        ready = self.remembered()
        if ready is not None:
            return ready
        parameters = read_parameters(request.query_params)
        ranking = _snapshot(parameters)
        if ranking is None:
            return Response({"snapshot": None, "results": [], "next": None, "previous": None})
        entries, before, after = _page(
            RankingEntry.objects.filter(parameters.filters, ranking=ranking).listed(), parameters
        )
        return Response(
            {
                **ranking_json(ranking, entries, parameters.fields),
                "next": _link(request, _cursor(entries[-1], parameters, backwards=False)) if after else None,
                "previous": _link(request, _cursor(entries[0], parameters, backwards=True)) if before else None,
            }
        )


def ranking_json(ranking: Ranking, entries: Sequence[RankingEntry], fields: Sequence[str] = FIELDS) -> dict[str, Any]:
    """A snapshot and some of its entries in the shape of the API."""
    return {"snapshot": SnapshotSerializer(ranking).data, "results": rows_json(entries, fields)}


def rows_json(entries: Sequence[RankingEntry], fields: Sequence[str]) -> list[dict[str, Any]]:
    """Entries as rows with these fields."""
    wanted = entries if "evidence" in fields else ()
    quotes = quotes_of(problem_ids=[entry.problem_id for entry in wanted])
    rows = RankedProblemSerializer(entries, many=True, context={"quotes": quotes, "fields": fields}).data
    return [dict(row) for row in rows]


def _snapshot(parameters: RankingParameters) -> Ranking | None:
    if parameters.cursor is None:
        return Ranking.objects.first()
    ranking = Ranking.objects.filter(pk=parameters.cursor.snapshot).first()
    if ranking is None:
        raise BadParameterError("cursor", "its snapshot is no longer kept; start again without it")
    return ranking


def _page(entries: RankingEntryQuerySet, parameters: RankingParameters) -> tuple[list[RankingEntry], bool, bool]:
    """The rows of the page, and whether there are rows before and after it."""
    cursor, size = parameters.cursor, parameters.page_size
    backwards = cursor is not None and cursor.backwards
    if cursor is not None:
        entries = entries.filter(_behind(cursor, parameters.ordering))
    found = list(entries.in_order(parameters.ordering, backwards=backwards)[: size + 1])
    more, rows = len(found) > size, found[:size]
    if backwards:
        return rows[::-1], more, bool(rows)
    return rows, cursor is not None and bool(rows), more


def _behind(cursor: Cursor, ordering: str) -> Q:
    beyond = "lt" if cursor.backwards else "gt"
    by_rank = Q(**{f"rank__{beyond}": cursor.rank})
    if ordering == "rank":
        return by_rank
    blank = Q(**{f"{ordering}__isnull": True})
    if cursor.value is None:
        return (~blank | by_rank) if cursor.backwards else (blank & by_rank)
    value = Decimal(cursor.value)
    tied = Q(**{ordering: value}) & by_rank
    if cursor.backwards:
        return Q(**{f"{ordering}__gt": value}) | tied
    return Q(**{f"{ordering}__lt": value}) | tied | blank


def _cursor(entry: RankingEntry, parameters: RankingParameters, *, backwards: bool) -> Cursor:
    value = getattr(entry, parameters.ordering)
    return Cursor(entry.ranking_id, None if value is None else str(value), entry.rank, backwards)


def _link(request: Request, cursor: Cursor) -> str:
    query = request.query_params.copy()
    query["cursor"] = cursor.encode()
    return str(request.build_absolute_uri(f"{request.path}?{query.urlencode()}"))
