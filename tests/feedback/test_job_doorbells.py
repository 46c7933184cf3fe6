"""Jobs: what starts them, again too: the admin, the sweeper, the commit, with a broker or without."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feedback.models import FeedbackItem, Job, JobState
from feedback.services.items import feedback_ingest
from feedback.services.jobs import Lease, job_lease, job_queue, job_ring, jobs_sweep
from feedback.tasks import job_work
from tests.factories import make_record
from tests.feedback.bench import LONG_AGO, Bench, expire, lease_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_broker")]


@pytest.fixture
def quarantined(bench: Bench) -> Job:
    """A job that was set aside."""
    job = job_queue(kind="test", key="all")
    for _ in range(3):
        lease_of(job)
        expire(job)
    job_lease(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == JobState.QUARANTINED
    return job


def _run_again(client: Client, *selected: Job) -> None:
    client.force_login(User.objects.create_superuser("root"))
    answer = client.post(
        reverse("admin:feedback_job_changelist"),
        {"action": "run_again", "_selected_action": [job.pk for job in selected]},
    )
    assert answer.status_code == 302


def test_a_job_that_was_set_aside_runs_again_from_the_admin(client: Client, quarantined: Job) -> None:
    done = job_queue(kind="test")
    job_work(done.pk)
    _run_again(client, quarantined, done)

    quarantined.refresh_from_db()
    done.refresh_from_db()
    assert (quarantined.state, quarantined.attempts, quarantined.error) == (JobState.QUEUED, 0, "")
    assert done.state == JobState.DONE
    job_work(quarantined.pk)
    quarantined.refresh_from_db()
    assert quarantined.state == JobState.DONE


def test_a_job_whose_twin_waits_already_leaves_its_work_to_the_twin(client: Client, quarantined: Job) -> None:
    twin = job_queue(kind="test", key="all")
    _run_again(client, quarantined)
    quarantined.refresh_from_db()
    assert (quarantined.state, job_queue(kind="test", key="all")) == (JobState.DONE, twin)


def test_the_sweeper_rings_for_what_is_due_and_for_nothing_else(bench: Bench) -> None:
    queued, dead, held, later, done = (job_queue(kind="test") for _ in range(5))
    for job in (dead, held):
        lease_of(job)
    expire(dead)
    Job.objects.filter(pk=later.pk).update(due_at=timezone.now() + LONG_AGO)
    job_work(done.pk)
    assert jobs_sweep() == 2
    assert {job.pk for job in Job.objects.due()} == {queued.pk, dead.pk}
    assert jobs_sweep(limit=1) == 1


def test_a_job_of_a_kind_that_is_not_known_here_holds_nobody_up(bench: Bench) -> None:
    stranger = Job.objects.create(kind="from-a-newer-version", priority=0)
    known = job_queue(kind="test")
    assert jobs_sweep() == 1
    lease = job_lease()
    assert lease is not None
    assert lease.job == known
    stranger.refresh_from_db()
    assert (stranger.state, stranger.attempts) == (JobState.QUEUED, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("absent_broker")
def test_without_a_broker_intake_stores_items_and_jobs(bench: Bench) -> None:
    outcome = feedback_ingest(records=[make_record("F1"), make_record("F2")])

    job = Job.objects.get(kind="place")
    assert (outcome.created, FeedbackItem.objects.count()) == (2, 2)
    assert sorted(job.payload["item_ids"]) == sorted(FeedbackItem.objects.values_list("pk", flat=True))
    assert (job.state, job_ring(job_id=job.pk, queue="embed"), jobs_sweep()) == (JobState.QUEUED, False, 0)


@pytest.mark.django_db(transaction=True)
def test_a_twin_that_is_being_queued_for_is_not_started_before_the_commit(bench: Bench) -> None:
    """Else it would end without having seen what it was queued for, and nobody would ring again."""
    if not connection.features.has_select_for_update_skip_locked:
        pytest.skip("SQLite lets one writer in at a time: the worker waits for the commit by itself")

    def lease_elsewhere() -> Lease | None:
        try:
            return job_lease()
        finally:
            connection.close()

    job = job_queue(kind="test", key="all")
    with ThreadPoolExecutor(1) as worker:
        with transaction.atomic():
            assert job_queue(kind="test", key="all") == job
            assert worker.submit(lease_elsewhere).result() is None
        lease = worker.submit(lease_elsewhere).result()
    assert lease is not None
    assert lease.job == job
