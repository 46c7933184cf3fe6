"""From parsed JSON to records: what the parsers of all systems share."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from customers.sources.fields import FieldError, Row
from feedback.sources.contract import Envelope, Reading, SchemaError
from feedback.sources.records import FeedbackRecord, parse_feedback, says_something

ID_CHARACTERS = 200
MILLISECONDS_FROM = 100_000_000_000


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object that a body is.

    Raises:
        SchemaError: it is none.
    """
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise SchemaError("This is no JSON.") from None
    if not isinstance(told, dict):
        raise SchemaError("This is JSON, and no object.")
    return told


def object_at(told: Mapping[str, Any], name: str) -> dict[str, Any]:
    """An object inside an object.

    Raises:
        SchemaError: there is none.
    """
    inner = told.get(name)
    if not isinstance(inner, dict):
        raise SchemaError(f"{name} is missing, or is no object.")
    return inner


def text_at(told: Mapping[str, Any], name: str, *, required: bool = False) -> str:
    """A text or a number as a text; blank where it is missing or null.

    Raises:
        SchemaError: it is something else, or blank although required.
    """
    value = told.get(name)
    if value is None:
        value = ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise SchemaError(f"{name} is neither a text nor a number.")
    if required and not str(value).strip():
        raise SchemaError(f"{name} is missing or blank.")
    return str(value)


def moment_of(value: object, name: str) -> dt.datetime:
    """A moment, written as ISO 8601 or as seconds or milliseconds since 1970.

    Raises:
        SchemaError: it is none.
    """
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            seconds = value / 1000 if value >= MILLISECONDS_FROM else value
            return dt.datetime.fromtimestamp(seconds, dt.UTC)
        moment = dt.datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError):
        raise SchemaError(f"{name} is no time: {str(value)[:60]!r}.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def record_of(
    values: Mapping[str, str], reading: Reading, *, as_of: dt.datetime | None, contact_known: bool = True
) -> FeedbackRecord | None:
    """A record from texts by column; None when it says nothing.

    Args:
        values: By the columns of a feedback table.
        reading: For which source.
        as_of: As of when the source tells this, by its clock.
        contact_known: Whether the piece tells who said it; else who is known stays.

    Raises:
        SchemaError: a value cannot be used.
    """
    clean = {**values, "subject": _storable(values.get("subject", "")), "body": _storable(values.get("body", ""))}
    if not says_something(clean["subject"] + clean["body"]):
        return None
    try:
        record = parse_feedback(Row(clean), default_source=reading.source, now=reading.now)
    except FieldError as error:
        raise SchemaError(f"{error.column} {error.reason}.") from None
    return replace(record, as_of=as_of, contact_email=record.contact_email if contact_known else None)


def envelope_of(body: bytes, *, delivery_id: str, event: str) -> Envelope:
    """What a delivery is known by; the hash of its body where it names no id that can be kept."""
    usable = delivery_id.isprintable() and 0 < len(delivery_id) <= ID_CHARACTERS
    known_by = delivery_id if usable else f"body-{hashlib.sha256(body).hexdigest()}"
    return Envelope(known_by, event[:100] if event.isprintable() else "")


def peeked(body: bytes) -> dict[str, Any]:
    """A body's JSON object for a first look; an empty one where it is none."""
    try:
        return json_object(body)
    except SchemaError:
        return {}


def _storable(text: str) -> str:
    """Without what no database keeps: null characters and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
