"""Errors as RFC 9457 problem details: what was wrong, where, what to do."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler as rest_framework_handler

TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not to be had in this format",
    409: "Under way",
    413: "Too large",
    415: "Not JSON",
    422: "Cannot be done",
    429: "Too many requests",
}


VALUES_REFUSED = "Some values cannot be used; see errors."


class BadParameterError(ValidationError):
    """A query parameter that cannot be used."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__({name: [reason]})


class BodyTooLargeError(APIException):
    """A request body over the limit."""

    status_code = 413
    default_detail = "The body is too large; send fewer rows at a time."


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an error that REST framework knows into `application/problem+json`; others are left to Django."""
    if isinstance(error, RequestDataTooBig):
        error = BodyTooLargeError()
    response = rest_framework_handler(error, context)
    if response is None:
        return None
    title = TITLES.get(response.status_code, "Request failed")
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": response.status_code}
    if isinstance(error, ValidationError):
        body["detail"] = VALUES_REFUSED
        body["errors"] = response.data
    elif isinstance(error, APIException):
        body["detail"] = str(error.detail)
    else:
        body["detail"] = "There is nothing here under this address." if response.status_code == 404 else title
    response.data = body
    response.content_type = "application/problem+json"
    return response
