"""`/api/v1/in/desk/`: where systems tell us what their customers say."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from feedback.services.inbound import SignatureRefusedError, inbound_receive
from feedback.sources.contract import Call
from feedback.sources.registry import SYSTEMS

SIGNATURES = ", ".join(
    f"{system.label}: {' and '.join(f'`{header}`' for header in system.hook.headers)}"
    for system in SYSTEMS.values()
    if system.hook
)
# Slack shows it to whoever sent the command; the others do not look.
NOTED = "Noted in Heard."


class NotedSerializer(serializers.Serializer[dict[str, str]]):
    """That it is kept."""

    text = serializers.CharField(help_text="For whoever sent it.")


class InboundView(APIView):
    """The door of connections. The signature of the system is the key."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="inbound",
        summary="For the webhooks of help desks and the like",
        description="Closed unless the system of the connection signed the call just now, over the bytes of the body. "
        f"Signatures: {SIGNATURES}. The call is kept before it is answered, once however often it is sent.",
        request={"application/json": OpenApiTypes.OBJECT, "application/x-www-form-urlencoded": OpenApiTypes.OBJECT},
        responses={200: NotedSerializer},
        auth=[],
    )
    def post(self, request: Request, connection: str) -> Response:
        """200 for every call that is signed, also for one that will change nothing."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        call = Call(headers, request._request.body)  # noqa: SLF001 (raw bytes)
        try:
            inbound_receive(slug=connection, call=call)
        except SignatureRefusedError:
            raise NotAuthenticated("The signature is missing, wrong or too old.") from None
        return Response({"text": NOTED})

    def get_authenticate_header(self, request: Request) -> str:
        """What a caller without a signature is asked for: REST framework answers 403 where nothing is."""
        return "Signature"
