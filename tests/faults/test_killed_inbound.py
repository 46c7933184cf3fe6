"""kill -9 while deliveries are worked on: what was answered 200 is stored, each once, the newest words standing."""

import random
import time

import pytest

from tests.faults.conftest import Installation

pytestmark = pytest.mark.broker
TICKETS, KILLS = 600, 3
WAITING = "SELECT count(*) FROM feedback_inbounddelivery WHERE state = 'received'"
WORKING = "SELECT count(*) FROM feedback_job WHERE state = 'running' AND kind = 'inbound'"
ITEMS = "SELECT external_id, text FROM feedback_feedbackitem"
SETTLED = "SELECT state, count(*) FROM feedback_inbounddelivery GROUP BY state"
# Every ticket is told twice, its newer word first, as a network may have it.
TOLD = f"""
from feedback.services.inbound import inbound_receive
from feedback.sources.contract import Call
from tests.feedback.sources.senders import make_connection, zendesk_headers
from tests.feedback.sources.test_zendesk_hook import event
make_connection("zendesk")
for minute in (1, 0):
    for number in range({TICKETS}):
        body = event("created", minute, f"Wish {{number}}, word {{minute}}", ticket=str(number))
        headers = {{name.lower(): value for name, value in zendesk_headers(body).items()}}
        inbound_receive(slug="desk", call=Call(headers, body))
"""


def test_what_was_acknowledged_is_stored_once_through_three_kills(installation: Installation) -> None:
    installation.manage("migrate", "--verbosity", "0")
    installation.manage("shell", "--no-imports", "-c", TOLD)
    assert installation.count(WAITING) == 2 * TICKETS
    seed = random.randrange(10**6)  # noqa: S311 (where to kill)
    chance = random.Random(seed)  # noqa: S311
    for killing in range(KILLS):
        worker = installation.start_worker("default")
        left = installation.count(WAITING) - chance.randrange(TICKETS // (KILLS + 1))
        installation.wait(
            lambda left=left: installation.count(WORKING) > 0 and installation.count(WAITING) <= left,  # type: ignore[misc]
            60,
            f"kill {killing} (seed {seed})",
        )
        time.sleep(chance.random() / 10)
        installation.kill(worker)
        # The fault did fire: the job is still marked as running, and something waits.
        assert installation.count(WORKING) == 1, seed
        assert installation.count(WAITING) > 0, seed
    installation.start_worker("default")
    installation.wait(lambda: installation.count(WAITING) == 0, 120, f"the end of all work (seed {seed})")
    stored = {str(key): str(text) for key, text in installation.query(ITEMS)}
    assert stored == {str(number): f"Wish {number}, word 1" for number in range(TICKETS)}, seed
    assert [(str(state), int(str(n))) for state, n in installation.query(SETTLED)] == [("done", 2 * TICKETS)], seed
