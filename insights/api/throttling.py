"""How many calls a caller may make, told in headers with every answer (draft-ietf-httpapi-ratelimit-headers-07)."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from insights.models import ApiKey

if TYPE_CHECKING:
    # REST framework's views load this module: at run time the import would be a circle.
    from rest_framework.views import APIView

HEADERS = "rate_limit_headers"


class CallerThrottle(SimpleRateThrottle):
    """`HEARD_API_RATE` calls in any minute for each key, person or, where neither is asked for, address."""

    scope = "caller"
    num_requests: int
    duration: int

    def get_rate(self) -> str:
        """As REST framework writes rates."""
        return f"{settings.HEARD_API_RATE}/min"

    def get_cache_key(self, request: Request, view: "APIView") -> str:
        """Who calls."""
        if isinstance(request.auth, ApiKey):
            ident = f"key-{request.auth.prefix}"
        elif request.user and request.user.is_authenticated:
            ident = f"person-{request.user.pk}"
        else:
            ident = f"address-{self.get_ident(request)}"
        return self.cache_format % {"scope": self.scope, "ident": ident}

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Whether there is a call left; leaves the headers with the request."""
        allowed: bool = super().allow_request(request, view)
        oldest = self.history[-1] if self.history else self.now
        headers = {
            "RateLimit-Limit": str(self.num_requests),
            "RateLimit-Remaining": str(max(self.num_requests - len(self.history), 0)),
            "RateLimit-Reset": str(math.ceil(self.duration - (self.now - oldest))),
        }
        setattr(request._request, HEADERS, headers)  # noqa: SLF001 (what the middleware sees)
        return allowed


def rate_limit_middleware(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Add the headers to whatever is answered, errors too."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = get_response(request)
        for name, value in getattr(request, HEADERS, {}).items():
            response[name] = value
        return response

    return answer
