"""Many at once: one delivery a hundred times, and the words of one item shuffled among several workers."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client

from feedback.models import Connection, FeedbackItem, InboundDelivery, Job
from feedback.services.changes import changes_apply
from feedback.services.inbound import inbound_sweep
from feedback.services.jobs import job_lease, job_run
from feedback.sources.contract import Reading
from feedback.sources.zendesk import read_event
from tests.factories import MOMENT
from tests.feedback.sources.senders import make_connection, post, stored, work, zendesk_headers
from tests.feedback.sources.test_zendesk_hook import event

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("quiet_broker"),
    pytest.mark.skipif(database.vendor == "sqlite", reason="threads share one SQLite in memory, and its locks"),
]
WORKERS = 8


@pytest.fixture
def desk(transactional_db: None) -> Connection:
    """A connection to a Zendesk that only calls."""
    return make_connection("zendesk")


def at_once(tasks: list[Callable[[], Any]]) -> list[Any]:
    """Do them all, several at a time, each on a connection of its own."""

    def done(task: Callable[[], Any]) -> Any:
        try:
            return task()
        finally:
            database.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(done, tasks))


def test_one_delivery_a_hundred_times_at_once_is_one(desk: Connection) -> None:
    body = event("created", 0)
    answers = at_once([lambda: post(Client(), "desk", body, zendesk_headers(body)).status_code] * 100)
    assert answers == [200] * 100
    assert InboundDelivery.objects.count() == 1
    work()
    assert list(stored()) == ["35436"]


def test_fifty_words_shuffled_among_workers_leave_the_newest(desk: Connection) -> None:
    """Among them deletions: whatever the newest word of an item is, it stands."""
    chance = random.Random(7)  # noqa: S311 (an order)
    told = [event("created" if n % 5 else "soft_deleted", n, f"Word {n}", ticket=str(n % 3)) for n in range(50)]
    chance.shuffle(told)
    reading = Reading("desk", MOMENT)
    at_once([lambda body=body: changes_apply(source="desk", changes=read_event(body, reading)) for body in told])  # type: ignore[misc]
    assert stored() == {"0": "Word 48", "1": "Word 49", "2": "Word 47"}
    at_once([lambda: changes_apply(source="desk", changes=read_event(event("soft_deleted", 99, ticket="1"), reading))])
    at_once([lambda body=body: changes_apply(source="desk", changes=read_event(body, reading)) for body in told])  # type: ignore[misc]
    assert stored() == {"0": "Word 48", "2": "Word 47"}


def test_deliveries_that_come_while_others_are_worked_on_are_worked_on_too(desk: Connection) -> None:
    told = [event("created", n, f"Wish {n}", ticket=str(n)) for n in range(60)]

    def send(body: bytes) -> None:
        assert post(Client(), "desk", body, zendesk_headers(body)).status_code == 200
        lease = job_lease()
        if lease is not None and lease.job.kind == "inbound":
            job_run(lease=lease)

    at_once([lambda body=body: send(body) for body in told])  # type: ignore[misc]
    Job.objects.exclude(kind="inbound").delete()
    # What came in behind the last look of a worker, and found another one busy, is for the clock.
    work()
    inbound_sweep()
    work()
    assert FeedbackItem.objects.count() == 60
    assert set(InboundDelivery.objects.values_list("state", "attempts")) == {("done", 1)}
