"""Intercom: notifications, kept once and in the order of its clock; the search, walk after walk."""

import datetime as dt
from itertools import permutations
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_httpserver import HTTPServer

from feedback.models import Connection, FeedbackItem, InboundDelivery, Withdrawn
from feedback.services.connections import connection_secret_set, connection_token_set
from feedback.sources.html_text import text_of_html
from tests.feedback.sources.fakes import FakeIntercom, answer
from tests.feedback.sources.senders import SECRET, dumped, intercom_headers, make_connection, post, states, stored, work
from tests.feedback.sources.test_zendesk_pull import pull

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_broker")]


@pytest.fixture
def intercom(httpserver: HTTPServer, settings: Any) -> FakeIntercom:
    """An Intercom with seven conversations of a year ago."""
    settings.HEARD_WEBHOOK_ALLOW = ["127.0.0.0/8"]
    fake = FakeIntercom(httpserver, moment=timezone.now() - dt.timedelta(days=365))
    for number in range(1, 8):
        fake.put(str(number), f"Wish number {number}")
    return fake


@pytest.fixture
def desk(intercom: FakeIntercom) -> Connection:
    """A connection to it."""
    return make_connection("intercom", url=intercom.url)


def notification(topic: str, item: dict[str, Any], number: int, moment: dt.datetime) -> bytes:
    """What Intercom sends of a conversation."""
    return dumped(
        {
            "type": "notification_event",
            "app_id": "abc",
            "id": f"notif_{number}",
            "topic": topic,
            "delivery_attempts": 1,
            "created_at": int(moment.timestamp()),
            "first_sent_at": int(moment.timestamp()),
            "data": {"type": "notification_event_data", "item": item},
        }
    )


def send(client: Client, body: bytes) -> None:
    """As Intercom sends it."""
    answered = post(client, "desk", body, intercom_headers(body))
    assert answered.status_code == 200, answered.content


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_newest_word_counts_and_what_was_deleted_stays_away(
    client: Client, intercom: FakeIntercom, desk: Connection, order: tuple[int, ...]
) -> None:
    gone = {"type": "conversation", "conversation_id": "2"}
    stories = [
        ("conversation.user.created", dict(intercom.things["1"])),
        ("conversation.user.created", dict(intercom.things["2"])),
    ]
    one = dict(intercom.put("1", "Wish number 1, said better", source=intercom.things["3"]["source"]))
    told = [
        [notification(*stories[0], 1, intercom.moment)],
        [notification("conversation.user.replied", one, 2, intercom.moment)],
        [
            notification("conversation.deleted", gone, 3, intercom.moment),
            notification(*stories[1], 4, intercom.moment),
        ],
    ]
    for number in order:
        for body in told[number]:
            send(client, body)
            work()
    send(client, told[0][0])
    work()
    assert stored() == {"1": "Wish number 3"}
    assert Withdrawn.objects.get().external_id == "2"
    assert states() == {f"notif_{number}": "done" for number in range(1, 5)}


def test_what_is_not_signed_is_refused(client: Client, desk: Connection) -> None:
    body = notification("ping", {"type": "ping"}, 1, timezone.now())
    for headers in ({}, {"X-Hub-Signature": "sha1="}, intercom_headers(body, "another"), intercom_headers(body + b" ")):
        assert post(client, "desk", body, headers).status_code == 401
    assert InboundDelivery.objects.count() == 0
    connection_secret_set(connection=desk, secret="the new one")
    for secret in (SECRET, "the new one"):
        assert post(client, "desk", body, intercom_headers(body, secret)).status_code == 200
    work()
    assert states() == {"notif_1": "ignored"}


@pytest.mark.parametrize(
    ("change", "state", "reason"),
    [
        ({"source": None}, "quarantined", "source is missing, or is no object."),
        ({"created_at": "soon"}, "quarantined", "created_at is no time: 'soon'."),
        ({"updated_at": None}, "quarantined", "updated_at is no time: 'None'."),
        ({"id": ""}, "quarantined", "id is missing or blank."),
        ({"source": {"author": {"type": "admin"}, "body": "We have news"}}, "ignored", "It tells nothing"),
        ({"source": {"author": {"type": "user"}, "body": "<img src=x>"}}, "ignored", "It tells nothing"),
    ],
)
def test_a_surprise_is_set_aside_and_what_customers_did_not_say_is_left(
    client: Client, intercom: FakeIntercom, desk: Connection, change: dict[str, Any], state: str, reason: str
) -> None:
    item = {**intercom.things["1"], **change}
    send(client, notification("conversation.user.created", item, 1, intercom.moment))
    work()
    delivery = InboundDelivery.objects.get()
    assert (delivery.state, reason in delivery.reason) == (state, True), delivery.reason
    assert stored() == {}


def test_everything_is_found_walk_after_walk(intercom: FakeIntercom, desk: Connection) -> None:
    pull()
    assert (stored(), len(intercom.calls)) == (intercom.truth(), 3)
    assert FeedbackItem.objects.get(external_id="1").contact_reference == "c1@one.example"
    pull()
    assert len(intercom.calls) == 4, "what is known and old is not asked for again"
    intercom.moment = timezone.now()
    intercom.put("3", "Wish number 3")
    intercom.put("8", "Wish number 8")
    pull()
    pull()
    assert stored() == intercom.truth()


def test_what_is_touched_during_a_walk_is_found_by_the_next(intercom: FakeIntercom, desk: Connection) -> None:
    """The pages shift under the walk: the newest come first."""
    told = intercom.told

    def meanwhile(request: Any) -> Any:
        answered = told(request)
        intercom.moment = timezone.now()
        intercom.put(f"new-{len(intercom.calls)}", f"Wish of call {len(intercom.calls)}")
        return answered

    intercom.told = meanwhile  # type: ignore[method-assign]
    pull()
    intercom.told = told  # type: ignore[method-assign]
    pull()
    assert stored() == intercom.truth()


def test_trouble_in_mid_walk_costs_no_page(intercom: FakeIntercom, desk: Connection) -> None:
    intercom.too_many_every, intercom.retry_after = 2, "30"
    resting = pull()
    assert ("429" in resting.last_error, len(stored())) == (True, 3)
    pull()
    intercom.too_many_every = 0
    intercom.token = "another"
    assert "The token is refused" in pull().notice
    calls = len(intercom.calls)
    pull()
    assert len(intercom.calls) == calls
    connection_token_set(connection=desk, token="another")
    intercom.troubles.append(answer(502, {}))
    assert "502" in pull().last_error
    assert pull().last_error == ""
    assert stored() == intercom.truth()


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Hi,</p><p>I <b>want</b>&nbsp;an export&#33;</p>", "Hi,\n\nI want an export!"),
        ("one<br>two<br/><br/><br/>three", "one\ntwo\n\nthree"),
        ("<ul><li>one</li><li>two</li></ul>", "one\n\ntwo"),
        ("<style>p{}</style><script>alert(1)</script>words", "words"),
        ("a < b & c > d", "a < b & c > d"),
        ("<p", "<p"),
        ("", ""),
    ],
)
def test_words_come_out_of_html(html: str, text: str) -> None:
    assert text_of_html(html) == text
