"""The published shapes: what other tools rely on. A field here is never renamed or removed within v1."""

from typing import Any

from django.utils.functional import cached_property
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from insights.engine.priorities import Estimates, blanks
from insights.models import Problem, Ranking, RankingEntry, Receipt, ReceiptLine
from insights.services.evidence import Quote


class SnapshotSerializer(serializers.ModelSerializer[Ranking]):
    """Which snapshot a page comes from."""

    class Meta:
        model = Ranking
        fields = (
            "id",
            "number",
            "computed_at",
            "weights_version",
            "items",
            "placed",
            "unplaced",
            "quarantined",
        )


class QuoteSerializer(serializers.Serializer[Quote]):
    """One thing that a customer said, personal data replaced by tokens."""

    text = serializers.CharField()
    said_at = serializers.DateTimeField()
    account = serializers.CharField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]  # the published name, not Field.source


class LinksSerializer(serializers.Serializer[dict[str, str]]):
    """Where to read on."""

    page = serializers.CharField()
    api = serializers.CharField()
    receipt = serializers.CharField()


def links_of(problem: Problem) -> dict[str, str]:
    """Addresses of a problem, below the address of the service."""
    api = f"/api/v1/problems/{problem.key}/"
    return {"page": f"/problems/{problem.key}/", "api": api, "receipt": f"{api}receipt/"}


class RankedProblemSerializer(serializers.ModelSerializer[RankingEntry]):
    """One row of the ranked list."""

    key = serializers.CharField(source="problem.key")
    rank_delta = serializers.IntegerField(allow_null=True, help_text="Places gained; null for a newcomer.")
    rank_range = serializers.SerializerMethodField(help_text="90 % range of the rank: [best, worst].")
    currency = serializers.CharField(source="ranking.currency")
    title = serializers.CharField(source="problem.title")
    job_statement = serializers.CharField(source="problem.job_statement")
    theme = serializers.SerializerMethodField()
    status = serializers.CharField(source="problem.status")
    blank_because = serializers.SerializerMethodField()
    depends_on = serializers.SerializerMethodField()
    evidence = serializers.SerializerMethodField()
    links = serializers.SerializerMethodField()
    updated_at = serializers.SerializerMethodField()

    class Meta:
        model = RankingEntry
        fields = (
            "key",
            "rank",
            "rank_delta",
            "rank_range",
            "score",
            "currency",
            "title",
            "job_statement",
            "theme",
            "status",
            "customers",
            "contacts",
            "items",
            "arr_total",
            "revenue_at_risk",
            "renewals_90d",
            "trend_30d",
            "effort",
            "impact",
            "confidence",
            "rice",
            "value_per_effort",
            "survey_answers",
            "opportunity",
            "blank_because",
            "depends_on",
            "evidence",
            "links",
            "updated_at",
        )
        # Always there, null or not.
        read_only_fields = (
            "effort",
            "impact",
            "confidence",
            "rice",
            "value_per_effort",
            "survey_answers",
            "opportunity",
        )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """The fields that the caller asked for; all unless told."""
        fields = super().get_fields()
        wanted = self.context.get("fields", fields)
        return {name: field for name, field in fields.items() if name in wanted}

    def get_rank_range(self, entry: RankingEntry) -> list[int]:
        """Best and worst rank of the 90 % range."""
        return [entry.rank_low, entry.rank_high]

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_blank_because(self, entry: RankingEntry) -> dict[str, str]:
        """Of `rice`, `value_per_effort` and `opportunity` those that are null, each with the reason."""
        estimates = Estimates(entry.effort, entry.impact, entry.confidence)
        return dict(blanks(estimates, answers=entry.survey_answers, needed=entry.ranking.answers_needed))

    def get_depends_on(self, entry: RankingEntry) -> str | None:
        """The customer without which the problem would fall by more than three places to over twice its rank."""
        return entry.depends_on or None

    def get_theme(self, entry: RankingEntry) -> str | None:
        """The theme's name."""
        theme = entry.problem.theme
        return theme.name if theme else None

    @extend_schema_field(QuoteSerializer(many=True))
    def get_evidence(self, entry: RankingEntry) -> list[dict[str, Any]]:
        """The quotes that show best what the problem is."""
        quotes: dict[int, list[Quote]] = self.context["quotes"]
        return [dict(self._quotes.to_representation(quote)) for quote in quotes.get(entry.problem_id, [])]

    @cached_property
    def _quotes(self) -> QuoteSerializer:
        """One for all rows: making a serializer costs more than using it."""
        return QuoteSerializer()

    @extend_schema_field(LinksSerializer)
    def get_links(self, entry: RankingEntry) -> dict[str, str]:
        """Where to read on."""
        return links_of(entry.problem)

    @extend_schema_field(OpenApiTypes.DATETIME)
    def get_updated_at(self, entry: RankingEntry) -> str:
        """When the problem or its figures last changed."""
        moment = max(entry.problem.updated_at, entry.receipt.created_at)
        return serializers.DateTimeField().to_representation(moment) or ""


class RankingPageSerializer(serializers.Serializer[dict[str, Any]]):
    """One page of the ranked list."""

    snapshot = SnapshotSerializer(allow_null=True)
    results = RankedProblemSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class ReceiptLineSerializer(serializers.ModelSerializer[ReceiptLine]):
    """What one customer adds."""

    customer = serializers.CharField(source="customer_name")

    class Meta:
        model = ReceiptLine
        fields = (
            "customer",
            "asks",
            "value",
            "churn_risk",
            "renewal_nearness",
            "fit",
            "weight",
            "intensity",
            "amount",
            "defaults",
        )


class ReceiptSerializer(serializers.ModelSerializer[Receipt]):
    """The lines that add up to a score."""

    key = serializers.CharField(source="problem.key")
    currency = serializers.SerializerMethodField()
    lines = ReceiptLineSerializer(many=True)

    class Meta:
        model = Receipt
        fields = ("key", "score", "currency", "created_at", "lines")

    def get_currency(self, _receipt: Receipt) -> str:
        """The currency of every amount."""
        return str(self.context["currency"])
