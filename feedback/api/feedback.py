"""`POST /api/v1/feedback/`: what customers said, one item or many."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from feedback.api.idempotency import PARAMETER, idempotent
from feedback.api.rows import SYSTEM_PATTERN, ReportSerializer, row_schema, rows_schema, rows_store, texts_of
from feedback.models import FeedbackItem
from feedback.services.import_kinds import KINDS, SystemNameError
from feedback.services.imports import ImportReport, import_rows

KIND = "feedback"
OWN_SYSTEM = "api"
COLUMNS = KINDS[KIND].columns


class ItemSerializer(serializers.ModelSerializer[FeedbackItem]):
    """The item as it is kept."""

    source = serializers.CharField(source="source.key")  # type: ignore[assignment]  # the published name
    text = serializers.CharField(help_text="Personal data replaced by tokens.")
    account = serializers.CharField(source="account.external_id", allow_null=True, default=None)
    notes = serializers.SerializerMethodField(help_text="What there is to say of it, such as an account nobody knows.")

    class Meta:
        model = FeedbackItem
        fields = ("id", "source", "external_id", "state", "text", "said_at", "account", "notes")

    def get_notes(self, _item: FeedbackItem) -> list[str]:
        """Column and reason."""
        report: ImportReport = self.context["report"]
        return [f"{note.column}: {note.reason}" for note in report.notes]


def _one_schema() -> dict[str, Any]:
    """One item in the published description: a row, and whose ids it uses."""
    one = row_schema(KIND)
    one["required"] = list(KINDS[KIND].required)
    about = f"Whose ids these are; {OWN_SYSTEM} unless told."
    one["properties"]["system"] = {"type": "string", "pattern": SYSTEM_PATTERN, "description": about}
    return one


class FeedbackView(APIView):
    """Intake for programs."""

    @extend_schema(
        operation_id="feedback_create",
        summary="Send feedback",
        description="One object, or `rows` of a system like the other rows, 1,000 at most.",
        parameters=[PARAMETER],
        request={"application/json": {"oneOf": [_one_schema(), rows_schema(KIND)]}},
        responses={
            201: ItemSerializer,
            200: PolymorphicProxySerializer(
                "FeedbackAnswer", [ItemSerializer, ReportSerializer], resource_type_field_name=None
            ),
        },
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """201 with a new item, 200 with one that was known, 200 with a report on rows."""
        if isinstance(request.data, Mapping) and "rows" not in request.data:
            return _one(request.data)
        return rows_store(KIND, request.data)


def _one(data: Mapping[str, Any]) -> Response:
    row = {name: value for name, value in data.items() if name != "system"}
    system = data.get("system", OWN_SYSTEM)
    if not isinstance(system, str):
        raise ValidationError({"system": ["is not a text"]})
    values = texts_of("", row, COLUMNS)
    try:
        report = import_rows(kind=KIND, rows=[values], system=system)
    except SystemNameError as error:
        raise ValidationError({"system": [str(error)]}) from None
    if report.refused:
        raise ValidationError({note.column: [note.reason] for note in report.notes})
    source = values.get("source", "").strip().lower() or system
    item = FeedbackItem.objects.select_related("source", "account").get(
        source__key=source, external_id=values["external_id"].strip()
    )
    status = 201 if report.stored.created else 200
    return Response(ItemSerializer(item, context={"report": report}).data, status)
