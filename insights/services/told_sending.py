"""Sending what people are told: one letter at a time, each at most once."""

import logging
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from feedback.models import Job
from feedback.services.jobs import Lease
from insights.models import Told, ToldState

logger = logging.getLogger(__name__)


def told_send(*, lease: Lease) -> None:
    """Send the letters about one problem that wait.

    A letter is marked before it goes out. Whoever dies in between leaves it marked: it may have arrived, so nobody
    sends it again but a person who decides so.

    Raises:
        OSError: the mail server cannot be reached, or hung up: no letter is lost, the job should run again.
    """
    waiting = Told.objects.queued().filter(problem=lease.job.payload["problem_id"])
    done, total = 0, waiting.count()
    lease.beat(done=done, total=total)
    if not total:
        return
    connection = get_connection()
    connection.open()
    try:
        for told in waiting.iterator(chunk_size=100):
            if Told.objects.filter(pk=told.pk, state=ToldState.QUEUED).update(state=ToldState.SENDING):
                _settle(told, _refusal(told, connection))
            done += 1
            lease.beat(done=done)
    finally:
        connection.close()


def told_abandoned(job: Job, reason: str) -> None:
    """Say with every letter that still waits why it was not sent."""
    logger.error("Telling people about P-%s failed: %s", job.payload["problem_id"], reason)
    Told.objects.queued().filter(problem=job.payload["problem_id"]).update(
        state=ToldState.FAILED, reason=f"No letter was sent: {reason}"[:2000], settled_at=timezone.now()
    )


def _refusal(told: Told, connection: BaseEmailBackend) -> str:
    """Send one letter; answers why the server would not take it, or nothing."""
    letter = EmailMessage(
        subject=told.subject,
        body=told.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[told.email],
        connection=connection,
    )
    try:
        letter.send()
    except (SMTPRecipientsRefused, SMTPResponseException) as error:
        return f"{type(error).__name__}: {error}"
    return ""


def _settle(told: Told, refusal: str) -> None:
    state = ToldState.FAILED if refusal else ToldState.SENT
    Told.objects.filter(pk=told.pk).update(state=state, reason=refusal[:2000], settled_at=timezone.now())
