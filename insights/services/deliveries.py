"""Delivering: one job sends what is due to one endpoint, oldest first; what fails comes back later.

An endpoint is called by one job at a time. A receiver that does not answer rests as a whole; one that answers with an
error holds up only the subject of that event.
"""

import json
import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from standardwebhooks import Webhook

from feedback.models import Job
from feedback.outbound.addresses import AddressRefusedError, target_of
from feedback.outbound.posting import Answer, call
from feedback.services.jobs import Lease
from feedback.services.sealing import UnreadableSecretError
from insights.models import Attempt, Delivery, DeliveryState, Endpoint, Event
from insights.services.due import DELIVER, deliver_queue
from insights.services.endpoints import secrets_of

logger = logging.getLogger(__name__)

# Waits after each failure; together they make three days, but for seven minutes.
STEPS = [
    timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 43200, 72000, 86400)
]
PATIENCE = sum(STEPS, timedelta())
AFTER_A_FAULT = timedelta(hours=1)
KEPT = timedelta(days=30)
EXCERPT_CHARACTERS = 500
GONE, TOO_MANY, UNAVAILABLE = 410, 429, 503


def deliveries_send(*, lease: Lease) -> None:
    """Send what is due to the endpoint of a job, until nothing is."""
    if Job.objects.busy(kind=DELIVER, key=lease.job.key).exclude(pk=lease.job.pk).exists():
        # The other one sends on. What it may miss at its very end, the clock finds.
        return
    sent = 0
    while (delivery := _next(lease.job.payload["endpoint_id"])) is not None:
        lease.beat(done=sent, total=sent + 1)
        _record(delivery, _call(delivery))
        sent += 1


def deliveries_sweep() -> None:
    """Queue jobs for endpoints with something due and nobody at it."""
    due = Delivery.objects.due().order_by("endpoint_id").values_list("endpoint_id", flat=True).distinct()
    at_work = set(Job.objects.open().filter(kind=DELIVER).values_list("key", flat=True))
    for endpoint_id in due:
        if str(endpoint_id) not in at_work:
            deliver_queue(endpoint_id=endpoint_id)


def deliveries_abandoned(job: Job, reason: str) -> None:
    """A fault of ours: let the endpoint rest, so that the clock does not bring the fault back every few seconds."""
    logger.error("Delivering to endpoint %s failed: %s", job.key, reason)
    Endpoint.objects.filter(pk=job.payload["endpoint_id"]).update(retry_at=Now() + AFTER_A_FAULT)


@transaction.atomic
def deliveries_replay(*, deliveries: QuerySet[Delivery]) -> int:
    """Send again, as if for the first time, under the same `webhook-id`; answers how many."""
    rows = list(deliveries.values_list("pk", "endpoint_id"))
    Delivery.objects.filter(pk__in=[pk for pk, _ in rows]).update(
        state=DeliveryState.WAITING, attempts=0, due_at=Now(), finished_at=None
    )
    for endpoint_id in sorted({endpoint for _, endpoint in rows}):
        deliver_queue(endpoint_id=endpoint_id)
    return len(rows)


def events_thin() -> int:
    """Forget events of which nothing waits after a month, with their deliveries and logs; answers how many."""
    waiting = Delivery.objects.waiting().values("event_id")
    old = Event.objects.filter(created_at__lt=timezone.now() - KEPT).exclude(pk__in=waiting)
    _, by_model = old.delete()
    return int(by_model.get(Event._meta.label, 0))


def _next(endpoint_id: int) -> Delivery | None:
    return Delivery.objects.due().filter(endpoint=endpoint_id).select_related("event", "endpoint").first()


def body_of(event: Event) -> str:
    """What is sent: the same text at every attempt."""
    return json.dumps(
        {"type": event.type, "timestamp": event.created_at.isoformat(), "data": event.data}, sort_keys=True
    )


def _call(delivery: Delivery) -> Answer:
    """One signed call. An address that leads to a forbidden place by now counts as one without an answer."""
    event, endpoint, moment = delivery.event, delivery.endpoint, timezone.now()
    body = body_of(event)
    try:
        signatures = [Webhook(secret).sign(event.uid, moment, body) for secret in secrets_of(endpoint)]
        target = target_of(endpoint.url, allow=settings.HEARD_WEBHOOK_ALLOW)
    except (AddressRefusedError, UnreadableSecretError) as error:
        return Answer(None, "", str(error), 0.0)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Heard",
        "webhook-id": event.uid,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    return call(target, body=body.encode(), headers=headers)


@transaction.atomic
def _record(delivery: Delivery, answer: Answer) -> None:
    """Write down how a call ended, and what follows for the delivery and its endpoint."""
    delivered = answer.status is not None and 200 <= answer.status < 300
    attempts = delivery.attempts + 1
    changes: dict[str, Any] = {"attempts": attempts}
    if delivered or attempts > len(STEPS):
        changes["state"] = DeliveryState.DELIVERED if delivered else DeliveryState.FAILED
        changes["finished_at"] = Now()
    else:
        changes["due_at"] = Now() + STEPS[attempts - 1]
    if not Delivery.objects.filter(pk=delivery.pk).update(**changes):
        # The endpoint was deleted while it was called.
        return
    Attempt.objects.create(
        delivery=delivery,
        status=answer.status,
        seconds=round(answer.seconds, 3),
        error=answer.error[:EXCERPT_CHARACTERS],
        # PostgreSQL stores no NUL.
        answer=answer.body[:EXCERPT_CHARACTERS].replace("\0", ""),
    )
    endpoint = Endpoint.objects.filter(pk=delivery.endpoint_id)
    if delivered:
        endpoint.update(failures=0, failing_since=None, retry_at=None)
    else:
        _blame(endpoint, delivery.endpoint, answer)


def _blame(row: QuerySet[Endpoint], endpoint: Endpoint, answer: Answer) -> None:
    """What a failure says about the receiver as a whole."""
    row.update(failing_since=Coalesce("failing_since", Now()))
    if answer.status in {None, TOO_MANY, UNAVAILABLE}:
        rest = STEPS[min(endpoint.failures, len(STEPS) - 1)]
        row.update(failures=F("failures") + 1, retry_at=Now() + rest)
    reason = ""
    if answer.status == GONE:
        reason = "The receiver answered 410 Gone."
    elif row.filter(failing_since__lte=Now() - PATIENCE).exists():
        reason = f"No call succeeded for three days; the last: {answer.status or answer.error}"
    if reason:
        logger.warning("Endpoint %s is disabled: %s", endpoint.pk, reason)
        row.update(enabled=False, disabled_reason=reason[:300])
