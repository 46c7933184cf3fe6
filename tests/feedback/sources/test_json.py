"""Any JSON, by a mapping: signed by Standard Webhooks, read by paths, mended and read again."""

import datetime as dt
from contextlib import suppress
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from feedback.models import Connection, FeedbackItem, InboundDelivery
from feedback.services.inbound import inbound_replay
from feedback.sources.contract import Call, Reading, SchemaError
from feedback.sources.generic import read, signed
from tests.factories import make_account
from tests.feedback.sources.senders import (
    OWN_SECRET,
    dumped,
    make_connection,
    post,
    standard_headers,
    states,
    stored,
    work,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_broker")]

MAPPING = {
    "external_id": "idea.id",
    "body": "idea.text || idea.title",
    "subject": "idea.title",
    "kind": "idea.type",
    "severity": "severity",
    "created_at": "idea.at",
    "updated_at": "idea.changed",
    "account_id": "company.id",
    "contact_email": "author.mail",
    "deleted": "event == 'idea.removed'",
}
IDEA: dict[str, Any] = {
    "event": "idea.posted",
    "idea": {
        "id": 7,
        "title": "Dark mode",
        "text": "Nights are too bright",
        "type": "request",
        "at": 1790000000,
        "changed": "2026-10-02T09:00:00Z",
    },
    "company": {"id": "A1"},
    "author": {"mail": "Ann@One.example"},
}
NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


@pytest.fixture
def board() -> Connection:
    """A connection to a board of ideas."""
    return make_connection("json", "board", secret=OWN_SECRET, mapping=MAPPING)


def send(client: Client, told: Any, delivery_id: str = "msg_1") -> Any:
    """As a sender of Standard Webhooks does."""
    body = told if isinstance(told, bytes) else dumped(told)
    answer = post(client, "board", body, standard_headers(body, delivery_id=delivery_id))
    assert answer.status_code == 200, answer.content
    return answer


def changed(**idea: Any) -> dict[str, Any]:
    """The idea, with something else in it."""
    return {**IDEA, "idea": {**IDEA["idea"], **idea}}


def test_the_mapping_finds_everything(client: Client, board: Connection) -> None:
    account = make_account("A1")
    send(client, IDEA)
    work()
    item = FeedbackItem.objects.get()
    assert (item.source.key, item.external_id, item.kind, item.account) == ("board", "7", "request", account)
    assert (item.text, item.contact_reference) == ("Dark mode\nNights are too bright", "ann@one.example")
    assert (item.said_at.timestamp(), item.as_of) == (1790000000, dt.datetime(2026, 10, 2, 9, tzinfo=dt.UTC))


def test_what_is_older_or_deleted_is_left(client: Client, board: Connection) -> None:
    send(client, changed(text="newer", changed="2026-10-05T09:00:00Z"), "b")
    send(client, IDEA, "a")
    work()
    assert stored("board") == {"7": "Dark mode\nnewer"}
    send(client, {**changed(changed="2026-10-06T09:00:00Z"), "event": "idea.removed"}, "c")
    work()
    assert (stored("board"), set(states("board").values())) == ({}, {"done"})


def test_a_list_comes_in_as_a_whole(client: Client, board: Connection) -> None:
    Connection.objects.update(mapping={"items": "rows", "external_id": "id", "body": "text"})
    send(client, {"rows": [{"id": n, "text": f"Wish {n}"} for n in range(3)]})
    work()
    assert sorted(stored("board").values()) == ["Wish 0", "Wish 1", "Wish 2"]
    send(client, {"rows": {"id": 1}}, "b")
    work()
    assert InboundDelivery.objects.get(state="quarantined").reason == "items: rows leads to no list."


def test_a_mapping_that_missed_is_mended_and_read_again(client: Client, board: Connection) -> None:
    Connection.objects.update(mapping={"external_id": "id", "body": "idea.text"})
    send(client, IDEA)
    work()
    assert InboundDelivery.objects.get().reason == "external_id is missing or blank."
    Connection.objects.update(mapping=MAPPING)
    inbound_replay(deliveries=InboundDelivery.objects.all())
    work()
    assert list(stored("board")) == ["7"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _headers: {},
        lambda headers: {**headers, "webhook-id": "another"},
        lambda headers: {**headers, "webhook-signature": "v1"},
        lambda headers: {**headers, "webhook-signature": "v1,é"},
        lambda headers: {**headers, "webhook-timestamp": "9" * 30},
        lambda headers: {**headers, "webhook-timestamp": "soon"},
    ],
    ids=["unsigned", "other id", "half a signature", "no base64", "beyond time", "no time"],
)
def test_what_is_not_signed_is_refused(client: Client, board: Connection, spoil: Any) -> None:
    body = dumped(IDEA)
    assert post(client, "board", body, spoil(standard_headers(body))).status_code == 401
    for seconds in (-302, 302):
        at = timezone.now() + dt.timedelta(seconds=seconds)
        assert post(client, "board", body, standard_headers(body, at=at)).status_code == 401
    assert InboundDelivery.objects.count() == 0


@given(body=st.binary(), timestamp=st.text(), signature=st.text(), secret=st.text())
def test_no_header_and_no_body_opens_the_door_by_breaking_it(
    body: bytes, timestamp: str, signature: str, secret: str
) -> None:
    """The check answers no, whatever it is given; it never fails, which could be taken for a yes."""
    headers = {"webhook-id": "1", "webhook-timestamp": timestamp, "webhook-signature": signature}
    assert not signed(Call(headers, body), secret, timezone.now())
    now = str(int(timezone.now().timestamp()))
    assert not signed(Call({**headers, "webhook-timestamp": now}, body + b"\xff"), OWN_SECRET, timezone.now())


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({}, "external_id is missing"),
        ([], "A mapping is a JSON object"),
        ({"external_id": "id", "body": "text", "rank": "x"}, "'rank' is no field"),
        ({"external_id": "id", "body": "a["}, "body: 'a[' is no path"),
        ({"external_id": "id", "body": 5}, "body: 5 is no path"),
        ({"external_id": "id", "body": ["x"]}, "is no path"),
    ],
)
def test_a_mapping_that_could_never_work_is_refused(mapping: Any, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Connection(slug="board", system="json", mapping=mapping).full_clean()
    assert words in " ".join(refused.value.message_dict["mapping"])


def test_a_system_with_a_format_of_its_own_takes_no_mapping() -> None:
    with pytest.raises(ValidationError, match="leave the mapping empty"):
        Connection(slug="desk", system="zendesk", mapping=MAPPING).full_clean()


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(value=values, name=st.sampled_from(["id", "title", "text", "type", "at", "changed"]))
def test_whatever_stands_there_is_read_or_named(value: Any, name: str) -> None:
    told = []
    with suppress(SchemaError):
        told = read(dumped(changed(**{name: value})), Reading("board", NOW, MAPPING))
    assert all(one.source == "board" for one in told)
