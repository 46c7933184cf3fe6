"""Writes that are sent twice and done once.

A key is claimed by inserting its row, so of two requests that race one does the work and the other is told to wait.
After the draft "The Idempotency-Key HTTP Header Field" (draft-ietf-httpapi-idempotency-key-header).
"""

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from feedback.models import IdempotentRequest

KEPT = dt.timedelta(hours=24)
# Longer than any request takes: whoever claimed a key and is silent for so long has died.
CLAIM = dt.timedelta(minutes=5)


@dataclass(frozen=True)
class Answered:
    """What was answered the first time; `body` is JSON."""

    status: int
    body: str


class KeyReusedError(ValueError):
    """The key came with another request before."""

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key came with another request before; use a new key for a new request.")


class KeyBusyError(RuntimeError):
    """The first request with the key is still being worked on."""

    def __init__(self) -> None:
        super().__init__("The first request with this Idempotency-Key is still being worked on; send this again.")


def request_begin(*, caller: str, key: str, request_hash: str) -> Answered | None:
    """Claim a key; answers what was answered before, or None when the work is the caller's to do.

    Raises:
        KeyReusedError: the key belongs to another request.
        KeyBusyError: another process is at work on the same request.
    """
    now = timezone.now()
    mine = IdempotentRequest.objects.filter(caller=caller, key=key)
    mine.filter(started_at__lte=now - KEPT).delete()
    try:
        with transaction.atomic():
            IdempotentRequest.objects.create(caller=caller, key=key, request_hash=request_hash, started_at=now)
    except IntegrityError:
        return _again(caller, key, request_hash, now)
    return None


def request_finish(*, caller: str, key: str, answered: Answered) -> None:
    """Keep what was answered."""
    IdempotentRequest.objects.filter(caller=caller, key=key).update(status=answered.status, body=answered.body)


def request_release(*, caller: str, key: str) -> None:
    """Give a key back: nothing was done under it."""
    IdempotentRequest.objects.filter(caller=caller, key=key, status=None).delete()


def requests_clean() -> int:
    """Forget requests older than a day; answers how many."""
    deleted, _ = IdempotentRequest.objects.filter(started_at__lte=timezone.now() - KEPT).delete()
    return deleted


def _again(caller: str, key: str, request_hash: str, now: dt.datetime) -> Answered | None:
    before = IdempotentRequest.objects.filter(caller=caller, key=key).first()
    if before is None:
        # Given back between our insert and our look.
        raise KeyBusyError
    if before.request_hash != request_hash:
        raise KeyReusedError
    if before.status is not None:
        return Answered(before.status, before.body)
    abandoned = IdempotentRequest.objects.filter(pk=before.pk, status=None, started_at__lte=now - CLAIM)
    if not abandoned.update(started_at=now):
        raise KeyBusyError
    return None
