"""The addresses of a benchmark's server: the service's own, and views that do as little as can be done.

Only `config.settings.benchmark` names this module.
"""

from functools import lru_cache

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework.request import Request
from rest_framework.views import APIView

from config.env import VAR_DIR
from config.urls import urlpatterns as service_urlpatterns

# What the ranked list answered, left there by the command.
BODY_FILE = VAR_DIR / "benchmark-body.json"


class BareView(APIView):
    """Bytes from memory, behind the API's door: the same keys, throttle and permissions."""

    schema = None

    def get(self, _request: Request) -> HttpResponse:
        """The same bytes as the ranked list."""
        return HttpResponse(_body(), content_type="application/json")


@login_not_required
def bare(_request: HttpRequest) -> HttpResponse:
    """Bytes from memory, behind no door."""
    return HttpResponse(_body(), content_type="application/json")


@lru_cache(maxsize=1)
def _body() -> bytes:
    return BODY_FILE.read_bytes()


urlpatterns = [
    path("benchmark/door/", login_not_required(BareView.as_view())),
    path("benchmark/bare/", bare),
    *service_urlpatterns,
]
