"""Addresses below `/api/v1/` that nothing answers."""

from django.http import Http404
from rest_framework.request import Request
from rest_framework.views import APIView


class NowhereView(APIView):
    """Not found, as problem details instead of a page."""

    schema = None

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Whatever the method, once the caller is known."""
        super().initial(request, *args, **kwargs)
        raise Http404
