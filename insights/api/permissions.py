"""Who may call the API: a key of the right scope, or a person who is signed in. Nobody else."""

from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from insights.models import ApiKey, Scope

if TYPE_CHECKING:
    # REST framework's views load this module: at run time the import would be a circle.
    from rest_framework.views import APIView


class HasScope(BasePermission):
    """Reading takes any key or a session; writing a key with the scope `write`, or the session of a staff member."""

    message = "This API key's scope does not allow this."

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Whether the request may go on."""
        if isinstance(request.auth, ApiKey):
            return request.method in SAFE_METHODS or request.auth.scope == Scope.WRITE
        user = request.user
        return bool(user and user.is_authenticated and (request.method in SAFE_METHODS or user.is_staff))
