"""API keys as REST framework sees them."""

from contextlib import suppress
from typing import cast

from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework_api_key.permissions import KeyParser

from insights.models import ApiKey
from insights.services.api_keys import key_used


class ApiKeyAuthentication(BaseAuthentication):
    """The header `Authorization: Api-Key <key>`. The key itself becomes `request.auth`."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, ApiKey] | None:
        """The key of the request; None when it brings none.

        Raises:
            AuthenticationFailed: the key is not known, was revoked, or has expired.
        """
        text = KeyParser().get(request)
        if not text:
            return None
        key: ApiKey | None = None
        with suppress(ApiKey.DoesNotExist):
            key = cast("ApiKey", ApiKey.objects.get_from_key(text))
        if key is None or key.has_expired:
            raise AuthenticationFailed("This API key is not known, was revoked or has expired.")
        key_used(key=key)
        return AnonymousUser(), key

    def authenticate_header(self, request: Request) -> str:
        """What a caller without a key is asked for."""
        return "Api-Key"
