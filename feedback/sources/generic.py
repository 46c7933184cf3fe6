"""Any system that posts JSON and signs it by Standard Webhooks. A mapping says where things are.

See https://www.standardwebhooks.com for the signature: `webhook-id`, `webhook-timestamp`, `webhook-signature`.
"""

import datetime as dt
from typing import Any

from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook, WebhookVerificationError

from feedback.sources.contract import Call, Change, Envelope, Hook, Reading, SchemaError, System, Withdrawal
from feedback.sources.mapping import DELETED, FIELDS, ITEMS, TEXTS, UPDATED, at
from feedback.sources.reading import envelope_of, json_object, moment_of, peeked, record_of, text_at


def signed(call: Call, secret: str, _now: dt.datetime) -> bool:
    """Whether a call is signed with this secret, within five minutes of now."""
    try:
        Webhook(secret).verify(call.body, dict(call.headers), json_parse=False)
    except (WebhookVerificationError, EmptyWebhookSecretError, ValueError, OverflowError, OSError):
        # The library leaves it to others to say that a header or the text is malformed.
        return False
    return True


def envelope(call: Call) -> Envelope:
    """By the id that every attempt of the sender carries."""
    return envelope_of(
        call.body, delivery_id=call.headers.get("webhook-id", ""), event=str(peeked(call.body).get("type", ""))
    )


def read(body: bytes, reading: Reading) -> list[Change]:
    """One change, or one for each of a list.

    Raises:
        SchemaError: something is not where the mapping says.
    """
    told = json_object(body)
    if ITEMS not in reading.mapping:
        return _read_one(told, reading)
    listed = at(told, reading.mapping, ITEMS)
    if not isinstance(listed, list):
        raise SchemaError(f"items: {reading.mapping[ITEMS]} leads to no list.")
    return [change for one in listed for change in _read_one(one, reading)]


def _read_one(told: Any, reading: Reading) -> list[Change]:
    mapping = reading.mapping
    values = {name: text_at({name: at(told, mapping, name)}, name, required=name == "external_id") for name in TEXTS}
    touched = at(told, mapping, UPDATED)
    as_of = None if touched is None else moment_of(touched, UPDATED)
    if at(told, mapping, DELETED):
        return [Withdrawal(reading.source, values["external_id"], as_of or reading.now)]
    said = at(told, mapping, "created_at")
    created_at = "" if said is None else moment_of(said, "created_at").isoformat()
    record = record_of({**values, "created_at": created_at}, reading, as_of=as_of)
    return [record] if record else []


GENERIC = System(
    "json",
    "Generic JSON",
    hook=Hook(
        signed, envelope, read, own_secret=True, headers=("webhook-id", "webhook-timestamp", "webhook-signature")
    ),
    mapped=FIELDS,
)
