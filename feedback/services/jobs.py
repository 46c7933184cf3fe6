"""Jobs: queue, lease, run, retry, quarantine.

A worker leases a row, and only while it holds the lease may it write the outcome. Attempts are counted before the work
starts, so that work which kills its process is counted too. Whoever dies leaves a lease that runs out.
"""

import logging
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from feedback.models import Job, JobState

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
RETRY_AFTER = timedelta(seconds=2)
ERROR_CHARACTERS = 2000


class LeaseLostError(RuntimeError):
    """Another worker took the job over: whatever this one still holds must not be written."""


@dataclass
class Lease:
    """The right to work on a job, kept alive by `beat` and by `kept_alive`."""

    job: Job
    progressed: Callable[[int, int], None] = field(default=lambda _done, _total: None)

    def beat(self, *, done: int | None = None, total: int | None = None) -> None:
        """Lengthen the lease and report progress. Progress starts the count of attempts anew.

        Raises:
            LeaseLostError: the lease ran out and another worker has the job.
        """
        changes: dict[str, Any] = {"lease_until": Now() + timedelta(seconds=settings.HEARD_JOB_LEASE_SECONDS)}
        if total is not None:
            changes["total"] = self.job.total = total
        if done is not None:
            if done > self.job.done:
                changes["attempts"] = self.job.attempts = 1
            changes["done"] = self.job.done = done
        held = Job.objects.filter(pk=self.job.pk, lease_token=self.job.lease_token, state=JobState.RUNNING)
        if not held.update(**changes):
            raise LeaseLostError(f"{self.job} was taken over by another worker")
        self.progressed(self.job.done, self.job.total)

    @contextmanager
    def kept_alive(self) -> Iterator[None]:
        """Lengthen the lease from a thread while one long step runs."""
        stop = threading.Event()

        def keep() -> None:
            try:
                while not stop.wait(settings.HEARD_JOB_LEASE_SECONDS / 3):
                    Job.objects.filter(pk=self.job.pk, lease_token=self.job.lease_token).update(
                        lease_until=Now() + timedelta(seconds=settings.HEARD_JOB_LEASE_SECONDS)
                    )
            finally:
                connection.close()

        keeper = threading.Thread(target=keep, name=f"lease-{self.job.pk}", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            stop.set()
            keeper.join()


@dataclass(frozen=True)
class JobKind:
    """What a kind of job does. Handlers take a lease and must bear being run again from the start."""

    name: str
    run: Callable[[Lease], None]
    queue: str
    priority: int
    # Called when the job is quarantined, to settle what it leaves behind.
    abandoned: Callable[[Job, str], None] = field(default=lambda _job, _reason: None)
    # Called when a person runs a quarantined job again, to take back what `abandoned` settled.
    replayed: Callable[[Job], None] = field(default=lambda _job: None)


_KINDS: dict[str, JobKind] = {}


def job_kind_register(*, kind: JobKind) -> None:
    """Make a kind of job known. Apps above register theirs when they are ready."""
    _KINDS[kind.name] = kind


@transaction.atomic
def job_queue(*, kind: str, key: str = "", payload: Mapping[str, Any] | None = None) -> Job:
    """Queue a job and ring for it once the transaction commits. With a key, a waiting twin is answered instead."""
    registered = _KINDS[kind]
    job = _twin(kind, key)
    while job is None:
        try:
            with transaction.atomic():
                job = Job.objects.create(kind=kind, key=key, payload=dict(payload or {}), priority=registered.priority)
        except IntegrityError:
            # Another process queued the twin between our look and our insert; it may even be at work by now.
            job = _twin(kind, key)
    transaction.on_commit(partial(job_ring, job_id=job.pk, queue=registered.queue), robust=True)
    return job


def job_ring(*, job_id: int, queue: str) -> bool:
    """Send the doorbell message; answers whether the broker took it. The sweeper rings again when it did not."""
    try:
        current_app.send_task("feedback.tasks.job_work", args=[job_id], queue=queue)
    except (OperationalError, OSError) as error:
        logger.warning("The broker is away, job %s waits for the sweeper: %s", job_id, error)
        return False
    return True


def jobs_sweep(*, limit: int = 100) -> int:
    """Ring for jobs that are due: their message was lost, or their worker died. Answers how many were rung for."""
    rung = 0
    for job in _due()[:limit]:
        if not job_ring(job_id=job.pk, queue=_KINDS[job.kind].queue):
            break
        rung += 1
    return rung


def job_lease(*, job_id: int | None = None) -> Lease | None:
    """Take the lease of one job, or of the next that is due; None when there is nothing to do."""
    token = uuid.uuid4()
    while True:
        with transaction.atomic():
            due = _due() if job_id is None else _due().filter(pk=job_id)
            if connection.features.has_select_for_update_skip_locked:
                due = due.select_for_update(skip_locked=True)
            job = due.first()
            if job is None:
                return None
            if job.attempts < MAX_ATTEMPTS:
                Job.objects.filter(pk=job.pk).update(
                    state=JobState.RUNNING,
                    attempts=F("attempts") + 1,
                    lease_until=Now() + timedelta(seconds=settings.HEARD_JOB_LEASE_SECONDS),
                    lease_token=token,
                )
                job.refresh_from_db()
                return Lease(job)
            job_quarantine(job=job, reason=f"started {job.attempts} times; its process died each time")


def job_run(*, lease: Lease) -> None:
    """Run a leased job and record how it ended."""
    job = lease.job
    try:
        with lease.kept_alive():
            _KINDS[job.kind].run(lease)
        _finish(job)
    except LeaseLostError as lost:
        logger.warning("%s", lost)
    except Exception as error:
        logger.exception("%s failed at attempt %s", job, job.attempts)
        _fail(job, f"{type(error).__name__}: {error}"[:ERROR_CHARACTERS])


@transaction.atomic
def job_replay(*, job: Job) -> None:
    """Queue a quarantined job again with its attempts forgotten; when a twin waits already, that one does its work."""
    quarantined = Job.objects.filter(pk=job.pk, state=JobState.QUARANTINED)
    if job.kind in _KINDS and quarantined.exists():
        _KINDS[job.kind].replayed(job)
    twin = _twin(job.kind, job.key)
    if twin is None:
        quarantined.update(state=JobState.QUEUED, attempts=0, due_at=Now(), error="", finished_at=None)
    else:
        quarantined.update(state=JobState.DONE)
    if job.kind in _KINDS:
        ring = partial(job_ring, job_id=(twin or job).pk, queue=_KINDS[job.kind].queue)
        transaction.on_commit(ring, robust=True)


def job_quarantine(*, job: Job, reason: str) -> None:
    """Set a job aside with its reason; it waits for a person."""
    with transaction.atomic():
        Job.objects.filter(pk=job.pk).update(
            state=JobState.QUARANTINED, error=reason, finished_at=Now(), lease_until=None, lease_token=None
        )
        _KINDS[job.kind].abandoned(job, reason)
    logger.error("%s is quarantined: %s", job, reason)


def _due() -> Any:
    """Due jobs of the kinds that this process knows: one of another version does not hold up the others."""
    return Job.objects.due().filter(kind__in=_KINDS)


def _twin(kind: str, key: str) -> Job | None:
    """The job that waits under a key. Locked until the caller commits: a worker that started it before would not see
    what it is queued for."""
    if not key:
        return None
    return Job.objects.select_for_update().filter(kind=kind, key=key, state=JobState.QUEUED).first()


def _held(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, lease_token=job.lease_token)


def _finish(job: Job) -> None:
    if not _held(job).update(state=JobState.DONE, finished_at=Now(), lease_until=None, lease_token=None, error=""):
        raise LeaseLostError(f"{job} was taken over by another worker")


@transaction.atomic
def _fail(job: Job, error: str) -> None:
    if _held(job).select_for_update().first() is None:
        logger.warning("%s was taken over by another worker", job)
        return
    if job.attempts >= MAX_ATTEMPTS:
        job_quarantine(job=job, reason=error)
        return
    twin_waits = bool(job.key) and Job.objects.filter(kind=job.kind, key=job.key, state=JobState.QUEUED).exists()
    if twin_waits:
        _held(job).update(state=JobState.DONE, error=error, finished_at=Now(), lease_until=None, lease_token=None)
        return
    _held(job).update(
        state=JobState.QUEUED,
        due_at=Now() + RETRY_AFTER * job.attempts,
        error=error,
        lease_until=None,
        lease_token=None,
    )
