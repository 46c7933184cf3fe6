"""Asking a REST API for JSON, once, and what its answer means for whoever asked."""

import datetime as dt
import json
import math
from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import Any

from feedback.outbound.addresses import AddressRefusedError, target_of
from feedback.outbound.posting import Answer, call

WHOLE_SECONDS = 60.0
ANSWER_BYTES = 64_000_000
WORDS = 300
LONGEST_REST = 86_400.0
# What a wait is taken for when the answer names none that can be read.
USUAL_REST = 60.0


class RestError(Exception):
    """A system that did not tell what it was asked for. The text says why, for a reader."""


class AwayError(RestError):
    """No answer, or one that says nothing of what was asked: worth asking again later."""


class TooManyError(RestError):
    """The system wants to be left alone for a while."""

    def __init__(self, words: str, *, seconds: float) -> None:
        super().__init__(words)
        self.seconds = seconds


class TokenRefusedError(RestError):
    """The token is wrong, expired, revoked, or may not do this."""


class RefusedError(RestError):
    """The system understood, and will not."""


def ask(
    url: str, *, headers: Mapping[str, str], allow: Sequence[str], body: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Ask for a JSON object: by GET, or by POST where there is a body.

    Args:
        url: What to ask; it is checked, and the call goes to the machine that was checked.
        headers: With whatever says who asks.
        allow: Hosts and networks that may be called although they are not public.
        body: What to send.

    Raises:
        RestError: there is no such object to be had now; the class tells what to do.
    """
    told = {"Accept": "application/json", "User-Agent": "Heard", **headers}
    sent = b"" if body is None else json.dumps(body).encode()
    if sent:
        told["Content-Type"] = "application/json"
    try:
        target = target_of(url, allow=allow)
    except AddressRefusedError as refused:
        raise AwayError(str(refused)) from None
    answer = call(
        target,
        method="POST" if sent else "GET",
        body=sent,
        headers=told,
        whole_seconds=WHOLE_SECONDS,
        answer_bytes=ANSWER_BYTES,
    )
    _raise_for(answer)
    try:
        read = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise AwayError("The answer is no JSON: is this the right address?") from None
    if not isinstance(read, dict):
        raise AwayError("The answer is no JSON object: is this the right address?")
    return read


def rest_seconds(retry_after: str) -> float:
    """A `Retry-After`, in seconds or as a date, in seconds between one and a day."""
    try:
        seconds = float(retry_after)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(retry_after) - dt.datetime.now(dt.UTC)).total_seconds()
        except (TypeError, ValueError):
            return USUAL_REST
    return min(max(seconds, 1.0), LONGEST_REST) if math.isfinite(seconds) else USUAL_REST


def _raise_for(answer: Answer) -> None:
    """Turn an answer that is no success into the error that it means."""
    if answer.status is None:
        raise AwayError(f"There was no answer: {answer.error}")
    if answer.status < 300:
        return
    # PostgreSQL stores no NUL.
    words = f"The answer was {answer.status}: {' '.join(answer.body.replace(chr(0), '').split())[:WORDS]}".rstrip(": ")
    if answer.status < 400:
        raise AwayError(f"{words} It leads to {answer.headers.get('location', 'elsewhere')[:WORDS]}")
    if answer.status == 429:
        raise TooManyError(words, seconds=rest_seconds(answer.headers.get("retry-after", "")))
    if answer.status in {401, 403}:
        raise TokenRefusedError(words)
    if answer.status >= 500:
        raise AwayError(words)
    raise RefusedError(words)
