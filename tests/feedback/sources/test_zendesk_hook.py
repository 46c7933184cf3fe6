"""What Zendesk's webhook tells: signed, kept once, in the order of Zendesk's clock, taken back when deleted there."""

import datetime as dt
from itertools import permutations
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from feedback.models import Connection, FeedbackItem, FeedbackOriginal, InboundDelivery, Job, Withdrawn
from feedback.services import inbound
from feedback.services.changes import changes_apply
from feedback.services.connections import connection_secret_set
from feedback.services.inbound import inbound_replay, inbound_sweep, inbound_thin
from tests.factories import make_account, make_contact
from tests.feedback.sources.senders import (
    SECRET,
    dumped,
    make_connection,
    post,
    run,
    states,
    stored,
    work,
    zendesk_headers,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_broker")]
START = dt.datetime(2026, 10, 1, 9, 0, tzinfo=dt.UTC)


def event(name: str, minute: int, text: str = "Export to Excel, please", ticket: str = "35436", **detail: Any) -> bytes:
    """An event of a ticket, so many minutes after the first."""
    moment = (START + dt.timedelta(minutes=minute)).isoformat().replace("+00:00", "Z")
    return dumped(
        {
            "type": f"zen:event-type:ticket.{name}",
            "account_id": 88888888,
            "id": f"{name}-{ticket}-{minute}",
            "time": moment,
            "zendesk_event_version": "2022-06-20",
            "subject": f"zen:ticket:{ticket}",
            "detail": {
                "id": ticket,
                "subject": "",
                "description": text,
                "status": "OPEN",
                "type": "QUESTION",
                "priority": "HIGH",
                "organization_id": "0",
                "requester_id": "8448",
                "tags": [],
                "created_at": START.isoformat(),
                "updated_at": moment,
                **detail,
            },
            "event": {},
        }
    )


@pytest.fixture
def desk() -> Connection:
    """A connection to a Zendesk that only calls."""
    return make_connection("zendesk")


def send(client: Client, body: bytes) -> Any:
    """As Zendesk sends it."""
    answer = post(client, "desk", body, zendesk_headers(body))
    assert answer.status_code == 200, answer.content
    return answer


def test_a_ticket_comes_in_with_all_that_its_event_tells(client: Client, desk: Connection) -> None:
    account = make_account("8123")
    send(client, event("created", 0, organization_id="8123", subject="Export"))
    assert stored() == {}, "answered before it is worked on"
    work()
    item = FeedbackItem.objects.get()
    assert (item.source.key, item.external_id, item.text) == ("desk", "35436", "Export to Excel, please")
    assert (item.kind, item.severity, item.account, item.said_at) == ("question", "high", account, START)
    delivery = InboundDelivery.objects.get()
    assert (delivery.state, delivery.event) == ("done", "zen:event-type:ticket.created")
    assert bytes(delivery.body) == b"", "what is stored is not kept a second time"


def test_a_delivery_that_comes_again_is_kept_once(client: Client, desk: Connection) -> None:
    for _ in range(3):
        send(client, event("created", 0))
    assert InboundDelivery.objects.count() == 1
    assert Job.objects.filter(kind="inbound").count() == 1
    work()
    send(client, event("created", 0))
    work()
    assert list(stored()) == ["35436"]
    assert states() == {"created-35436-0": "done"}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: (body.replace(b"Excel", b"Excal"), zendesk_headers(body)),
        lambda body: (body, {}),
        lambda body: (body, {**zendesk_headers(body), "X-Zendesk-Webhook-Signature": "x"}),
        lambda body: (body, {**zendesk_headers(body), "X-Zendesk-Webhook-Signature": "é"}),
        lambda body: (body, zendesk_headers(body, at=timezone.now() - dt.timedelta(seconds=302))),
        lambda body: (body, zendesk_headers(body, at=timezone.now() + dt.timedelta(seconds=302))),
        lambda body: (body, zendesk_headers(body, secret="another")),
        lambda body: (body, zendesk_headers(body, secret="")),
    ],
    ids=["one byte", "unsigned", "wrong", "no ASCII", "stale", "of the future", "other secret", "no secret"],
)
def test_what_is_not_signed_just_now_is_refused_alike(client: Client, desk: Connection, spoil: Any) -> None:
    body, headers = spoil(event("created", 0))
    refused = post(client, "desk", body, headers)
    nowhere = post(client, "nobody", body, headers)
    Connection.objects.update(enabled=False)
    good = event("created", 0)
    off = post(client, "desk", good, zendesk_headers(good))
    assert refused.status_code == nowhere.status_code == off.status_code == 401
    assert refused.content == nowhere.content == off.content
    assert InboundDelivery.objects.count() == 0


def test_a_connection_without_a_secret_lets_nobody_in(client: Client, desk: Connection) -> None:
    Connection.objects.update(secret="")
    body = event("created", 0)
    for secret in ("", SECRET):
        assert post(client, "desk", body, zendesk_headers(body, secret)).status_code == 401


def test_nearly_five_minutes_are_no_replay(client: Client, desk: Connection) -> None:
    body = event("created", 0)
    answer = post(client, "desk", body, zendesk_headers(body, at=timezone.now() - dt.timedelta(seconds=290)))
    assert answer.status_code == 200


def test_a_secret_that_was_replaced_is_good_for_a_day(client: Client, desk: Connection) -> None:
    connection_secret_set(connection=desk, secret="the new one")
    body = event("created", 0)
    for secret in (SECRET, "the new one"):
        assert post(client, "desk", body, zendesk_headers(body, secret)).status_code == 200
    Connection.objects.update(old_secret_until=timezone.now())
    assert post(client, "desk", body, zendesk_headers(body, SECRET)).status_code == 401
    assert post(client, "desk", body, zendesk_headers(body, "the new one")).status_code == 200
    desk.refresh_from_db()
    assert SECRET not in desk.old_secret + desk.secret


def test_a_body_over_the_limit_is_refused(client: Client, desk: Connection) -> None:
    body = event("created", 0, "x" * 3_000_000)
    answer = post(client, "desk", body, zendesk_headers(body))
    assert (answer.status_code, InboundDelivery.objects.count()) == (413, 0)


def test_a_broker_that_is_away_holds_nothing_up(client: Client, desk: Connection, absent_broker: None) -> None:
    send(client, event("created", 0))
    work()
    assert list(stored()) == ["35436"]


STORY = [
    event("created", 0, "first"),
    event("description_changed", 1, "second"),
    event("description_changed", 2, "third"),
]


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_newest_word_counts_in_whatever_order_they_come(
    client: Client,
    desk: Connection,
    order: tuple[int, ...],
    at_once: bool,  # noqa: FBT001
) -> None:
    for number in order:
        send(client, STORY[number])
        if not at_once:
            work()
    work()
    assert stored() == {"35436": "third"}
    assert FeedbackOriginal.objects.get().body == "third"
    assert set(states().values()) == {"done"}


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_what_was_deleted_stays_away_in_whatever_order_it_is_told(
    client: Client,
    desk: Connection,
    order: tuple[int, ...],
    at_once: bool,  # noqa: FBT001
) -> None:
    for number in order:
        send(client, [*STORY[:2], event("soft_deleted", 3)][number])
        if not at_once:
            work()
    work()
    assert stored() == {}
    assert FeedbackOriginal.objects.count() == 0
    assert Withdrawn.objects.get().external_id == "35436"
    send(client, event("undeleted", 4, "second", updated_at=START.isoformat()))
    work()
    assert stored() == {"35436": "second"}
    assert Withdrawn.objects.count() == 0


def test_a_word_of_the_moment_of_its_deletion_brings_nothing_back(client: Client, desk: Connection) -> None:
    for body in (STORY[0], event("soft_deleted", 3), event("description_changed", 3, "of that moment")):
        send(client, body)
        work()
    assert stored() == {}


def test_a_touch_that_changes_nothing_of_ours_tells_nobody(client: Client, desk: Connection) -> None:
    send(client, STORY[0])
    work()
    before = FeedbackItem.objects.get()
    send(client, event("tags_changed", 9, "first", tags=["vip"]))
    run_one = Job.objects.get(state="queued")
    assert run_one.kind == "inbound"
    work()
    after = FeedbackItem.objects.get()
    assert (after.as_of, after.updated_at) == (START + dt.timedelta(minutes=9), before.updated_at)


def test_an_event_does_not_forget_who_asked(client: Client, desk: Connection) -> None:
    """Events name the requester by a number; the export told the address."""
    contact = make_contact(make_account())
    send(client, STORY[0])
    work()
    FeedbackItem.objects.update(contact=contact, contact_reference=contact.email)
    send(client, STORY[1])
    work()
    assert FeedbackItem.objects.get().contact == contact


@pytest.mark.parametrize(
    ("body", "state", "reason"),
    [
        (b"{", "quarantined", "This is no JSON."),
        (b"\xff\xfe\x00", "quarantined", "This is no JSON."),
        (b"[" * 100_000, "quarantined", "This is no JSON."),
        (b"[]", "quarantined", "This is JSON, and no object."),
        (dumped({"id": "1"}), "quarantined", "type is missing or blank."),
        (dumped({"id": "1", "type": "zen:event-type:ticket.created", "time": "x"}), "quarantined", "detail is missing"),
        (event("created", 0, updated_at="yesterday"), "quarantined", "updated_at is no time: 'yesterday'"),
        (event("created", 0, description={"html": "x"}), "quarantined", "description is neither a text nor a number"),
        (event("created", 0, created_at="2999-01-01T00:00:00Z"), "quarantined", "in the future"),
        (event("created", 0, " … "), "ignored", "It tells nothing"),
        (dumped({"id": "1", "type": "zen:event-type:user.created", "detail": {}}), "ignored", "It tells nothing"),
    ],
)
def test_a_surprise_is_set_aside_with_its_reason(
    client: Client, desk: Connection, body: bytes, state: str, reason: str
) -> None:
    send(client, body)
    send(client, event("created", 5, "a neighbour", ticket="99"))
    work()
    surprise = InboundDelivery.objects.order_by("pk")[0]
    assert (surprise.state, reason in surprise.reason) == (state, True), surprise.reason
    assert bytes(surprise.body) == (body if state == "quarantined" else b"")
    assert stored() == {"99": "a neighbour"}


def test_what_was_set_aside_is_read_again_when_somebody_asks(client: Client, desk: Connection) -> None:
    send(client, event("created", 0, updated_at="yesterday"))
    work()
    assert set(states().values()) == {"quarantined"}
    # As if a newer version of Heard could read it.
    InboundDelivery.objects.update(body=event("created", 0))
    assert inbound_replay(deliveries=InboundDelivery.objects.all()) == 1
    work()
    assert list(stored()) == ["35436"]
    assert inbound_replay(deliveries=InboundDelivery.objects.all()) == 0


def test_null_characters_and_half_characters_are_left_out(client: Client, desk: Connection) -> None:
    send(client, event("created", 0, "Dark\0 mode \ud83d please"))
    work()
    assert stored() == {"35436": "Dark mode ? please"}


def test_a_lost_job_is_found_by_the_clock(client: Client, desk: Connection) -> None:
    send(client, event("created", 0))
    Job.objects.all().delete()
    inbound_sweep()
    inbound_sweep()
    work()
    assert list(stored()) == ["35436"]


def test_deliveries_are_forgotten_when_nobody_can_send_them_again(client: Client, desk: Connection) -> None:
    for minute, text in ((0, "Dark mode"), (1, " ")):
        send(client, event("created", minute, text, ticket=str(minute)))
    send(client, b"{")
    work()
    assert inbound_thin() == 0
    InboundDelivery.objects.update(worked_at=timezone.now() - dt.timedelta(days=31))
    assert inbound_thin() == 2
    assert set(states().values()) == {"quarantined"}


def test_one_that_fails_alone_is_set_aside_with_its_job(
    client: Client, desk: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(source: str, changes: Any) -> None:
        raise ValueError("bad ticket")

    monkeypatch.setattr(inbound, "changes_apply", fail)
    send(client, event("created", 0))
    run()
    assert Job.objects.get().state == "quarantined"
    delivery = InboundDelivery.objects.get()
    assert (delivery.state, delivery.attempts, "bad ticket" in delivery.reason) == ("quarantined", 3, True)


def test_one_whose_process_dies_each_time_is_set_aside(client: Client, desk: Connection) -> None:
    send(client, event("created", 0))
    send(client, event("created", 0, ticket="2"))
    InboundDelivery.objects.filter(external_id="created-2-0").update(attempts=3)
    run()
    assert states() == {"created-35436-0": "done", "created-2-0": "quarantined"}
    assert "the process died each time" in InboundDelivery.objects.get(state="quarantined").reason


def test_one_that_kills_its_process_is_set_aside_and_its_neighbours_are_stored(
    client: Client, desk: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def apply(source: str, changes: Any) -> None:
        if any(change.external_id == "2" for change in changes):
            raise ValueError("bad ticket")
        real(source=source, changes=changes)

    real = changes_apply
    monkeypatch.setattr(inbound, "changes_apply", apply)
    for ticket in "123":
        send(client, event("created", 0, f"Wish {ticket}", ticket=ticket))
    run()
    inbound_sweep()
    run()
    assert sorted(stored()) == ["1", "3"]
    assert states() == {"created-1-0": "done", "created-2-0": "quarantined", "created-3-0": "done"}
    assert "bad ticket" in InboundDelivery.objects.get(state="quarantined").reason
    monkeypatch.undo()
    inbound_replay(deliveries=InboundDelivery.objects.all())
    run()
    assert sorted(stored()) == ["1", "2", "3"]
