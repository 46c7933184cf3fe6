"""Jobs: one holder at a time, counted attempts, quarantine."""

import datetime as dt

import pytest
from django.utils import timezone

from feedback.models import Job, JobState
from feedback.services.jobs import LeaseLostError, job_lease, job_queue, job_replay, job_run
from feedback.tasks import job_work
from tests.feedback.bench import LONG_AGO, Bench, expire, lease_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_broker")]


def test_a_lease_is_given_once(bench: Bench) -> None:
    job = job_queue(kind="test")
    assert job_lease(job_id=job.pk) is not None
    assert job_lease(job_id=job.pk) is None
    assert job_lease() is None


def test_a_job_that_is_not_due_yet_is_left_alone(bench: Bench) -> None:
    job = job_queue(kind="test")
    Job.objects.update(due_at=timezone.now() + LONG_AGO)
    assert job_lease(job_id=job.pk) is None


def test_the_next_lease_goes_by_priority_then_age(bench: Bench) -> None:
    first, second, third = (job_queue(kind="test") for _ in range(3))
    Job.objects.filter(pk=third.pk).update(priority=1)
    leases = [job_lease() for _ in range(3)]
    assert [lease.job.pk for lease in leases if lease] == [third.pk, first.pk, second.pk]


def test_an_attempt_is_counted_before_the_work_starts(bench: Bench) -> None:
    seen: list[int] = []
    bench.work = lambda lease: seen.append(Job.objects.get(pk=lease.job.pk).attempts)
    job = job_queue(kind="test")
    job_work(job.pk)
    job_work(job.pk)
    job.refresh_from_db()
    assert (seen, job.state, job.lease_token, job.error) == ([1], JobState.DONE, None, "")
    assert job.finished_at is not None


def test_a_failing_job_is_tried_again_and_set_aside_after_three_attempts(bench: Bench) -> None:
    bench.work = bench.fails
    job = job_queue(kind="test")
    states: list[tuple[str, int]] = []
    for _ in range(3):
        job_run(lease=lease_of(job))
        job.refresh_from_db()
        states.append((job.state, job.attempts))
        assert job.error == f"ValueError: bad item in {job.pk}"

    assert states == [("queued", 1), ("queued", 2), ("quarantined", 3)]
    assert bench.abandoned == [(job.pk, job.error)]
    assert job_lease(job_id=job.pk) is None


def test_a_retry_waits_a_little_longer_each_time(bench: Bench) -> None:
    bench.work = bench.fails
    job = job_queue(kind="test")
    waits: list[dt.timedelta] = []
    for _ in range(2):
        before = timezone.now()
        job_run(lease=lease_of(job))
        job.refresh_from_db()
        waits.append(job.due_at - before)
    assert dt.timedelta(0) < waits[0] < waits[1]


def test_a_job_whose_process_dies_each_time_is_set_aside(bench: Bench) -> None:
    job = job_queue(kind="test")
    for _ in range(3):
        lease_of(job)
        expire(job)
    assert job_lease(job_id=job.pk) is None
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.QUARANTINED, "started 3 times; its process died each time")
    assert bench.abandoned == [(job.pk, job.error)]


def test_progress_starts_the_count_of_attempts_anew(bench: Bench) -> None:
    job = job_queue(kind="test")
    for done in range(1, 6):
        lease = lease_of(job)
        assert lease.job.attempts <= 2
        lease.beat(done=done, total=9)
        expire(job)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.done, job.total) == (JobState.RUNNING, 1, 5, 9)


def test_a_beat_without_progress_keeps_the_count(bench: Bench) -> None:
    job = job_queue(kind="test")
    for attempt in (1, 2, 3):
        lease = lease_of(job)
        lease.beat(done=0, total=9)
        lease.beat()
        assert Job.objects.get().attempts == attempt
        expire(job)


def test_an_expired_lease_is_taken_over_and_the_old_holder_cannot_write(bench: Bench) -> None:
    job = job_queue(kind="test")
    old = lease_of(job)
    expire(job)
    new = lease_of(job)

    with pytest.raises(LeaseLostError, match="taken over"):
        old.beat(done=3)
    job_run(lease=old)
    job.refresh_from_db()
    assert (job.state, job.lease_token, job.done) == (JobState.RUNNING, new.job.lease_token, 0)

    job_run(lease=new)
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_an_old_holder_that_fails_cannot_set_the_job_aside(bench: Bench) -> None:
    job = job_queue(kind="test")
    for _ in range(2):
        lease_of(job)
        expire(job)
    old = lease_of(job)
    assert old.job.attempts == 3
    expire(job)
    assert job_lease(job_id=job.pk) is None
    job_replay(job=job)
    new = lease_of(job)

    bench.work = bench.fails
    job_run(lease=old)

    job.refresh_from_db()
    assert (job.state, job.lease_token, job.error) == (JobState.RUNNING, new.job.lease_token, "")


def test_jobs_that_wait_under_one_key_are_one(bench: Bench) -> None:
    first = job_queue(kind="test", key="all")
    assert job_queue(kind="test", key="all") == first
    assert job_queue(kind="test", key="other") != first
    assert job_queue(kind="test") != job_queue(kind="test")

    lease_of(first)
    assert job_queue(kind="test", key="all") != first


def test_a_failed_job_does_not_wait_beside_its_twin(bench: Bench) -> None:
    bench.work = bench.fails
    job = job_queue(kind="test", key="all")
    lease = lease_of(job)
    twin = job_queue(kind="test", key="all")
    job_run(lease=lease)
    job.refresh_from_db()
    twin.refresh_from_db()
    assert (job.state, twin.state) == (JobState.DONE, JobState.QUEUED)
