"""`/api/v1/scenarios/`: saved what-ifs, and the list as each would have it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers.models import Account
from customers.services.references import companies_find
from feedback.api.idempotency import PARAMETER, idempotent
from insights.api.conditional import ConditionalView
from insights.models import Scenario
from insights.models.weights import RANGES
from insights.services.scenarios import Draft, ScenarioRefusedError, draft_of, scenario_save

MOST_WITHOUT = 200
SCENARIO = {
    "id": 3,
    "name": "Without Initech",
    "weights": {"churn_weight": "4"},
    "segment": "enterprise",
    "prospects": False,
    "without": ["A-17"],
    "author": "ann",
    "created_at": "2026-11-02T09:30:00Z",
    "updated_at": "2026-11-02T09:30:00Z",
    "links": {"api": "/api/v1/scenarios/3/", "ranking": "/api/v1/scenarios/3/ranking/"},
}
WISH = {name: SCENARIO[name] for name in ("name", "weights", "segment", "prospects", "without")}


class WeightsSerializer(serializers.Serializer[dict[str, Any]]):
    """The weights that differ; what is left out is as in the ranking."""

    def get_fields(self) -> dict[str, Any]:
        """One for each weight."""
        return {
            name: serializers.DecimalField(
                max_digits=8, decimal_places=4, min_value=low, max_value=high, required=False
            )
            for name, (low, high) in RANGES.items()
        }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Read the weights; one that is not known is answered, never ignored."""
        _known(data, self.fields)
        values: dict[str, Any] = super().to_internal_value(data)
        return values


class ScenarioLinksSerializer(serializers.Serializer[dict[str, str]]):
    """Where to read on."""

    api = serializers.CharField()
    ranking = serializers.CharField()


class ScenarioSerializer(serializers.ModelSerializer[Scenario]):
    """A saved what-if."""

    weights = serializers.DictField(child=serializers.CharField(), help_text="The weights that differ, by name.")
    without = serializers.SerializerMethodField()
    author = serializers.SerializerMethodField()
    links = serializers.SerializerMethodField()

    class Meta:
        model = Scenario
        fields = (
            "id",
            "name",
            "weights",
            "segment",
            "prospects",
            "without",
            "author",
            "created_at",
            "updated_at",
            "links",
        )

    def get_without(self, scenario: Scenario) -> list[str]:
        """Ids of the accounts whose families do not count."""
        return [account.external_id for account in scenario.without.all()]

    def get_author(self, scenario: Scenario) -> str | None:
        """Who made it; null when a program did."""
        return scenario.author.get_username() if scenario.author else None

    def get_links(self, scenario: Scenario) -> dict[str, str]:
        """Where to read on."""
        api = f"/api/v1/scenarios/{scenario.pk}/"
        return {"api": api, "ranking": f"{api}ranking/"}


class ScenariosSerializer(serializers.Serializer[dict[str, Any]]):
    """All saved what-ifs, by name."""

    results = ScenarioSerializer(many=True)


class ScenarioWishSerializer(serializers.Serializer[dict[str, Any]]):
    """What a scenario shall say."""

    name = serializers.CharField(max_length=120)
    weights = WeightsSerializer(required=False, help_text="The weights that differ.")
    segment = serializers.CharField(
        required=False, allow_blank=True, max_length=100, help_text="Only its accounts count."
    )
    prospects = serializers.BooleanField(required=False, help_text="Whether prospects count; they do unless told.")
    without = serializers.ListField(
        child=serializers.CharField(max_length=200),
        required=False,
        max_length=MOST_WITHOUT,
        help_text="Ids of accounts whose families do not count.",
    )

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Read the fields; one that is not known is answered, never ignored."""
        _known(data, self.fields)
        values: dict[str, Any] = super().to_internal_value(data)
        return values


class ScenariosView(APIView):
    """The saved what-ifs."""

    @extend_schema(
        operation_id="scenario_list",
        summary="Scenarios",
        responses=ScenariosSerializer,
        examples=[OpenApiExample("One scenario", {"results": [SCENARIO]}, response_only=True)],
    )
    def get(self, _request: Request) -> Response:
        """All of them, by name."""
        return Response(ScenariosSerializer({"results": _scenarios()}).data)

    @extend_schema(
        operation_id="scenario_create",
        summary="Save a scenario",
        parameters=[PARAMETER],
        request=ScenarioWishSerializer,
        responses={201: ScenarioSerializer},
        examples=[
            OpenApiExample("A what-if", WISH, request_only=True),
            OpenApiExample("Saved", SCENARIO, response_only=True, status_codes=["201"]),
        ],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Keep a new what-if."""
        return Response(ScenarioSerializer(_saved(request, None)).data, 201)


class ScenarioView(ConditionalView):
    """One saved what-if."""

    @extend_schema(
        operation_id="scenario_get",
        summary="One scenario",
        parameters=[OpenApiParameter("id", int, OpenApiParameter.PATH)],
        responses=ScenarioSerializer,
        examples=[OpenApiExample("A scenario", SCENARIO, response_only=True)],
    )
    def get(self, _request: Request, id: int) -> Response:  # noqa: A002 (the published name)
        """What it says."""
        return Response(ScenarioSerializer(scenario_or_404(id)).data)

    @extend_schema(
        operation_id="scenario_update",
        summary="Change a scenario",
        description="What the body leaves out stays as it is; `weights` and `without` are replaced whole.",
        parameters=[OpenApiParameter("id", int, OpenApiParameter.PATH)],
        request=ScenarioWishSerializer(partial=True),
        responses=ScenarioSerializer,
        examples=[
            OpenApiExample("Another name", {"name": "Without Initech and Globex"}, request_only=True),
            OpenApiExample("Changed", SCENARIO, response_only=True),
        ],
    )
    def patch(self, request: Request, id: int) -> Response:  # noqa: A002 (the published name)
        """Change what the body names."""
        return Response(ScenarioSerializer(_saved(request, scenario_or_404(id))).data)

    @extend_schema(
        operation_id="scenario_delete",
        summary="Delete a scenario",
        description="It is gone for everybody. The ranked list never knew it.",
        parameters=[OpenApiParameter("id", int, OpenApiParameter.PATH)],
        responses={204: None},
    )
    def delete(self, _request: Request, id: int) -> Response:  # noqa: A002 (the published name)
        """Forget it."""
        scenario_or_404(id).delete()
        return Response(status=204)


def scenario_or_404(number: int) -> Scenario:
    """The scenario of a number.

    Raises:
        Http404: there is none.
    """
    scenario = _scenarios().filter(pk=number).first() if number < 2**63 else None
    if scenario is None:
        raise Http404
    return scenario


def _scenarios() -> QuerySet[Scenario]:
    return Scenario.objects.select_related("author").prefetch_related("without")


def _saved(request: Request, scenario: Scenario | None) -> Scenario:
    wish = ScenarioWishSerializer(data=request.data, partial=scenario is not None)
    wish.is_valid(raise_exception=True)
    asked: dict[str, Any] = wish.validated_data
    before = draft_of(scenario=scenario) if scenario else Draft()
    draft = Draft(
        weights=asked.get("weights", before.weights),
        segment=asked.get("segment", before.segment),
        prospects=asked.get("prospects", before.prospects),
        without=_accounts(asked["without"]) if "without" in asked else before.without,
    )
    author = request.user if request.user.is_authenticated else None
    name = asked.get("name", scenario.name if scenario else "")
    try:
        return scenario_save(name=name, draft=draft, scenario=scenario, author=author)
    except ScenarioRefusedError as refused:
        raise ValidationError({refused.name: [refused.reason]}) from None


def _accounts(references: Sequence[str]) -> list[Account]:
    companies, unknown = companies_find(references=references)
    if unknown:
        raise ValidationError({"without": [f"there is no account {unknown[0]!r}"]})
    return companies


def _known(data: Any, fields: Mapping[str, Any]) -> None:
    unknown = set(data) - set(fields) if isinstance(data, Mapping) else set()
    if unknown:
        raise ValidationError({name: ["is not a field of this call"] for name in sorted(unknown)})
