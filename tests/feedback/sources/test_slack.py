"""Slack: messages handed on by a shortcut, words behind a command; signed, kept once."""

import datetime as dt
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from feedback.models import Connection, FeedbackItem, InboundDelivery
from feedback.services.connections import connection_secret_set
from tests.factories import make_account
from tests.feedback.sources.senders import SECRET, make_connection, post, slack_headers, states, stored, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_broker")]
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def slack() -> Connection:
    """A connection to a workspace."""
    return make_connection("slack", "chat")


def command(text: str, trigger: str = "13345224609.738474920.8088930838d88f008e0") -> bytes:
    """What Slack sends when somebody types `/feedback text`."""
    form = {
        "token": "old",
        "team_id": "T0001",
        "channel_id": "C2147483705",
        "user_id": "U2147483697",
        "command": "/feedback",
        "text": text,
        "trigger_id": trigger,
    }
    return urlencode(form).encode()


def shortcut(text: str = "Exports, please", trigger: str = "1.2.a", **message: Any) -> bytes:
    """What Slack sends when somebody hands a message on."""
    payload = {
        "type": "message_action",
        "callback_id": "feedback",
        "trigger_id": trigger,
        "team": {"id": "T0001", "domain": "ours"},
        "channel": {"id": "C0099", "name": "customers"},
        "user": {"id": "U1", "name": "Sam"},
        "message_ts": "1790000000.000200",
        "message": {
            "type": "message",
            "user": "U2",
            "ts": "1790000000.000200",
            "text": text,
            "team": "T0001",
            **message,
        },
    }
    return urlencode({"payload": json.dumps(payload)}).encode()


def send(client: Client, body: bytes) -> Any:
    """As Slack sends it."""
    answer = post(client, "chat", body, slack_headers(body), FORM)
    assert answer.status_code == 200, answer.content
    return answer


def test_what_is_typed_behind_a_command_comes_in_once(client: Client, slack: Connection) -> None:
    for _ in range(2):
        answer = send(client, command("Acme wants <https://x.example|exports> &amp; more"))
        assert answer.json() == {"text": "Noted in Heard."}, "shown to who typed it"
    work()
    assert list(stored("chat").values()) == ["Acme wants exports & more"]
    assert FeedbackItem.objects.get().kind == "request"


def test_a_message_is_one_item_however_often_it_is_handed_on(client: Client, slack: Connection) -> None:
    send(client, shortcut())
    send(client, shortcut(trigger="3.4.b"))
    work()
    assert stored("chat") == {"C0099-1790000000.000200": "Exports, please"}
    assert states("chat") == {"1.2.a": "done", "3.4.b": "done"}
    assert FeedbackItem.objects.get().said_at.timestamp() == pytest.approx(1790000000.0002)


def test_a_message_that_was_edited_counts_as_it_was_last(client: Client, slack: Connection) -> None:
    send(client, shortcut("Exports to Excel, please", "5.6.c", edited={"user": "U2", "ts": "1790000600.000000"}))
    work()
    send(client, shortcut(trigger="3.4.b"))
    work()
    assert list(stored("chat").values()) == ["Exports to Excel, please"]


def test_in_a_shared_channel_the_customers_workspace_is_the_account(client: Client, slack: Connection) -> None:
    account = make_account("T0777")
    send(client, shortcut(team="T0777"))
    work()
    assert FeedbackItem.objects.get().account == account


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _body: {},
        lambda body: slack_headers(body, "another"),
        lambda body: slack_headers(body + b"&x=1"),
        lambda body: slack_headers(body, at=timezone.now() - dt.timedelta(seconds=302)),
        lambda body: slack_headers(body, at=timezone.now() + dt.timedelta(seconds=302)),
        lambda body: {**slack_headers(body), "X-Slack-Request-Timestamp": "soon"},
    ],
    ids=["unsigned", "other secret", "other body", "stale", "of the future", "no time"],
)
def test_what_is_not_signed_just_now_is_refused(client: Client, slack: Connection, spoil: Any) -> None:
    body = command("Exports")
    assert post(client, "chat", body, spoil(body), FORM).status_code == 401
    assert InboundDelivery.objects.count() == 0


def test_both_secrets_are_good_while_one_is_replaced(client: Client, slack: Connection) -> None:
    connection_secret_set(connection=slack, secret="the new one")
    body = command("Exports")
    for secret in (SECRET, "the new one"):
        assert post(client, "chat", body, slack_headers(body, secret), FORM).status_code == 200


@pytest.mark.parametrize(
    ("body", "state", "reason"),
    [
        (b"\xff", "quarantined", "This is no form as Slack sends it."),
        (b"&".join(b"a=1" for _ in range(200)), "quarantined", "This is no form as Slack sends it."),
        (b"payload=%7B", "quarantined", "This is no JSON."),
        (urlencode({"payload": '{"type": "message_action"}'}).encode(), "quarantined", "message is missing"),
        (shortcut(ts="soon"), "quarantined", "message.ts is no time: 'soon'."),
        (urlencode({"payload": '{"type": "view_submission"}'}).encode(), "ignored", "It tells nothing"),
        (command("  "), "ignored", "It tells nothing"),
        (b"ssl_check=1&token=old", "ignored", "It tells nothing"),
        (b"", "ignored", "It tells nothing"),
    ],
)
def test_a_surprise_is_set_aside(client: Client, slack: Connection, body: bytes, state: str, reason: str) -> None:
    send(client, body)
    work()
    delivery = InboundDelivery.objects.get()
    assert (delivery.state, reason in delivery.reason) == (state, True), delivery.reason
