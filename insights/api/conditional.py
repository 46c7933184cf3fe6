"""Conditional requests: an answer that the caller already has is not sent again (RFC 9110, §13)."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

VERSION = "v1"


class ConditionalView(APIView):
    """A view whose answers carry a strong entity tag: `If-None-Match` of the same tag is answered 304.

    The tag is a hash of the version of the API and of the bytes. A tag made of the snapshot's number would be wrong:
    title, status and evidence of a problem change between snapshots.
    """

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Tag the answer as soon as its bytes are known."""
        final = super().finalize_response(request, response, *args, **kwargs)
        if request.method in {"GET", "HEAD"} and final.status_code == 200:
            final["Cache-Control"] = "private, no-cache"
            plain = request._request  # noqa: SLF001 (what Django's own functions take)
            if not isinstance(final, Response):
                return _conditional(plain, final) or final
            final.add_post_render_callback(lambda rendered: _conditional(plain, rendered))
        return final


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponseBase | None:
    if "ETag" not in response:
        response["ETag"] = f'"{VERSION}-{hashlib.sha256(response.content).hexdigest()[:32]}"'
    etag = response["ETag"]
    return get_conditional_response(request, etag=etag, response=response)
