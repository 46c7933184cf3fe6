"""What systems tell us by themselves: kept first, answered, then worked on.

A delivery is kept once by its connection and the id that its sender knows it by. The Job only says that some wait.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from feedback.models import Connection, InboundDelivery, InboundState, Job, JobState
from feedback.services.changes import changes_apply
from feedback.services.connections import connection_reading, connection_secrets
from feedback.services.jobs import JobKind, Lease, job_kind_register, job_queue
from feedback.sources.contract import Call, Change, SchemaError
from feedback.sources.registry import SYSTEMS

logger = logging.getLogger(__name__)

INBOUND = "inbound"
# Bodies may have megabytes each, and all of a batch are in memory at once.
BATCH = 50
ATTEMPTS = 3
REASON_CHARACTERS = 500
# For how long a delivery is recognised when it comes again; after that, its moment tells that it is old.
KEPT = timedelta(days=30)
NOTHING_TOLD = "It tells nothing that is kept: another kind of event, or no words."


class SignatureRefusedError(ValueError):
    """A call that no connection of that name has signed, or that was signed at another time."""


@transaction.atomic
def inbound_receive(*, slug: str, call: Call) -> InboundDelivery:
    """Keep a call of a system, once, and queue the work on it; answers the row, be it new or known.

    Raises:
        SignatureRefusedError: there is no such connection that is switched on, or the call is not its.
    """
    connection = Connection.objects.filter(slug=slug, enabled=True).first()
    if connection is None or not _is_signed(connection, call):
        raise SignatureRefusedError
    hook = SYSTEMS[connection.system].hook
    assert hook is not None  # noqa: S101 (what is signed has one)
    told = hook.envelope(call)
    InboundDelivery.objects.bulk_create(
        [InboundDelivery(connection=connection, external_id=told.delivery_id, event=told.event, body=call.body)],
        ignore_conflicts=True,
    )
    inbound_queue(connection=connection)
    return InboundDelivery.objects.get(connection=connection, external_id=told.delivery_id)


def inbound_queue(*, connection: Connection) -> None:
    """Queue the work on what waits, unless a job for it waits already.

    It is only looked for, not locked: calls of one connection do not wait for each other. What a job just misses so is
    found by the clock.
    """
    if Job.objects.filter(kind=INBOUND, key=str(connection.pk), state=JobState.QUEUED).exists():
        return
    job_queue(kind=INBOUND, key=str(connection.pk), payload={"connection_id": connection.pk})


def inbound_work(*, lease: Lease) -> None:
    """Work on all that waits of a connection.

    The first attempt takes many at once. A later one goes one by one, so that a delivery which fails, or kills its
    process, is found out and set aside while its neighbours are stored.

    Raises:
        RuntimeError: some failed; they have attempts left and the job should run again.
    """
    connection = Connection.objects.filter(pk=lease.job.payload["connection_id"]).first()
    if connection is None or Job.objects.busy(kind=INBOUND, key=lease.job.key).exclude(pk=lease.job.pk).exists():
        # The other one works on, and what comes in behind its last look the clock finds.
        return
    size = BATCH if lease.job.attempts == 1 else 1
    done = lease.job.done
    failures: list[str] = []
    last = 0
    while batch := list(_waiting(connection).filter(pk__gt=last)[:size]):
        last = batch[-1].pk
        lease.beat(done=done, total=done + len(batch))
        try:
            _work(connection, _started(batch))
        except Exception as error:
            if size > 1:
                raise
            failures.append(f"delivery {batch[0].pk}: {type(error).__name__}: {error}")
            InboundDelivery.objects.filter(pk=batch[0].pk).update(reason=failures[-1][:REASON_CHARACTERS])
        else:
            done += len(batch)
    lease.beat(done=done, total=done)
    if failures:
        raise RuntimeError("; ".join(failures))


def inbound_sweep() -> None:
    """Queue jobs for connections of which something waits and nobody is at it."""
    at_work = set(Job.objects.open().filter(kind=INBOUND).values_list("key", flat=True))
    waiting = InboundDelivery.objects.waiting().order_by().values("connection")
    for connection in Connection.objects.filter(pk__in=waiting).order_by("pk"):
        if str(connection.pk) not in at_work:
            inbound_queue(connection=connection)


def piece_keep(*, connection: Connection, piece: bytes, known_by: str, reason: str) -> None:
    """Set a piece that was pulled and cannot be read aside, with the reason; once, however often it is pulled."""
    InboundDelivery.objects.bulk_create(
        [
            InboundDelivery(
                connection=connection,
                external_id=known_by,
                pulled=True,
                body=piece,
                state=InboundState.QUARANTINED,
                reason=reason[:REASON_CHARACTERS],
            )
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def inbound_replay(*, deliveries: QuerySet[InboundDelivery]) -> int:
    """Let quarantined deliveries be worked on again; answers how many."""
    ids = list(deliveries.values_list("pk", flat=True))
    chosen = InboundDelivery.objects.quarantined().filter(pk__in=ids)
    connections = list(Connection.objects.filter(deliveries__in=chosen).distinct())
    replayed: int = chosen.update(state=InboundState.RECEIVED, reason="", attempts=0, worked_at=None)
    for connection in connections:
        inbound_queue(connection=connection)
    return replayed


def inbound_thin() -> int:
    """Forget deliveries that were worked on long ago; answers how many. What is quarantined stays."""
    old = InboundDelivery.objects.filter(
        state__in=[InboundState.DONE, InboundState.IGNORED], worked_at__lt=timezone.now() - KEPT
    )
    deleted, _ = old.delete()
    return deleted


def inbound_kind_register() -> None:
    """Tell the queue what these jobs mean."""
    job_kind_register(kind=JobKind(INBOUND, _run, queue="default", priority=5, abandoned=_abandoned))


def _run(lease: Lease) -> None:
    inbound_work(lease=lease)


def _abandoned(job: Job, reason: str) -> None:
    """Set aside what has had its attempts; for the rest the clock queues another job."""
    spent = InboundDelivery.objects.waiting().filter(connection=job.payload["connection_id"], attempts__gte=ATTEMPTS)
    for delivery in spent:
        _settle(delivery, InboundState.QUARANTINED, delivery.reason or reason)


def _is_signed(connection: Connection, call: Call) -> bool:
    hook = SYSTEMS[connection.system].hook
    now = timezone.now()
    return hook is not None and any(hook.signed(call, secret, now) for secret in connection_secrets(connection))


def _waiting(connection: Connection) -> QuerySet[InboundDelivery]:
    return InboundDelivery.objects.waiting().filter(connection=connection)


def _started(batch: Sequence[InboundDelivery]) -> list[InboundDelivery]:
    """Count an attempt before the work begins; deliveries that have had theirs are set aside and not answered."""
    for delivery in batch:
        if delivery.attempts >= ATTEMPTS:
            why = delivery.reason or "the process died each time it was worked on"
            _settle(delivery, InboundState.QUARANTINED, f"Given up after {delivery.attempts} attempts: {why}")
    fresh = [delivery for delivery in batch if delivery.attempts < ATTEMPTS]
    InboundDelivery.objects.filter(pk__in=[delivery.pk for delivery in fresh]).update(attempts=F("attempts") + 1)
    return fresh


@transaction.atomic
def _work(connection: Connection, batch: Sequence[InboundDelivery]) -> None:
    """Read some deliveries and store what they tell, together with how it went."""
    changes: list[Change] = []
    for delivery in batch:
        try:
            told = _read(connection, delivery)
        except SchemaError as error:
            _settle(delivery, InboundState.QUARANTINED, str(error))
            continue
        changes += told
        _settle(delivery, InboundState.DONE if told else InboundState.IGNORED, "" if told else NOTHING_TOLD)
    changes_apply(source=connection.slug, changes=changes)


def _read(connection: Connection, delivery: InboundDelivery) -> list[Change]:
    system = SYSTEMS[connection.system]
    way = system.pull if delivery.pulled else system.hook
    if way is None:
        raise SchemaError(f"{system.label} tells us nothing in this way.")
    return way.read(bytes(delivery.body), connection_reading(connection))


def _settle(delivery: InboundDelivery, state: InboundState, reason: str) -> None:
    """How it went. What is stored, or was not worth storing, is not kept a second time."""
    kept = {} if state == InboundState.QUARANTINED else {"body": b""}
    if state == InboundState.QUARANTINED:
        logger.warning("Delivery %s is quarantined: %s", delivery.pk, reason)
    InboundDelivery.objects.filter(pk=delivery.pk, state=InboundState.RECEIVED).update(
        state=state, reason=reason.replace("\0", "")[:REASON_CHARACTERS], worked_at=timezone.now(), **kept
    )
