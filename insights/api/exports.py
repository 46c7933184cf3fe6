"""`GET /api/v1/ranking/export/`: the whole ranked list as one file."""

import csv
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.views import APIView

from insights.api.parameters import EXPORT_NAMES, FIELDS, read_parameters
from insights.api.problem_details import BadParameterError
from insights.api.ranking import FILTER_PARAMETERS, rows_json
from insights.models import Ranking, RankingEntry
from insights.services.cells import cell

BATCH = 500
TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}
FLAT = tuple(field for field in FIELDS if field not in {"rank_range", "blank_because", "evidence", "links"})
COLUMNS = (*FLAT, "rank_best", "rank_worst", "page")


class _AnyAccept(BaseContentNegotiation):
    """The parameter `as` says what is wanted: a browser's `Accept` is none of our business."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The first one, which errors are written with."""
        return renderers[0], renderers[0].media_type


class _Line:
    """Where the CSV writer writes to: a line is handed back instead of kept."""

    def write(self, line: str) -> str:
        return line


class RankingExportView(APIView):
    """Every row of the latest snapshot, streamed."""

    content_negotiation_class = _AnyAccept

    @extend_schema(
        operation_id="ranking_export",
        summary="The ranked list as a file",
        parameters=[
            OpenApiParameter(
                "as", OpenApiTypes.STR, enum=list(TYPES), description="The format: CSV unless told, or JSON Lines."
            ),
            *FILTER_PARAMETERS,
        ],
        responses={(200, "text/csv"): OpenApiTypes.STR, (200, "application/jsonl"): OpenApiTypes.STR},
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        """The same figures as the list, all of one snapshot."""
        parameters = read_parameters(request.query_params, EXPORT_NAMES)
        as_ = request.query_params.get("as", "csv")
        if as_ not in TYPES:
            raise BadParameterError("as", f"is none of {', '.join(TYPES)}")
        ranking = Ranking.objects.first()
        entries = (
            RankingEntry.objects.filter(parameters.filters, ranking=ranking).listed().in_order(parameters.ordering)
        )
        lines = csv_lines(entries) if as_ == "csv" else _json_lines(entries)
        name = f"ranking-{ranking.number}.{as_}" if ranking else f"ranking.{as_}"
        return StreamingHttpResponse(
            lines,
            content_type=TYPES[as_],
            headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-cache"},
        )


def _json_lines(entries: QuerySet[RankingEntry]) -> Iterator[str]:
    for row in _rows(entries, FIELDS):
        yield json.dumps(row, cls=JSONEncoder, ensure_ascii=False) + "\n"


def csv_lines(entries: QuerySet[RankingEntry]) -> Iterator[str]:
    """Entries as the lines of a CSV file, headings first."""
    writer = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    for row in _rows(entries, (*FLAT, "rank_range", "links")):
        flat = [*(row[name] for name in FLAT), *row["rank_range"], row["links"]["page"]]
        yield writer.writerow([cell(value) for value in flat])


def _rows(entries: QuerySet[RankingEntry], fields: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    found = entries.iterator(chunk_size=BATCH)
    while batch := list(islice(found, BATCH)):
        yield from rows_json(batch, fields)
