"""Receivers of webhooks, and a way to let days pass."""

import datetime as dt

from django.db.models import F

from feedback.services.jobs import job_lease, job_run
from insights.models import Delivery, Endpoint, EventType
from insights.services.deliveries import deliveries_sweep
from insights.services.endpoints import secret_rotate
from insights.services.outbox import News, events_emit


def make_endpoint(url: str, name: str = "jira", events: tuple[str, ...] = tuple(EventType)) -> tuple[Endpoint, str]:
    """An endpoint that listens to everything unless told otherwise, and its secret."""
    endpoint = Endpoint.objects.create(name=name, url=url, events=list(events))
    secret = secret_rotate(endpoint=endpoint)
    endpoint.refresh_from_db()
    return endpoint, secret


def tell(*keys: str) -> None:
    """Emit one event for each problem named."""
    events_emit(news=[News(EventType.PROBLEM_UPDATED, {"key": key, "n": n}, key) for n, key in enumerate(keys)])


def send() -> None:
    """What the clock and the workers do: queue what is due, and do it."""
    deliveries_sweep()
    while (lease := job_lease()) is not None:
        job_run(lease=lease)


def pass_time(time: dt.timedelta) -> None:
    """Everything was that much longer ago."""
    Delivery.objects.update(due_at=F("due_at") - time)
    Endpoint.objects.update(retry_at=F("retry_at") - time, failing_since=F("failing_since") - time)
