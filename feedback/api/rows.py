"""`POST /api/v1/accounts/` and its like: rows, created or updated by the ids of the system that sends them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from feedback.api.idempotency import PARAMETER, idempotent
from feedback.services.import_kinds import KINDS, SystemNameError
from feedback.services.imports import ImportReport, import_rows

MOST_ROWS = 1000
SYSTEM_PATTERN = "^[a-z0-9_-]{1,40}$"


class YesOrNoField(serializers.BooleanField):
    """True or false, not what may be read as one of them: rows that were to be tried are not stored by a slip."""

    def to_internal_value(self, data: Any) -> bool:
        """Refuse all else."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class TextField(serializers.CharField):
    """A text, not a number that may be read as one."""

    def to_internal_value(self, data: Any) -> str:
        """Refuse all else."""
        if not isinstance(data, str):
            self.fail("invalid")
        text: str = super().to_internal_value(data)
        return text


class RowsSerializer(serializers.Serializer[dict[str, Any]]):
    """Rows of one system."""

    system = TextField(help_text="Whose ids the rows use, such as crm; small letters, digits, - and _.")
    dry_run = YesOrNoField(default=False, help_text="Answer the same and store nothing.")
    rows = serializers.ListField(
        child=serializers.DictField(),
        max_length=MOST_ROWS,
        allow_empty=False,
        help_text="Objects by column name, 1,000 at most. A column that a row lacks stays as it was; null is blank.",
    )

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Refuse what is not known, rather than ignore it."""
        unknown = sorted(set(data) - set(self.fields)) if isinstance(data, Mapping) else []
        if unknown:
            raise ValidationError({name: ["is not a field of this request"] for name in unknown})
        read: dict[str, Any] = super().to_internal_value(data)
        return read


def row_schema(kind: str) -> dict[str, Any]:
    """A row of a kind in the published description. What a row lacks is answered for the row, not for the request."""
    columns = KINDS[kind].columns
    return {
        "type": "object",
        "properties": {column: {"type": ["string", "number", "null"]} for column in columns},
        "additionalProperties": False,
    }


def rows_schema(kind: str) -> dict[str, Any]:
    """What `RowsSerializer` reads, its rows of one kind, in the published description."""
    fields = RowsSerializer().fields
    return {
        "type": "object",
        "properties": {
            "system": {"type": "string", "pattern": SYSTEM_PATTERN, "description": fields["system"].help_text},
            "dry_run": {"type": "boolean", "default": False, "description": fields["dry_run"].help_text},
            "rows": {
                "type": "array",
                "minItems": 1,
                "maxItems": MOST_ROWS,
                "items": row_schema(kind),
                "description": fields["rows"].help_text,
            },
        },
        "required": ["system", "rows"],
        "additionalProperties": False,
    }


class NoteSerializer(serializers.Serializer[Any]):
    """Something to say of one row; rows count from 1."""

    row = serializers.IntegerField()
    column = serializers.CharField()
    reason = serializers.CharField()
    kept = serializers.BooleanField(help_text="False when the row was not stored.")


class ReportSerializer(serializers.Serializer[ImportReport]):
    """What became of the rows."""

    rows = serializers.IntegerField()
    created = serializers.IntegerField(source="stored.created")
    updated = serializers.IntegerField(source="stored.updated")
    unchanged = serializers.IntegerField(source="stored.unchanged")
    refused = serializers.IntegerField()
    notes = NoteSerializer(many=True)


class RowsView(APIView):
    """One kind of rows; subclasses name it."""

    kind: str

    @idempotent
    def post(self, request: Request) -> Response:
        """Store the good rows, answer each of the others."""
        return rows_store(self.kind, request.data)


def rows_store(kind: str, data: Any) -> Response:
    """Store the good rows of a request's body, answer each of the others.

    Raises:
        ValidationError: the body is not what `RowsSerializer` describes.
    """
    body = RowsSerializer(data=data)
    body.is_valid(raise_exception=True)
    asked = body.validated_data
    columns = KINDS[kind].columns
    rows = [texts_of(f"rows[{number}].", row, columns) for number, row in enumerate(asked["rows"], start=1)]
    try:
        report = import_rows(kind=kind, rows=rows, system=asked["system"], dry_run=asked["dry_run"])
    except SystemNameError as error:
        raise ValidationError({"system": [str(error)]}) from None
    return Response(ReportSerializer(report).data)


def texts_of(place: str, row: Mapping[str, Any], columns: tuple[str, ...]) -> dict[str, str]:
    """A row's values as the parsers read them from any table; `place` says where in the body the row stands.

    Raises:
        ValidationError: a name that is no column, or a value that is neither a text, a number nor null.
    """
    unknown = sorted(set(row) - set(columns))
    if unknown:
        raise ValidationError({f"{place}{unknown[0]}": [f"is not a column; known: {', '.join(columns)}"]})
    texts: dict[str, str] = {}
    for column, value in row.items():
        if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal | None):
            raise ValidationError({f"{place}{column}": ["is neither a text, a number nor null"]})
        texts[column] = "" if value is None else str(value)
    return texts


def rows_view(kind: str, what: str) -> type[RowsView]:
    """The door for one kind of rows, as the published description names it."""

    class View(RowsView):
        @extend_schema(
            operation_id=f"{kind}_upsert",
            summary=f"Create or update {what}",
            parameters=[PARAMETER],
            request={"application/json": rows_schema(kind)},
            responses=ReportSerializer,
        )
        def post(self, request: Request) -> Response:
            return super().post(request)

    View.kind = kind
    View.__doc__ = f"Rows of {what}."
    return View


ROW_VIEWS: dict[str, type[RowsView]] = {
    "accounts": rows_view("accounts", "accounts"),
    "contacts": rows_view("contacts", "contacts"),
    "usage": rows_view("usage", "usage readings"),
    "nps": rows_view("nps", "NPS answers"),
    "invoices": rows_view("invoices", "invoices"),
    "churn-events": rows_view("churn_events", "accounts that left or returned"),
}
