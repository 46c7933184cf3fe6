"""`POST /api/v1/survey-answers/`, and `GET /api/v1/problems/P-12/opportunity/`: what they say of a problem."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.api.rows import rows_view
from insights.api.conditional import ConditionalView
from insights.models import Problem
from insights.services.priorities import Opportunities, Told, problem_opportunities
from insights.services.surveys import KIND

SurveyAnswersView = rows_view(KIND, "answers of surveys")


def _tenths(source: str, **more: Any) -> serializers.DecimalField:
    return serializers.DecimalField(
        source=f"opportunity.{source}", max_digits=3, decimal_places=1, allow_null=True, **more
    )


class ToldSerializer(serializers.Serializer[Told]):
    """What some respondents say; null where they are too few."""

    answers = serializers.IntegerField(source="opportunity.answers", help_text="Respondents, each counted once.")
    customers = serializers.IntegerField(help_text="Families that they belong to.")
    importance = _tenths("importance", help_text="Ten times the share who rate it 7 or more.")
    satisfaction = _tenths("satisfaction", help_text="Ten times the share who rate it 7 or more.")
    opportunity = _tenths("score", help_text="Importance + max(importance − satisfaction, 0).")


class ToldBySegmentSerializer(ToldSerializer):
    """What the respondents of one segment say."""

    segment = serializers.CharField(help_text="Of the head of the family; blank for those of none.")


class OpportunitySerializer(serializers.Serializer[Opportunities]):
    """What a survey says of a problem."""

    key = serializers.CharField(source="problem.key")
    answers_needed = serializers.IntegerField(source="needed", help_text="With fewer, figures are null.")
    overall = ToldSerializer()
    segments = ToldBySegmentSerializer(many=True)


class OpportunityView(ConditionalView):
    """The opportunity of one problem, of everybody and of each segment."""

    @extend_schema(operation_id="problem_opportunity", summary="What surveys say", responses=OpportunitySerializer)
    def get(self, _request: Request, key: str) -> Response:
        """As of now: the list takes it up with its next snapshot."""
        problem = Problem.objects.live().with_key(key).first()
        if problem is None:
            raise Http404
        return Response(OpportunitySerializer(problem_opportunities(problem=problem)).data)
