"""Doorbells. What is due and how far it is stands in the Job rows."""

from celery import shared_task

from feedback.services import inbound, pulling
from feedback.services.idempotency import requests_clean
from feedback.services.jobs import job_lease, job_run
from feedback.services.jobs import jobs_sweep as sweep


@shared_task
def job_work(job_id: int) -> None:
    """Work on one job, unless another worker has it."""
    lease = job_lease(job_id=job_id)
    if lease is not None:
        job_run(lease=lease)


@shared_task
def jobs_sweep() -> None:
    """Ring again for jobs whose message or worker was lost."""
    sweep()


@shared_task
def idempotent_requests_clean() -> None:
    """Forget the answers that nobody can ask for again."""
    requests_clean()


@shared_task
def connections_sweep() -> None:
    """Queue what connections have to do: work on what they told, and asking them again."""
    inbound.inbound_sweep()
    pulling.pull_sweep()


@shared_task
def inbound_thin_daily() -> None:
    """Forget deliveries that nobody can send again."""
    inbound.inbound_thin()
