"""Connections: their secrets and tokens, and putting them to work again."""

import base64
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from feedback.models import Connection
from feedback.outbound.rest import TokenRefusedError
from feedback.services.sealing import UnreadableSecretError, seal, unseal
from feedback.sources.contract import Access, Reading

PURPOSE = "connections"
SECRET_BYTES = 32
# How long a secret that was replaced is still accepted beside the new one.
ROTATION = timedelta(hours=24)


@transaction.atomic
def connection_secret_set(*, connection: Connection, secret: str) -> None:
    """Keep a new secret of the webhook. The one before is accepted for a day more."""
    held = Connection.objects.select_for_update().get(pk=connection.pk)
    held.old_secret = held.secret
    held.old_secret_until = timezone.now() + ROTATION if held.secret else None
    held.secret = seal(secret, purpose=PURPOSE)
    held.save(update_fields=["secret", "old_secret", "old_secret_until"])


def connection_secret_make(*, connection: Connection) -> str:
    """Make a new secret for the webhook, and answer it: it can be read this once."""
    secret = f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"
    connection_secret_set(connection=connection, secret=secret)
    return secret


def connection_secrets(connection: Connection) -> list[str]:
    """The secrets that are accepted now, the newest first; none that cannot be read."""
    sealed = [connection.secret] if connection.secret else []
    if connection.old_secret_until is not None and connection.old_secret_until > timezone.now():
        sealed.append(connection.old_secret)
    return [opened for one in sealed if (opened := _opened(one)) is not None]


@transaction.atomic
def connection_token_set(*, connection: Connection, token: str) -> None:
    """Keep a new token, and ask again at once."""
    Connection.objects.filter(pk=connection.pk).update(token=seal(token, purpose=PURPOSE))
    connection_revive(connection=connection)


def connection_revive(*, connection: Connection) -> None:
    """Forget past failures: the clock has it asked at once, from where reading had come to."""
    Connection.objects.filter(pk=connection.pk).update(notice="", last_error="", failures=0, due_at=None)


def connection_restart(*, connection: Connection) -> None:
    """Read everything again from the beginning. What is known already changes only where it is news."""
    Connection.objects.filter(pk=connection.pk).update(cursor="", read=0)
    connection_revive(connection=connection)


def connection_access(connection: Connection) -> Access:
    """How to ask a system.

    Raises:
        TokenRefusedError: it has no token that can be read.
    """
    token = _opened(connection.token) if connection.token else ""
    if token is None:
        raise TokenRefusedError("It cannot be read because HEARD_SECRET_KEY changed since.")
    return Access(
        connection.url, connection.login, token, settings.HEARD_WEBHOOK_ALLOW, connection.since, timezone.now()
    )


def connection_reading(connection: Connection) -> Reading:
    """How what a system tells is read now."""
    return Reading(connection.slug, timezone.now(), connection.mapping)


def _opened(sealed: str) -> str | None:
    try:
        return unseal(sealed, purpose=PURPOSE)
    except UnreadableSecretError:
        return None
