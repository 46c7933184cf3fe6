"""`GET /api/v1/problems/P-12/evidence/`: everything that was said about a problem, newest first."""

import datetime as dt
from typing import Any

from django.core import signing
from django.db.models import Q
from django.http import Http404
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from insights.api.accounts import AccountNameSerializer
from insights.api.conditional import ConditionalView
from insights.api.parameters import read_page_size, read_values
from insights.api.problem_details import BadParameterError
from insights.models import Membership, Problem

SIGNER = signing.Signer(salt="heard.evidence.cursor")
NAMES = ("page_size", "cursor", "format")


class EvidenceSerializer(serializers.ModelSerializer[Membership]):
    """One item of a problem: what was said, personal data replaced by tokens, and by whom."""

    text = serializers.CharField(source="item.text")
    account = AccountNameSerializer(source="item.account.company", allow_null=True, default=None)
    said_at = serializers.DateTimeField(source="item.said_at")
    severity = serializers.CharField(source="item.severity")
    source = serializers.CharField(source="item.source.key")  # type: ignore[assignment]  # not Field.source
    external_id = serializers.CharField(source="item.external_id")

    class Meta:
        model = Membership
        fields = ("text", "account", "said_at", "severity", "confidence", "source", "external_id")


class EvidencePageSerializer(serializers.Serializer[dict[str, Any]]):
    """One page of the evidence."""

    results = EvidenceSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class EvidenceView(ConditionalView):
    """What customers said about one problem."""

    @extend_schema(
        operation_id="problem_evidence",
        summary="What customers said",
        parameters=[
            OpenApiParameter(
                "page_size",
                {"type": "integer", "minimum": 1},
                description="Items on a page, 50 unless told, 200 at most.",
            ),
            OpenApiParameter("cursor", {"type": "string", "minLength": 1}, description="From `next` of another page."),
        ],
        responses=EvidencePageSerializer,
    )
    def get(self, request: Request, key: str) -> Response:
        """One page; an item that comes in later stands before the first page and shifts none."""
        values = read_values(request.query_params, NAMES)
        size = read_page_size(values)
        problem = Problem.objects.live().with_key(key).first()
        if problem is None:
            raise Http404
        behind = _behind(values["cursor"]) if "cursor" in values else Q()
        found = list(problem.memberships.filter(behind).evidence()[: size + 1])
        return Response(
            {
                "results": EvidenceSerializer(found[:size], many=True).data,
                "next": _link(request, found[size - 1]) if len(found) > size else None,
            }
        )


def _behind(cursor: str) -> Q:
    try:
        moment, pk = SIGNER.unsign_object(cursor)
        said_at: dt.datetime | None = parse_datetime(moment)
    except (signing.BadSignature, TypeError, ValueError):
        raise BadParameterError("cursor", "is not a cursor of this list; start again without it") from None
    return Q(item__said_at__lt=said_at) | Q(item__said_at=said_at, pk__lt=pk)


def _link(request: Request, last: Membership) -> str:
    query = request.query_params.copy()
    query["cursor"] = SIGNER.sign_object([last.item.said_at.isoformat(), last.pk])
    return str(request.build_absolute_uri(f"{request.path}?{query.urlencode()}"))
