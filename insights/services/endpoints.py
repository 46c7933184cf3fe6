"""Endpoints: their secrets, and putting them to work again."""

import base64
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from feedback.services.sealing import UnreadableSecretError, seal, unseal
from insights.models import Endpoint

PURPOSE = "webhooks"
SECRET_BYTES = 32
# How long a secret that was replaced still signs beside the new one.
ROTATION = timedelta(hours=24)


@transaction.atomic
def secret_rotate(*, endpoint: Endpoint) -> str:
    """Give an endpoint a new secret, and answer it: it can be read this once. The old one signs for a day more."""
    secret = f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"
    held = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    held.old_secret = held.secret
    held.old_secret_until = timezone.now() + ROTATION if held.secret else None
    held.secret = seal(secret, purpose=PURPOSE)
    held.save(update_fields=["secret", "old_secret", "old_secret_until"])
    return secret


def secrets_of(endpoint: Endpoint) -> list[str]:
    """The secrets that sign now, the newest first.

    Raises:
        UnreadableSecretError: the server's secret key changed since the secret was made.
    """
    sealed = [endpoint.secret]
    if endpoint.old_secret_until is not None and endpoint.old_secret_until > timezone.now():
        sealed.append(endpoint.old_secret)
    try:
        return [unseal(one, purpose=PURPOSE) for one in sealed]
    except UnreadableSecretError:
        raise UnreadableSecretError(
            "The secret cannot be read because HEARD_SECRET_KEY changed since it was made: rotate it in the admin."
        ) from None


def endpoint_revive(*, endpoint: Endpoint) -> None:
    """Forget past failures: what waits is sent at once."""
    Endpoint.objects.filter(pk=endpoint.pk).update(failures=0, failing_since=None, retry_at=None, disabled_reason="")
