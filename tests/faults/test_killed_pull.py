"""kill -9 in mid-history, three times: what was asked for is all there, row for row, and nothing twice."""

import random
import time
from collections.abc import Iterator

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.faults.conftest import Installation
from tests.feedback.sources.fakes import EMAIL, Fake, FakeIntercom, FakeZendesk
from tests.feedback.sources.senders import TOKEN

pytestmark = pytest.mark.broker
HISTORY, KILLS = 400, 3
READ = "SELECT read FROM feedback_connection"
PULLING = "SELECT count(*) FROM feedback_job WHERE state = 'running' AND kind = 'pull'"
ENDED = "SELECT count(*) FROM feedback_connection WHERE read_at IS NOT NULL"
STORED = "SELECT external_id, subject, body FROM feedback_feedbackitem JOIN feedback_feedbackoriginal ON item_id = id"
CONNECT = """
from feedback.models import Connection
from feedback.services.connections import connection_token_set
desk = Connection.objects.create(slug="desk", system="{system}", url="{url}", login="{login}")
connection_token_set(connection=desk, token="{token}")
"""


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    """A server of its own: calls that were cut by a kill are no fault of the test."""
    with HTTPServer(threaded=True) as server:
        yield server


def zendesk(server: HTTPServer) -> Fake:
    """Years of tickets: some changed while they were read, some deleted."""
    fake = FakeZendesk(server, page=9, repeats=True)
    for number in range(HISTORY):
        fake.put(number, f"Wish number {number}", subject=f"Subject {number}")
    for number in range(0, HISTORY, 9):
        fake.put(number, f"Wish number {number}, said better")
    for number in range(0, HISTORY, 23):
        fake.delete(number)
    return fake


def intercom(server: HTTPServer) -> Fake:
    """Years of conversations."""
    fake = FakeIntercom(server, page=9)
    for number in range(HISTORY):
        fake.put(str(number), f"Wish number {number}")
    return fake


@pytest.mark.parametrize("make", [zendesk, intercom], ids=["zendesk", "intercom"])
def test_a_history_read_through_three_kills_is_the_history(
    installation: Installation, server: HTTPServer, make: object
) -> None:
    fake = make(server)  # type: ignore[operator]
    fake.too_many_every = 11
    told = fake.told

    def slowly(request: Request) -> Response:
        time.sleep(0.05)
        answered: Response = told(request)
        return answered

    fake.told = slowly
    system, login = ("zendesk", EMAIL) if isinstance(fake, FakeZendesk) else ("intercom", "")
    installation.environment["HEARD_WEBHOOK_ALLOW"] = "127.0.0.0/8"
    installation.manage("migrate", "--verbosity", "0")
    connect = CONNECT.format(system=system, url=fake.url, login=login, token=TOKEN)
    installation.manage("shell", "--no-imports", "-c", connect)
    seed = random.randrange(10**6)  # noqa: S311 (where to kill)
    chance = random.Random(seed)  # noqa: S311 (where to kill)
    for killing in range(KILLS):
        worker = installation.start_worker("default,webhooks")
        goal = installation.count(READ) + chance.randrange(HISTORY // (KILLS + 2))
        installation.wait(
            lambda goal=goal: installation.count(READ) >= goal and installation.count(PULLING) > 0,  # type: ignore[misc]
            60,
            f"kill {killing} at {goal} (seed {seed})",
        )
        time.sleep(chance.random() / 10)
        installation.kill(worker)
        # The fault did fire: the history is not at its end. Where a job came to its own, the clock queues the next.
        assert installation.count(ENDED) == 0, seed
    installation.start_worker("default,webhooks")
    installation.wait(lambda: installation.count(ENDED) == 1, 120, f"the end of the history (seed {seed})")
    rows = installation.query(STORED)
    assert sorted(map(str, rows)) == sorted(str(row) for row in fake.rows()), seed
