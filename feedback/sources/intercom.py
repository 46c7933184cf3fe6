"""Intercom: conversation notifications that it sends, and its search over conversations.

Read against https://developers.intercom.com/docs/references/webhooks/webhook-models and
https://developers.intercom.com/docs/references/rest-api/api.intercom.io/conversations/searchconversations.
"""

import datetime as dt
import json
from typing import Any

from feedback.outbound.addresses import target_of
from feedback.outbound.rest import AwayError, ask
from feedback.sources.contract import Access, Call, Change, Envelope, Hook, Page, Pull, Reading, System, Withdrawal
from feedback.sources.html_text import text_of_html
from feedback.sources.reading import envelope_of, json_object, moment_of, object_at, peeked, record_of, text_at
from feedback.sources.signing import hex_signature, same

SIGNATURE = "x-hub-signature"
DELETED = "conversation.deleted"
TOPICS = "conversation."
# What customers write; the others are the company's own words.
CUSTOMERS = {"user", "lead", "contact"}
VERSION = "2.11"
PER_PAGE = 150
# A walk through the pages takes a while, and Intercom's clock is not ours.
OVERLAP = dt.timedelta(minutes=10)


def signed(call: Call, secret: str, _now: dt.datetime) -> bool:
    """Whether a call is signed with this client secret. It tells no time: replays are known by their id."""
    return same(f"sha1={hex_signature(secret, call.body, 'sha1')}", call.headers.get(SIGNATURE, ""))


def envelope(call: Call) -> Envelope:
    """By the id of the notification, the same at every attempt."""
    told = peeked(call.body)
    return envelope_of(call.body, delivery_id=str(told.get("id") or ""), event=str(told.get("topic", "")))


def read_notification(body: bytes, reading: Reading) -> list[Change]:
    """What a notification tells of its conversation.

    Raises:
        SchemaError: it is not as Intercom describes its notifications.
    """
    told = json_object(body)
    topic = text_at(told, "topic", required=True)
    if not topic.startswith(TOPICS):
        return []
    item = object_at(object_at(told, "data"), "item")
    if topic == DELETED:
        name = "conversation_id" if "conversation_id" in item else "id"
        happened = moment_of(told.get("created_at"), "created_at")
        return [Withdrawal(reading.source, text_at(item, name, required=True), happened)]
    return _conversation(item, reading)


def fetch(access: Access, cursor: str) -> Page:
    """A page of the search over what was touched since the walk before the last one began.

    Raises:
        RestError: there is none to be had now.
    """
    since = int(access.since.timestamp()) if access.since else 0
    walk = json.loads(cursor) if cursor else {"since": since}
    walk.setdefault("begun", int((access.now - OVERLAP).timestamp()))
    after = {"starting_after": walk["after"]} if "after" in walk else {}
    told = ask(
        f"{access.url.rstrip('/')}/conversations/search",
        headers={"Authorization": f"Bearer {access.token}", "Intercom-Version": VERSION},
        allow=access.allow,
        body={
            "query": {"field": "updated_at", "operator": ">", "value": walk["since"]},
            "pagination": {"per_page": PER_PAGE, **after},
        },
    )
    found = told.get("conversations")
    if not isinstance(found, list):
        raise AwayError("The answer holds no conversations: is this the address of Intercom's API?")
    pieces = tuple(json.dumps(one).encode() for one in found)
    following = _following(told)
    if following:
        return Page(pieces, json.dumps({**walk, "after": following}), more=True)
    return Page(pieces, json.dumps({"since": max(walk["begun"], walk["since"])}), more=False)


def read_found(body: bytes, reading: Reading) -> list[Change]:
    """What a piece of a page tells of its conversation.

    Raises:
        SchemaError: it is not as Intercom describes its conversations.
    """
    return _conversation(json_object(body), reading)


def _conversation(told: dict[str, Any], reading: Reading) -> list[Change]:
    """The parser: a conversation as notifications and the search describe it. What opened it is what was asked."""
    opened = object_at(told, "source")
    author = object_at(opened, "author")
    if text_at(author, "type") not in CUSTOMERS:
        return []
    company = told.get("company")
    values = {
        "external_id": text_at(told, "id", required=True),
        "kind": "ticket",
        "severity": "high" if told.get("priority") == "priority" else "unknown",
        "created_at": moment_of(told.get("created_at"), "created_at").isoformat(),
        "account_id": text_at(company, "company_id") if isinstance(company, dict) else "",
        "contact_email": text_at(author, "email"),
        "subject": text_of_html(text_at(opened, "subject")),
        "body": text_of_html(text_at(opened, "body")),
    }
    record = record_of(values, reading, as_of=moment_of(told.get("updated_at"), "updated_at"))
    return [record] if record else []


def _following(told: dict[str, Any]) -> str:
    """Where the next page begins; blank on the last one."""
    pages = told.get("pages")
    following = pages.get("next") if isinstance(pages, dict) else None
    return str(following.get("starting_after") or "") if isinstance(following, dict) else ""


INTERCOM = System(
    "intercom",
    "Intercom",
    hook=Hook(signed, envelope, read_notification, headers=(SIGNATURE,)),
    pull=Pull(
        fetch,
        read_found,
        target=target_of,
        url_hint="https://api.intercom.io",
        login_hint="leave blank",
        key_hint="an access token with the permission to read conversations",
    ),
)
