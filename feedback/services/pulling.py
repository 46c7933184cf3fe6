"""Asking systems for what they have: page by page, from where the last page ended, at the pace that they allow.

A page and the cursor behind it are stored in one transaction: whoever takes over from a process that died goes on where
it had come to. How far a connection is stands in its row; the Job only says that it is to be asked.
"""

import hashlib
import logging
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from feedback.models import Connection, Job
from feedback.outbound.rest import AwayError, RefusedError, RestError, TokenRefusedError, TooManyError
from feedback.services.changes import changes_apply
from feedback.services.connections import connection_access, connection_reading
from feedback.services.inbound import piece_keep
from feedback.services.jobs import JobKind, Lease, LeaseLostError, job_kind_register, job_lease, job_queue, job_run
from feedback.sources.contract import Change, Page, Pull, SchemaError
from feedback.sources.registry import SYSTEMS

logger = logging.getLogger(__name__)

PULL = "pull"
WORDS = 500
# After so many failures in a row, the wait before the next call.
STEPS = [timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 4 * 3600, 24 * 3600)]
AFTER_A_FAULT = timedelta(minutes=10)

Progress = Callable[[Connection, int], None]


def pull_queue(*, connection: Connection) -> Job:
    """Queue the asking of a connection, unless a job for it waits already."""
    return job_queue(kind=PULL, key=str(connection.pk), payload={"connection_id": connection.pk})


def pull_sweep() -> None:
    """Queue jobs for connections that are to be asked again and that nobody is at."""
    at_work = set(Job.objects.open().filter(kind=PULL).values_list("key", flat=True))
    for connection in Connection.objects.due():
        if str(connection.pk) not in at_work:
            pull_queue(connection=connection)


def pull_now(*, connection: Connection, progress: Progress) -> Connection:
    """Ask a connection here and now, to the end or until it wants to be left alone; answers its row afterwards.

    A wait that it asked for, or that follows from failures, is kept.
    """
    Connection.objects.filter(pk=connection.pk, last_error="").update(due_at=None)
    lease = job_lease(job_id=pull_queue(connection=connection).pk)
    if lease is not None:
        lease.progressed = lambda done, _total: progress(connection, done)
        job_run(lease=lease)
    connection.refresh_from_db()
    return connection


def pull_work(*, lease: Lease) -> None:
    """Ask the connection of a job, page after page, until there is no more."""
    connection = Connection.objects.due().filter(pk=lease.job.payload["connection_id"]).first()
    pull = SYSTEMS[connection.system].pull if connection else None
    if connection is None or pull is None:
        return
    try:
        _read_on(connection, pull, lease)
    except RestError as error:
        _rest(connection, error)
    else:
        Connection.objects.filter(pk=connection.pk).update(
            read_at=Now(),
            due_at=Now() + timedelta(seconds=settings.HEARD_PULL_SECONDS),
            failures=0,
            last_error="",
        )


def pull_kind_register() -> None:
    """Tell the queue what these jobs mean."""
    job_kind_register(kind=JobKind(PULL, _run, queue="webhooks", priority=60, abandoned=_abandoned))


def _run(lease: Lease) -> None:
    pull_work(lease=lease)


def _abandoned(job: Job, reason: str) -> None:
    """A fault of ours: let the connection rest, so that the clock does not bring the fault back every few seconds."""
    row = Connection.objects.filter(pk=job.payload["connection_id"])
    row.update(due_at=Now() + AFTER_A_FAULT, last_error=f"A fault of Heard: {reason}"[:WORDS])


def _read_on(connection: Connection, pull: Pull, lease: Lease) -> None:
    done = lease.job.done
    more = True
    while more:
        page = pull.fetch(connection_access(connection), connection.cursor)
        _store(connection, pull, page, lease)
        more = page.more and page.cursor != connection.cursor
        connection.cursor = page.cursor
        done += len(page.pieces)
        lease.beat(done=done, total=done)


@transaction.atomic
def _store(connection: Connection, pull: Pull, page: Page, lease: Lease) -> None:
    """What a page tells, and that it has been told.

    Raises:
        LeaseLostError: somebody else read this page.
    """
    reading = connection_reading(connection)
    changes: list[Change] = []
    for piece in page.pieces:
        try:
            changes += pull.read(piece, reading)
        except SchemaError as error:
            known_by = f"pulled-{hashlib.sha256(piece).hexdigest()}"
            piece_keep(connection=connection, piece=piece, known_by=known_by, reason=str(error))
    changes_apply(source=connection.slug, changes=changes)
    held = Connection.objects.filter(pk=connection.pk, cursor=connection.cursor)
    if not held.update(cursor=page.cursor, read=F("read") + len(page.pieces), failures=0, last_error=""):
        raise LeaseLostError(f"{lease.job}: {connection} was read on by another worker, or begun again")


def _rest(connection: Connection, error: RestError) -> None:
    """Draw the consequences of a call that did not do what it was for."""
    row = Connection.objects.filter(pk=connection.pk)
    words = str(error).replace("\0", "")
    if isinstance(error, TooManyError):
        row.update(due_at=Now() + timedelta(seconds=error.seconds), last_error=words[:WORDS])
    elif isinstance(error, AwayError):
        failures = Connection.objects.values_list("failures", flat=True).get(pk=connection.pk)
        wait = STEPS[min(failures, len(STEPS) - 1)]
        row.update(failures=F("failures") + 1, due_at=Now() + wait, last_error=words[:WORDS])
    else:
        notice = _notice(error, words)
        logger.warning("Connection %s is not asked any more: %s", connection, notice)
        row.update(notice=notice[:WORDS], last_error=words[:WORDS])


def _notice(error: RestError, words: str) -> str:
    if isinstance(error, TokenRefusedError):
        return f"The token is refused. {words} Give it a new one: until then it is not asked."
    if isinstance(error, RefusedError):
        return f"It will not be asked like this. {words} Check the address, or read everything again."
    return words
