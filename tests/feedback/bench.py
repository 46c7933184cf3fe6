"""A kind of job for tests."""

import datetime as dt
from collections.abc import Callable

from django.utils import timezone

from feedback.models import Job, JobState
from feedback.services.jobs import Lease, job_lease

Work = Callable[[Lease], None]
LONG_AGO = dt.timedelta(hours=1)


class Bench:
    """A kind of job, "test", whose work the test decides; what was abandoned is kept."""

    def __init__(self) -> None:
        self.work: Work = lambda _lease: None
        self.abandoned: list[tuple[int, str]] = []

    def run(self, lease: Lease) -> None:
        """Do what the test decided."""
        self.work(lease)

    def fails(self, lease: Lease) -> None:
        """Work that cannot be done."""
        raise ValueError(f"bad item in {lease.job.pk}")


def lease_of(job: Job) -> Lease:
    """The lease of a job, also of one whose retry is not due yet."""
    Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(due_at=timezone.now() - LONG_AGO)
    lease = job_lease(job_id=job.pk)
    assert lease is not None
    return lease


def expire(job: Job) -> None:
    """The lease of the job ran out an hour ago."""
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - LONG_AGO)
