"""Signatures of incoming calls, over the bytes as they came."""

import base64
import datetime as dt
import hashlib
import hmac

# How far the time that a call was signed at may lie from ours, either way.
WINDOW = dt.timedelta(minutes=5)


def hex_signature(secret: str, content: bytes, algorithm: str = "sha256") -> str:
    """The HMAC in hexadecimal digits."""
    return hmac.new(secret.encode(), content, algorithm).hexdigest()


def base64_signature(secret: str, content: bytes) -> str:
    """The HMAC-SHA256 in base64."""
    return base64.b64encode(hmac.new(secret.encode(), content, hashlib.sha256).digest()).decode()


def same(expected: str, given: str) -> bool:
    """Compare in a time that tells nothing."""
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


def fresh(signed_at: dt.datetime, now: dt.datetime) -> bool:
    """Whether a call was signed just now."""
    return abs(now - signed_at) <= WINDOW
