"""The header `Idempotency-Key`: a write that is sent again is answered again and done once."""

import hashlib
import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from feedback.services.idempotency import (
    Answered,
    KeyBusyError,
    KeyReusedError,
    request_begin,
    request_finish,
    request_release,
)

HEADER = "Idempotency-Key"
LONGEST = 255
# Visible ASCII, with spaces in between: all else meets a proxy that changes it.
KEY = r"[!-~]([ -~]*[!-~])?"
RETRY_SECONDS = 1

PARAMETER = OpenApiParameter(
    HEADER,
    {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": f"^{KEY}$"},
    OpenApiParameter.HEADER,
    description="Your name for this request. Sent again within 24 hours it is answered again, and done once.",
)


class _BusyError(APIException):
    status_code = 409
    # REST framework's handler answers this as `Retry-After`.
    wait = RETRY_SECONDS


class _ReusedError(APIException):
    status_code = 422


def idempotent(post: Callable[..., Response]) -> Callable[..., Response]:
    """Let a write be sent again. An answer of 400 or more is not kept: nothing was done, the key stays free."""

    @wraps(post)
    def once(view: APIView, request: Request, **address: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return post(view, request, **address)
        caller, digest = _caller(request), _digest(request)
        try:
            before = request_begin(caller=caller, key=_checked(key), request_hash=digest)
        except KeyReusedError as error:
            raise _ReusedError(str(error)) from None
        except KeyBusyError as error:
            raise _BusyError(str(error)) from None
        if before is not None:
            return Response(json.loads(before.body), before.status, headers={"Idempotent-Replay": "true"})
        try:
            response = post(view, request, **address)
        except BaseException:
            request_release(caller=caller, key=key)
            raise
        answered = Answered(response.status_code, JSONRenderer().render(response.data).decode())
        request_finish(caller=caller, key=key, answered=answered)
        return response

    return once


def _checked(key: str) -> str:
    if len(key) > LONGEST or not re.fullmatch(KEY, key):
        raise ValidationError({HEADER: [f"is not 1 to {LONGEST} printable ASCII characters"]})
    return key


def _caller(request: Request) -> str:
    """Keys of one caller are none of another's."""
    key: Any = request.auth
    return f"person {request.user.pk}" if key is None else f"key {key.prefix}"


def _digest(request: Request) -> str:
    plain: Any = request._request  # noqa: SLF001 (the bytes, before they are parsed)
    return hashlib.sha256(b"\n".join([plain.method.encode(), plain.path.encode(), plain.body])).hexdigest()
