"""`/api/v1/problems/P-12/jira/`: the issues of a problem. `/api/v1/jira/3/webhook/`: what Jira tells."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException, NotAuthenticated, ParseError, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from feedback.api.idempotency import PARAMETER, idempotent
from insights.models import JiraLink, JiraLinkState, JiraSite, Problem
from insights.services.jira.links import jira_issue_create, jira_link
from insights.services.jira.sites import JiraRefusedError
from insights.services.jira.statuses import SignatureRefusedError, UnreadableEventError, jira_event_receive

LINK = {
    "site": 1,
    "issue": "ABC-12",
    "url": "https://example.atlassian.net/browse/ABC-12",
    "state": "live",
    "jira_status": "In Progress",
    "pushed_at": "2026-11-02T03:04:12.482913Z",
    "error": "",
}
CREATING = {**LINK, "issue": "", "url": "", "state": "creating", "jira_status": "", "pushed_at": None}


class JiraLinkSerializer(serializers.ModelSerializer[JiraLink]):
    """An issue that a problem is linked to."""

    site = serializers.IntegerField(source="site_id", help_text="Number of the site, from its page in the admin.")
    issue = serializers.CharField(source="issue_key", help_text="Its key; blank until it is created.")
    url = serializers.CharField(source="issue_url")
    state = serializers.CharField(help_text=f"One of {', '.join(JiraLinkState.values)}.")
    jira_status = serializers.CharField(help_text="The status in Jira, as far as it is known.")
    pushed_at = serializers.DateTimeField(allow_null=True, help_text="When the issue was last told the figures.")
    error = serializers.CharField(source="last_error", help_text="What went wrong last; blank when nothing did.")

    class Meta:
        model = JiraLink
        fields = ("site", "issue", "url", "state", "jira_status", "pushed_at", "error")


class JiraLinksSerializer(serializers.Serializer[dict[str, Any]]):
    """The issues of a problem."""

    results = JiraLinkSerializer(many=True)


class JiraWishSerializer(serializers.Serializer[dict[str, Any]]):
    """Which issue to link; without one, an issue is created."""

    site = serializers.IntegerField(min_value=1, max_value=2**62)
    issue = serializers.CharField(required=False, max_length=120, help_text="Key of an issue that is there already.")

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Read the fields; one that is not known is answered, never ignored."""
        unknown = set(data) - set(self.fields) if isinstance(data, Mapping) else set()
        if unknown:
            raise ValidationError({name: ["is not a field of this call"] for name in sorted(unknown)})
        values: dict[str, Any] = super().to_internal_value(data)
        return values


class CannotBeDoneError(APIException):
    """A wish that is understood and cannot be granted."""

    status_code = 422


class JiraLinksView(APIView):
    """The Jira issues of one problem."""

    @extend_schema(
        operation_id="problem_jira",
        summary="Its Jira issues",
        responses=JiraLinksSerializer,
        examples=[OpenApiExample("One issue", {"results": [LINK]}, response_only=True)],
    )
    def get(self, _request: Request, key: str) -> Response:
        """The issues of the problem and of those that became part of it, the newest link first."""
        links = JiraLink.objects.of(_problem(key))
        return Response(JiraLinksSerializer({"results": links}).data)

    @extend_schema(
        operation_id="problem_jira_link",
        summary="Link a Jira issue, or have one created",
        description="The answer comes before Jira has been asked: the state of the link tells how that went.",
        parameters=[PARAMETER],
        request=JiraWishSerializer,
        responses={201: JiraLinkSerializer, 200: JiraLinkSerializer},
        examples=[
            OpenApiExample("Link an issue", {"site": 1, "issue": "ABC-12"}, request_only=True),
            OpenApiExample("Create an issue", {"site": 1}, request_only=True),
            OpenApiExample("Being created", CREATING, response_only=True, status_codes=["201"]),
            OpenApiExample("Linked before", LINK, response_only=True, status_codes=["200"]),
        ],
    )
    @idempotent
    def post(self, request: Request, key: str) -> Response:
        """201 with a new link, 200 with one that was there."""
        problem = _problem(key)
        wish = JiraWishSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        site = JiraSite.objects.filter(pk=wish.validated_data["site"], enabled=True).first()
        if site is None:
            raise ValidationError({"site": ["there is no such Jira site, or it is switched off"]})
        before = set(JiraLink.objects.filter(site=site).of(problem).values_list("pk", flat=True))
        try:
            link = _granted(problem, site, wish.validated_data.get("issue"))
        except JiraRefusedError as refused:
            raise CannotBeDoneError(str(refused)) from None
        return Response(JiraLinkSerializer(link).data, 200 if link.pk in before else 201)


class JiraWebhookView(APIView):
    """Where Jira tells what happens to issues. Its signature is the key."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="jira_webhook",
        summary="For Jira's webhook",
        description="Closed unless `X-Hub-Signature` is the HMAC-SHA256 of the body under the secret of the site.",
        parameters=[
            OpenApiParameter(
                "X-Hub-Signature",
                {"type": "string", "minLength": 1},
                OpenApiParameter.HEADER,
                required=True,
                description="`sha256=` and the signature in hexadecimal digits.",
            )
        ],
        request=OpenApiTypes.OBJECT,
        responses={204: None},
        auth=[],
    )
    def post(self, request: Request, site: int) -> Response:
        """204 for every event that is signed, also for one that changes nothing."""
        signature = request.headers.get("X-Hub-Signature", "")
        try:
            jira_event_receive(site_id=site, body=request._request.body, signature=signature)  # noqa: SLF001 (raw bytes)
        except SignatureRefusedError:
            raise NotAuthenticated("The signature is missing or wrong.") from None
        except UnreadableEventError as error:
            raise ParseError(str(error)) from None
        return Response(status=204)

    def get_authenticate_header(self, request: Request) -> str:
        """What a caller without a signature is asked for: REST framework answers 403 where nothing is."""
        return "X-Hub-Signature"


def _problem(key: str) -> Problem:
    problem: Problem | None = Problem.objects.with_key(key).select_related("merged_into").first()
    if problem is None:
        raise Http404
    return problem


def _granted(problem: Problem, site: JiraSite, issue: str | None) -> JiraLink:
    if issue is None:
        return jira_issue_create(problem=problem, site=site)
    return jira_link(problem=problem, site=site, issue_key=issue)
