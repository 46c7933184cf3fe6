"""Brokers and jobs for the tests of intake."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from celery import current_app
from kombu import pools

from feedback.services import jobs
from feedback.services.jobs import JobKind, job_kind_register
from tests.feedback.bench import Bench


@contextmanager
def _broker(url: str, **options: int) -> Iterator[None]:
    conf = current_app.conf
    before = conf.broker_transport_options
    with pytest.MonkeyPatch.context() as patch:
        # Celery reads the environment before its own settings.
        for name in ("CELERY_BROKER_URL", "CELERY_BROKER_READ_URL", "CELERY_BROKER_WRITE_URL"):
            patch.setenv(name, url)
        conf.update(broker_transport_options=options)
        _forget_connections()
        try:
            yield
        finally:
            conf.update(broker_transport_options=before)
    _forget_connections()


def _forget_connections() -> None:
    """Celery keeps its connections in pools."""
    pools.reset()  # type: ignore[no-untyped-call]
    app = current_app._get_current_object()
    app.amqp._producer_pool = None
    app._pool = None


@pytest.fixture
def quiet_broker() -> Iterator[None]:
    """A broker in memory that nobody listens to."""
    with _broker("memory://"):
        yield


@pytest.fixture
def absent_broker(quiet_broker: None) -> Iterator[None]:
    """A broker address where nothing answers."""
    with _broker("redis://127.0.0.1:1/0", max_retries=0):
        yield


@pytest.fixture
def bench() -> Iterator[Bench]:
    """The kind "test" for one test."""
    bench = Bench()
    kind = JobKind(
        "test",
        bench.run,
        queue="default",
        priority=40,
        abandoned=lambda job, reason: bench.abandoned.append((job.pk, reason)),
    )
    job_kind_register(kind=kind)
    yield bench
    del jobs._KINDS["test"]
