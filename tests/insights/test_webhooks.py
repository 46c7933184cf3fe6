"""Delivering webhooks to real receivers: signed, in order, again and again, and never one at another's cost."""

import datetime as dt
import json
import socket
import threading
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from standardwebhooks import Webhook
from werkzeug import Request, Response

from feedback.models import Job, JobState
from feedback.outbound import posting
from feedback.outbound.addresses import Target
from feedback.services.jobs import job_lease, job_run
from insights.models import Attempt, Delivery, DeliveryState, Endpoint, Event
from insights.services.deliveries import STEPS, deliveries_replay, events_thin
from insights.services.endpoints import endpoint_revive, secret_rotate
from tests.insights.receivers import make_endpoint, pass_time, send, tell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loopback(settings: Any) -> None:
    settings.HEARD_WEBHOOK_ALLOW = ["127.0.0.0/8", "::1"]


def heard(server: HTTPServer) -> list[Request]:
    """The calls that came in, in order."""
    return [request for request, _ in server.log]


def keys(server: HTTPServer) -> list[tuple[str, int]]:
    """The problems that the calls spoke of, with the number of the event."""
    return [(data["key"], data["n"]) for data in (json.loads(call.data)["data"] for call in heard(server))]


def dead_address() -> str:
    """An address where nobody listens any more."""
    with HTTPServer() as server:
        return str(server.url_for("/"))


def test_the_public_library_verifies_what_a_receiver_gets(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook", method="POST").respond_with_data("thanks")
    _, secret = make_endpoint(httpserver.url_for("/hook"))
    tell("P-1")
    send()
    (call,) = heard(httpserver)
    body = Webhook(secret).verify(call.data, dict(call.headers))
    event = Event.objects.get()
    assert body == {
        "type": "problem.updated",
        "timestamp": event.created_at.isoformat(),
        "data": {"key": "P-1", "n": 0},
    }
    assert call.headers["webhook-id"] == event.uid
    attempt = Attempt.objects.get()
    assert (attempt.status, attempt.answer, attempt.error) == (200, "thanks", "")
    assert Delivery.objects.get().state == DeliveryState.DELIVERED


def test_both_secrets_sign_while_a_rotation_lasts(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data("")
    endpoint, old = make_endpoint(httpserver.url_for("/"))
    new = secret_rotate(endpoint=endpoint)
    tell("P-1")
    send()
    for secret in (old, new):
        Webhook(secret).verify(heard(httpserver)[0].data, dict(heard(httpserver)[0].headers))
    Endpoint.objects.update(old_secret_until=dt.datetime.now(dt.UTC))
    tell("P-2")
    send()
    assert len(heard(httpserver)[1].headers["webhook-signature"].split()) == 1
    Webhook(new).verify(heard(httpserver)[1].data, dict(heard(httpserver)[1].headers))


def test_secrets_are_not_stored_readably(settings: Any) -> None:
    endpoint, secret = make_endpoint("https://hooks.example.com/")
    assert secret.removeprefix("whsec_") not in endpoint.secret
    settings.SECRET_KEY = "another"
    tell("P-1")
    send()
    assert "rotate it" in Attempt.objects.get().error


def test_a_failed_call_comes_again_with_the_same_id_and_body(httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request("/").respond_with_data("later", status=500)
    httpserver.expect_ordered_request("/").respond_with_data("fine")
    make_endpoint(httpserver.url_for("/"))
    tell("P-1")
    send()
    send()
    assert len(heard(httpserver)) == 1, "it waits before it comes again"
    pass_time(STEPS[0])
    send()
    first, second = heard(httpserver)
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.data == second.data
    assert [attempt.status for attempt in Attempt.objects.order_by("pk")] == [500, 200]


def test_events_of_a_problem_arrive_in_order_and_an_error_holds_up_only_its_problem(httpserver: HTTPServer) -> None:
    broken = True

    def answer(request: Request) -> Response:
        return Response(status=500 if broken and b"P-1" in request.data else 204)

    httpserver.expect_request("/").respond_with_handler(answer)
    make_endpoint(httpserver.url_for("/"))
    tell("P-1", "P-2", "P-1", "P-2")
    send()
    assert keys(httpserver) == [("P-1", 0), ("P-2", 1), ("P-2", 3)]
    broken = False
    pass_time(STEPS[0])
    send()
    assert keys(httpserver)[3:] == [("P-1", 0), ("P-1", 2)]


def test_a_receiver_that_is_down_is_not_asked_for_each_event(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data("")
    dead, _ = make_endpoint(dead_address(), "dead")
    make_endpoint(httpserver.url_for("/"), "alive")
    tell("P-1", "P-2", "P-3")
    send()
    assert keys(httpserver) == [("P-1", 0), ("P-2", 1), ("P-3", 2)]
    assert Attempt.objects.filter(delivery__endpoint=dead).count() == 1
    assert "refused" in Attempt.objects.get(delivery__endpoint=dead).error


def test_a_receiver_that_comes_back_after_a_day_gets_everything_in_order(httpserver: HTTPServer) -> None:
    endpoint, _ = make_endpoint(dead_address())
    for _ in range(3):
        tell("P-1", "P-2")
    passed = dt.timedelta()
    while passed < dt.timedelta(days=1):
        send()
        pass_time(dt.timedelta(hours=1))
        passed += dt.timedelta(hours=1)
    httpserver.expect_request("/").respond_with_data("")
    Endpoint.objects.update(url=httpserver.url_for("/"))
    pass_time(dt.timedelta(days=1))
    send()
    send()
    endpoint.refresh_from_db()
    assert (endpoint.enabled, endpoint.failing_since, endpoint.failures) == (True, None, 0)
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DELIVERED}
    sent = [call.headers["webhook-id"] for call in heard(httpserver)]
    for subject in ("P-1", "P-2"):
        emitted = list(Event.objects.filter(subject=subject).order_by("pk").values_list("uid", flat=True))
        assert [uid for uid in sent if uid in emitted] == emitted
    assert len(sent) == len(set(sent)) == 6


@pytest.mark.parametrize("status", [None, 500])
def test_after_three_days_of_failures_an_endpoint_is_switched_off(httpserver: HTTPServer, status: int | None) -> None:
    httpserver.expect_request("/").respond_with_data("broken", status=status or 200)
    endpoint, _ = make_endpoint(httpserver.url_for("/") if status else dead_address())
    tell("P-1")
    passed, calls = dt.timedelta(), 0
    while Endpoint.objects.filter(enabled=True).exists():
        send()
        calls += 1
        assert Attempt.objects.count() == calls
        wait = STEPS[min(calls, len(STEPS)) - 1]
        pass_time(wait)
        passed += wait
        assert passed < dt.timedelta(days=5)
    endpoint.refresh_from_db()
    assert "three days" in endpoint.disabled_reason
    assert calls == len(STEPS) + 1
    assert dt.timedelta(days=2, hours=23) < sum(STEPS, dt.timedelta()) <= dt.timedelta(days=3)
    assert Delivery.objects.get().state == DeliveryState.FAILED
    tell("P-2")
    assert Event.objects.count() == 1, "nothing is kept for a receiver that is switched off"


def test_gone_switches_off_at_once_and_what_waits_is_sent_when_it_is_switched_on(httpserver: HTTPServer) -> None:
    httpserver.expect_oneshot_request("/").respond_with_data("", status=410)
    endpoint, _ = make_endpoint(httpserver.url_for("/"))
    tell("P-1", "P-2")
    send()
    endpoint.refresh_from_db()
    assert (endpoint.enabled, endpoint.disabled_reason) == (False, "The receiver answered 410 Gone.")
    assert len(heard(httpserver)) == 1
    httpserver.expect_request("/").respond_with_data("")
    Endpoint.objects.update(enabled=True)
    endpoint_revive(endpoint=endpoint)
    pass_time(STEPS[0])
    send()
    assert keys(httpserver)[1:] == [("P-1", 0), ("P-2", 1)] or keys(httpserver)[1:] == [("P-2", 1), ("P-1", 0)]


def test_a_receiver_that_hangs_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    let_go = threading.Event()

    def hang(request: Request) -> Response:
        let_go.wait(30)
        return Response()

    usual = posting.call.__kwdefaults__ or {}
    monkeypatch.setattr(posting.call, "__kwdefaults__", {**usual, "whole_seconds": 0.2})
    with HTTPServer() as server:
        server.expect_request("/").respond_with_handler(hang)
        make_endpoint(server.url_for("/"))
        tell("P-1", "P-2")
        send()
        let_go.set()
    attempt = Attempt.objects.get()
    assert (attempt.status, attempt.error) == (None, "no answer in time")
    assert Endpoint.objects.get().retry_at is not None, "the second event is not tried on a receiver that hangs"


def test_a_receiver_that_answers_byte_by_byte_is_cut_off() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        stop = threading.Event()

        def drip() -> None:
            link, _ = server.accept()
            with link:
                link.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while not stop.wait(0.05):
                    try:
                        link.sendall(b"x")
                    except OSError:
                        return

        dripping = threading.Thread(target=drip)
        dripping.start()
        target = Target("http", "127.0.0.1", port, "/", ("127.0.0.1",))
        answer = posting.call(target, body=b"{}", headers={}, whole_seconds=0.5)
        stop.set()
        dripping.join()
    assert (answer.status, answer.error) == (None, "no answer in time")


def test_a_redirect_is_not_followed(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data("", status=307, headers={"Location": "/inside"})
    httpserver.expect_request("/inside").respond_with_data("secret")
    make_endpoint(httpserver.url_for("/"))
    tell("P-1")
    send()
    assert [call.path for call in heard(httpserver)] == ["/"]
    assert Delivery.objects.get().state == DeliveryState.WAITING


def test_a_long_answer_is_not_read_to_its_end(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data(b"\0\xff" + b"x" * 10_000_000)
    make_endpoint(httpserver.url_for("/"))
    tell("P-1")
    send()
    assert Delivery.objects.get().state == DeliveryState.DELIVERED
    assert len(Attempt.objects.get().answer) < 1000


def test_a_replay_sends_the_same_event_under_the_same_id(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data("")
    make_endpoint(httpserver.url_for("/"))
    tell("P-1")
    send()
    assert deliveries_replay(deliveries=Delivery.objects.all()) == 1
    send()
    first, second = heard(httpserver)
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert Attempt.objects.count() == 2


def test_two_workers_do_not_call_one_endpoint_at_once(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data("")
    make_endpoint(httpserver.url_for("/"))
    tell("P-1")
    first = job_lease()
    tell("P-2")
    second = job_lease()
    assert first is not None
    assert second is not None
    job_run(lease=second)
    assert heard(httpserver) == []
    job_run(lease=first)
    assert keys(httpserver) == [("P-1", 0), ("P-2", 0)]


def test_what_a_job_left_behind_is_found_by_the_clock(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data("")
    make_endpoint(httpserver.url_for("/"))
    tell("P-1")
    Job.objects.all().delete()
    send()
    assert len(heard(httpserver)) == 1
    send()
    assert len(heard(httpserver)) == 1


def test_a_fault_of_ours_lets_the_endpoint_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise KeyError("ours")

    make_endpoint("https://hooks.example.com/")
    monkeypatch.setattr("insights.services.deliveries.target_of", fail)
    tell("P-1")
    for _ in range(4):
        Job.objects.filter(state=JobState.QUEUED).update(due_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        send()
    assert Job.objects.get().state == JobState.QUARANTINED
    assert Endpoint.objects.get().retry_at is not None


def test_old_events_are_forgotten_unless_they_wait(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data("")
    make_endpoint(httpserver.url_for("/"))
    tell("P-1")
    send()
    tell("P-2")
    Event.objects.update(created_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert events_thin() == 1
    assert Event.objects.get().subject == "P-2"
