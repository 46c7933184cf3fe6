"""The export of Zendesk, page by page: all of it, once, at Zendesk's pace, from where it was left."""

import datetime as dt
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_httpserver import HTTPServer

from feedback.models import Connection, FeedbackItem, InboundDelivery, Job
from feedback.services import pulling
from feedback.services.connections import connection_access, connection_restart, connection_token_set
from feedback.services.inbound import inbound_replay
from feedback.services.jobs import LeaseLostError, job_lease
from feedback.services.pulling import pull_queue, pull_sweep, pull_work
from feedback.tasks import connections_sweep
from tests.factories import make_account, make_contact
from tests.feedback.sources.fakes import EMAIL, START, FakeZendesk, answer
from tests.feedback.sources.senders import make_connection, post, stored, work, zendesk_headers
from tests.feedback.sources.test_zendesk_hook import event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_broker")]


@pytest.fixture
def zendesk(httpserver: HTTPServer, settings: Any) -> FakeZendesk:
    """A Zendesk with ten tickets."""
    settings.HEARD_WEBHOOK_ALLOW = ["127.0.0.0/8"]
    fake = FakeZendesk(httpserver)
    for number in range(1, 11):
        fake.put(number, f"Wish number {number}")
    return fake


@pytest.fixture
def desk(zendesk: FakeZendesk) -> Connection:
    """A connection to it."""
    return make_connection("zendesk", url=zendesk.url, login=EMAIL)


def pull() -> Connection:
    """What the clock and the workers do, after whatever wait."""
    Connection.objects.update(due_at=None)
    connections_sweep()
    work()
    return Connection.objects.get()


def wait_of(desk: Connection) -> float:
    """For how many seconds it is not asked."""
    assert desk.due_at is not None
    return (desk.due_at - timezone.now()).total_seconds()


def test_everything_comes_in_and_is_not_asked_for_twice(zendesk: FakeZendesk, desk: Connection) -> None:
    contact = make_contact(make_account(), "u901@one.example")
    after = pull()
    assert stored() == zendesk.truth()
    assert FeedbackItem.objects.get(external_id="1").contact == contact
    assert (after.read, after.failures, after.last_error, len(zendesk.calls)) == (10, 0, "", 4)
    assert 290 < wait_of(after) <= 300
    connections_sweep()
    assert not Job.objects.filter(kind="pull", state="queued").exists(), "it waits for its time"
    pull()
    assert len(zendesk.calls) == 5
    zendesk.put(4, "Wish number 4, said better")
    zendesk.put(11, "Wish number 11")
    assert pull().read == 12
    assert stored() == zendesk.truth()


def test_what_is_deleted_there_goes_and_comes_back_when_it_is_restored(zendesk: FakeZendesk, desk: Connection) -> None:
    pull()
    zendesk.delete(3)
    zendesk.delete(77)
    pull()
    assert (stored(), "3" in stored()) == (zendesk.truth(), False)
    zendesk.put(3, "Wish number 3", status="open", subject="")
    pull()
    assert stored()["3"] == "Wish number 3"


@pytest.mark.parametrize(("retry_after", "seconds"), [("93", 93), ("", 60), ("soon", 60), ("9e99", 86_400)])
def test_it_is_left_alone_for_as_long_as_it_says(
    zendesk: FakeZendesk, desk: Connection, retry_after: str, seconds: int
) -> None:
    zendesk.page = 4
    zendesk.too_many_every, zendesk.retry_after = 2, retry_after
    resting = pull()
    assert seconds - 5 < wait_of(resting) <= seconds
    assert ("429" in resting.last_error, len(stored())) == (True, 4)
    pull_sweep()
    assert not Job.objects.filter(state="queued").exists()
    pull_queue(connection=resting)
    work()
    assert len(zendesk.calls) == 2, "whoever rings, it is left alone"
    for _ in range(2):
        pull()
    assert (stored(), Connection.objects.get().last_error) == (zendesk.truth(), "")


def test_a_token_that_expired_is_told_and_nothing_is_asked_until_it_is_replaced(
    zendesk: FakeZendesk, desk: Connection
) -> None:
    zendesk.page = 4
    pull()
    zendesk.token = "another"
    zendesk.put(12, "Wish number 12")
    refused = pull()
    assert refused.notice.startswith("The token is refused. The answer was 401")
    calls = len(zendesk.calls)
    for _ in range(3):
        pull()
    assert len(zendesk.calls) == calls
    connection_token_set(connection=desk, token="another")
    assert pull().notice == ""
    assert stored() == zendesk.truth()


@pytest.mark.parametrize(
    "trouble",
    [
        answer(500, {"error": "x"}),
        answer(503, {}),
        answer(302, {}, Location="https://elsewhere.example/"),
        answer(200, []),
        answer(200, {"tickets": None}),
    ],
    ids=["500", "503", "redirect", "a list", "no tickets"],
)
def test_trouble_is_waited_out_longer_and_longer(zendesk: FakeZendesk, desk: Connection, trouble: Any) -> None:
    waits = []
    for _ in range(3):
        zendesk.troubles.append(trouble)
        waits.append(wait_of(pull()))
    assert 0 < waits[0] < 6 < waits[1] < 31 < waits[2]
    after = pull()
    assert (after.failures, after.last_error, stored()) == (0, "", zendesk.truth())


def test_a_no_is_not_asked_again(zendesk: FakeZendesk, desk: Connection) -> None:
    zendesk.troubles.append(answer(422, {"error": "Invalid cursor"}))
    assert "Invalid cursor" in pull().notice
    pull()
    assert len(zendesk.calls) == 1
    connection_restart(connection=desk)
    pull()
    assert stored() == zendesk.truth()


def test_an_address_that_leads_inside_is_never_called(zendesk: FakeZendesk, desk: Connection, settings: Any) -> None:
    settings.HEARD_WEBHOOK_ALLOW = []
    assert "is not a public address" in pull().last_error
    assert zendesk.calls == []


def test_a_ticket_that_cannot_be_read_is_set_aside_once_and_the_others_come_in(
    zendesk: FakeZendesk, desk: Connection
) -> None:
    zendesk.things["5"]["created_at"] = "long ago"
    pull()
    connection_restart(connection=desk)
    pull()
    surprise = InboundDelivery.objects.get()
    assert (surprise.state, surprise.pulled) == ("quarantined", True)
    assert surprise.reason == "created_at 'long ago' is not a time; write it like 2026-03-31T14:05:00Z."
    assert sorted(stored()) == sorted(set(zendesk.truth()) - {"5"})
    InboundDelivery.objects.update(body=bytes(surprise.body).replace(b"long ago", b"2026-10-01T09:00:05Z"))
    inbound_replay(deliveries=InboundDelivery.objects.all())
    work()
    assert stored() == zendesk.truth()


def test_what_it_calls_about_and_what_it_is_asked_for_are_one(
    zendesk: FakeZendesk, desk: Connection, client: Client
) -> None:
    """The same parser: whichever comes first, the newest word counts and who asked is kept."""
    newest = zendesk.put(1, "Wish number 1, newest")
    older = event("description_changed", -9, "Wish number 1, older", ticket="1")
    told = event("created", 0, "Wish number 2", ticket="2", updated_at=zendesk.things["2"]["updated_at"])
    for body in (older, told):
        assert post(client, "desk", body, zendesk_headers(body)).status_code == 200
    work()
    pull()
    for body in (older, told):
        post(client, "desk", body.replace(b'"id": "', b'"id": "again-', 1), zendesk_headers(body))
    work()
    assert stored() == zendesk.truth()
    item = FeedbackItem.objects.get(external_id="1")
    assert item.as_of == dt.datetime.fromisoformat(newest["updated_at"])
    assert item.contact_reference == "u901@one.example"


def test_reading_begins_where_it_is_told_to(zendesk: FakeZendesk, desk: Connection) -> None:
    Connection.objects.update(since=START + dt.timedelta(seconds=7))
    pull()
    assert sorted(stored(), key=int) == ["7", "8", "9", "10"]


def test_of_two_workers_one_stores_a_page(
    zendesk: FakeZendesk, desk: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one took over while this one waited for an answer."""
    slow = job_lease(job_id=pull_queue(connection=desk).pk)
    assert slow is not None

    def overtaken(connection: Connection) -> Any:
        Connection.objects.update(cursor="somewhere else")
        return connection_access(connection)

    monkeypatch.setattr(pulling, "connection_access", overtaken)
    with pytest.raises(LeaseLostError, match="read on by another worker"):
        pull_work(lease=slow)
    assert (stored(), Connection.objects.get().read) == ({}, 0)


def test_the_command_reads_to_the_end_or_says_why_not(zendesk: FakeZendesk, desk: Connection, capsys: Any) -> None:
    call_command("pull_feedback")
    assert "desk: 10 read in all" in capsys.readouterr().out
    assert stored() == zendesk.truth()
    zendesk.put(20, "Wish number 20")
    call_command("pull_feedback", "desk")
    assert stored() == zendesk.truth()
    zendesk.token = "another"
    with pytest.raises(CommandError, match="Not read to the end: desk"):
        call_command("pull_feedback", "desk")
    assert "The token is refused" in capsys.readouterr().out
    with pytest.raises(CommandError, match="Not connections that can be asked: desk, nobody"):
        call_command("pull_feedback", "desk", "nobody")
