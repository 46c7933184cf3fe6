"""Who may call the API: a key of the right scope, or a person who is signed in. Nobody else."""

from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from insights.models import ApiKey, Scope

if TYPE_CHECKING:
    # REST framework's views load this module: at run time the import would be a circle.
    from rest_framework.views import APIView


class HasScope(BasePermission):
    """Reading takes a key with the scope `read`, or a session."""

    message = "This API key's scope does not allow this."

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Whether the request may go on."""
        if isinstance(request.auth, ApiKey):
            return request.auth.scope == Scope.READ and request.method in SAFE_METHODS
        return bool(request.user and request.user.is_authenticated)
