"""API keys in use: when each was last seen, and how one follows another."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from insights.models import ApiKey

NOTED_EVERY = dt.timedelta(minutes=1)
OVERLAP = dt.timedelta(hours=24)


class KeyEndedError(ValueError):
    """The key was revoked or has expired."""

    def __init__(self, key: ApiKey) -> None:
        super().__init__(f"The key {key.prefix} was revoked or has expired: make a new key instead.")


def key_used(*, key: ApiKey) -> None:
    """Note that a key was used, at most once a minute."""
    now = timezone.now()
    if key.last_used_at is None or key.last_used_at <= now - NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)


@transaction.atomic
def key_rotate(*, key: ApiKey) -> str:
    """Make the key that follows a key; answers its text, which nothing can show again.

    The old one works for another day at most. The new one has the same name and scope, and as long a life.

    Raises:
        KeyEndedError: the key does not work any more.
    """
    if key.revoked or key.has_expired:
        raise KeyEndedError(key)
    now = timezone.now()
    ends = now + (key.expiry_date - key.created) if key.expiry_date else None
    _, text = ApiKey.objects.create_key(name=key.name, scope=key.scope, expiry_date=ends)
    key.expiry_date = min(key.expiry_date or now + OVERLAP, now + OVERLAP)
    key.save(update_fields=["expiry_date"])
    return str(text)
