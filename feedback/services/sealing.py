"""Secrets that have to be read again: encrypted under keys derived from the server's secret key."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


class UnreadableSecretError(RuntimeError):
    """A secret that was encrypted under another secret key."""


def seal(text: str, *, purpose: str) -> str:
    """Encrypt; what is sealed for one purpose opens for no other."""
    return _keys(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """Read what was sealed; secret keys that were in use before still open it.

    Raises:
        UnreadableSecretError: the server's secret key changed since.
    """
    try:
        return _keys(purpose).decrypt(sealed).decode()
    except InvalidToken:
        raise UnreadableSecretError("The secret cannot be read because HEARD_SECRET_KEY changed since.") from None


def _keys(purpose: str) -> MultiFernet:
    sources = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    derived = [salted_hmac(f"heard.{purpose}", "secret", secret=one, algorithm="sha256").digest() for one in sources]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])
