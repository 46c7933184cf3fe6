"""Slack: a message that somebody hands on by a shortcut, and words that somebody types after a command.

Read against https://docs.slack.dev/authentication/verifying-requests-from-slack,
https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload and
https://docs.slack.dev/interactivity/implementing-slash-commands.
"""

import datetime as dt
import re
from typing import Any
from urllib.parse import parse_qs

from feedback.sources.contract import Call, Change, Envelope, Hook, Reading, SchemaError, System
from feedback.sources.reading import envelope_of, json_object, moment_of, object_at, peeked, record_of, text_at
from feedback.sources.signing import fresh, hex_signature, same

SIGNATURE, SIGNED_AT = "x-slack-signature", "x-slack-request-timestamp"
SHORTCUT = "message_action"
FIELDS_AT_MOST = 100
# Slack escapes these three, and writes links and mentions between angle brackets.
LINK = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
ESCAPED = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def signed(call: Call, secret: str, now: dt.datetime) -> bool:
    """Whether a call is signed with this signing secret, within five minutes of now."""
    timestamp = call.headers.get(SIGNED_AT, "")
    content = f"v0:{timestamp}:".encode("utf-8", "replace") + call.body
    if not same(f"v0={hex_signature(secret, content)}", call.headers.get(SIGNATURE, "")):
        return False
    try:
        return fresh(dt.datetime.fromtimestamp(int(timestamp), dt.UTC), now)
    except (ValueError, OverflowError, OSError):
        return False


def envelope(call: Call) -> Envelope:
    """By the trigger, which is one for each time that somebody does something."""
    try:
        form = _form(call.body)
    except SchemaError:
        return envelope_of(call.body, delivery_id="", event="")
    payload = peeked(form["payload"].encode()) if "payload" in form else {}
    told = payload or form
    event = str(payload.get("type", "")) if payload else form.get("command", "")
    return envelope_of(call.body, delivery_id=str(told.get("trigger_id", "")), event=event)


def read(body: bytes, reading: Reading) -> list[Change]:
    """What somebody handed on or typed.

    Raises:
        SchemaError: it is not as Slack describes it.
    """
    form = _form(body)
    if "payload" in form:
        return _read_shortcut(json_object(form["payload"].encode()), reading)
    return _read_command(form, reading) if "command" in form else []


def _read_shortcut(told: dict[str, Any], reading: Reading) -> list[Change]:
    """A message is one item, however often and by however many it is handed on."""
    if text_at(told, "type", required=True) != SHORTCUT:
        return []
    message, team, channel = (object_at(told, name) for name in ("message", "team", "channel"))
    ts = text_at(message, "ts", required=True)
    said = _moment(ts, "message.ts")
    home, theirs = text_at(team, "id"), text_at(message, "team")
    edited = object_at(message, "edited") if message.get("edited") else {}
    values = {
        "external_id": f"{text_at(channel, 'id', required=True)}-{ts}",
        "kind": "request",
        "created_at": said.isoformat(),
        # In a channel that is shared with a customer, the customer's workspace.
        "account_id": theirs if theirs != home else "",
        "body": _plain(text_at(message, "text")),
    }
    as_of = _moment(text_at(edited, "ts", required=True), "message.edited.ts") if edited else said
    record = record_of(values, reading, as_of=as_of)
    return [record] if record else []


def _read_command(form: dict[str, str], reading: Reading) -> list[Change]:
    values = {
        "external_id": f"command-{text_at(form, 'trigger_id', required=True)}",
        "kind": "request",
        "body": _plain(text_at(form, "text")),
    }
    record = record_of(values, reading, as_of=None)
    return [record] if record else []


def _moment(ts: str, name: str) -> dt.datetime:
    """Slack numbers messages by the second they were written in, and a count behind the point."""
    try:
        seconds = float(ts)
    except ValueError:
        raise SchemaError(f"{name} is no time: {ts[:60]!r}.") from None
    return moment_of(seconds, name)


def _form(body: bytes) -> dict[str, str]:
    """The fields of a form.

    Raises:
        SchemaError: it is none.
    """
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=FIELDS_AT_MOST)
    except ValueError:
        raise SchemaError("This is no form as Slack sends it.") from None
    return {name: values[0] for name, values in fields.items()}


def _plain(text: str) -> str:
    """As people read it: the words of a link, else its address."""
    text = LINK.sub(lambda match: match[2] or match[1], text)
    for escaped, character in ESCAPED:
        text = text.replace(escaped, character)
    return text


SLACK = System("slack", "Slack", hook=Hook(signed, envelope, read, headers=(SIGNATURE, SIGNED_AT)))
