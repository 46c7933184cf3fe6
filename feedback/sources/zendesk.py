"""Zendesk: ticket events that it sends, and its cursor-based incremental export of tickets.

Read against https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events/ and
https://developer.zendesk.com/documentation/ticketing/managing-tickets/using-the-incremental-export-api/.
"""

import base64
import datetime as dt
import json
from typing import Any
from urllib.parse import urlencode

from feedback.outbound.addresses import target_of
from feedback.outbound.rest import AwayError, ask
from feedback.sources.contract import Access, Call, Change, Envelope, Hook, Page, Pull, Reading, System, Withdrawal
from feedback.sources.reading import envelope_of, json_object, moment_of, object_at, peeked, record_of, text_at
from feedback.sources.signing import base64_signature, fresh, same

SIGNATURE, SIGNED_AT = "x-zendesk-webhook-signature", "x-zendesk-webhook-signature-timestamp"
TICKET = "zen:event-type:ticket."
GONE = {f"{TICKET}{name}" for name in ("soft_deleted", "permanently_deleted", "marked_as_spam")}
UNDELETED = f"{TICKET}undeleted"
SEVERITIES = {"urgent": "blocking", "high": "high", "normal": "medium", "low": "low"}
KINDS = {"question": "question", "task": "request"}
EXPORT = "/api/v2/incremental/tickets/cursor.json"
PER_PAGE = 500


def signed(call: Call, secret: str, now: dt.datetime) -> bool:
    """Whether a call is signed with this secret, within five minutes of now."""
    timestamp = call.headers.get(SIGNED_AT, "")
    expected = base64_signature(secret, timestamp.encode("utf-8", "replace") + call.body)
    if not same(expected, call.headers.get(SIGNATURE, "")):
        return False
    try:
        signed_at = dt.datetime.fromisoformat(timestamp)
    except ValueError:
        return False
    return signed_at.tzinfo is not None and fresh(signed_at, now)


def envelope(call: Call) -> Envelope:
    """By the id of the event, the same at every attempt."""
    told = peeked(call.body)
    return envelope_of(call.body, delivery_id=str(told.get("id", "")), event=str(told.get("type", "")))


def read_event(body: bytes, reading: Reading) -> list[Change]:
    """What an event tells of its ticket.

    Raises:
        SchemaError: it is not as Zendesk describes its events.
    """
    told = json_object(body)
    event = text_at(told, "type", required=True)
    if not event.startswith(TICKET):
        return []
    ticket = object_at(told, "detail")
    happened = moment_of(text_at(told, "time", required=True), "time")
    if event in GONE:
        return [Withdrawal(reading.source, text_at(ticket, "id", required=True), happened)]
    # An event names who asked by a number: the address comes with the next export.
    return _ticket(ticket, reading, contact=None, not_before=happened if event == UNDELETED else None)


def fetch(access: Access, cursor: str) -> Page:
    """A page of the export: tickets with the address of who asked.

    Raises:
        RestError: there is none to be had now.
    """
    start = int(access.since.timestamp()) if access.since else 0
    query = {"cursor": cursor} if cursor else {"start_time": str(start)}
    url = f"{access.url.rstrip('/')}{EXPORT}?{urlencode({**query, 'include': 'users', 'per_page': str(PER_PAGE)})}"
    told = ask(url, headers={"Authorization": _authorization(access)}, allow=access.allow)
    tickets, users = told.get("tickets"), told.get("users")
    if not isinstance(tickets, list):
        raise AwayError("The answer holds no tickets: is this the address of a Zendesk?")
    addresses = {user.get("id"): user.get("email") for user in users or [] if isinstance(user, dict)}
    pieces = tuple(
        json.dumps({"ticket": ticket, "requester_email": addresses.get(_requester(ticket))}).encode()
        for ticket in tickets
    )
    return Page(pieces, str(told.get("after_cursor") or cursor), more=told.get("end_of_stream") is False)


def read_exported(body: bytes, reading: Reading) -> list[Change]:
    """What a piece of a page tells of its ticket.

    Raises:
        SchemaError: it is not as Zendesk describes its tickets.
    """
    told = json_object(body)
    return _ticket(object_at(told, "ticket"), reading, contact=text_at(told, "requester_email"))


def _ticket(
    ticket: dict[str, Any], reading: Reading, *, contact: str | None, not_before: dt.datetime | None = None
) -> list[Change]:
    """The parser: a ticket as events and exports describe it."""
    external_id = text_at(ticket, "id", required=True)
    as_of = moment_of(text_at(ticket, "updated_at", required=True), "updated_at")
    if text_at(ticket, "status").lower() == "deleted":
        return [Withdrawal(reading.source, external_id, as_of)]
    values = {
        "external_id": external_id,
        "kind": KINDS.get(text_at(ticket, "type").lower(), "ticket"),
        "severity": SEVERITIES.get(text_at(ticket, "priority").lower(), "unknown"),
        "created_at": text_at(ticket, "created_at", required=True),
        "account_id": _organisation(text_at(ticket, "organization_id")),
        "contact_email": contact or "",
        "subject": text_at(ticket, "subject"),
        "body": text_at(ticket, "description"),
    }
    as_of = max(as_of, not_before) if not_before else as_of
    record = record_of(values, reading, as_of=as_of, contact_known=contact is not None)
    return [record] if record else []


def _organisation(told: str) -> str:
    """Events write 0 where there is none."""
    return "" if told == "0" else told


def _requester(ticket: object) -> object:
    return ticket.get("requester_id") if isinstance(ticket, dict) else None


def _authorization(access: Access) -> str:
    """An API token works together with the address of its owner, an OAuth token alone."""
    if not access.login:
        return f"Bearer {access.token}"
    return "Basic " + base64.b64encode(f"{access.login}/token:{access.token}".encode()).decode()


ZENDESK = System(
    "zendesk",
    "Zendesk",
    hook=Hook(signed, envelope, read_event, headers=(SIGNATURE, SIGNED_AT)),
    pull=Pull(
        fetch,
        read_exported,
        target=target_of,
        url_hint="https://example.zendesk.com",
        login_hint="the e-mail address of the token's owner; blank for an OAuth token",
        key_hint="an API token or an OAuth access token",
    ),
)
