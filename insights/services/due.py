"""What work insights queues: the kinds of its jobs and when each is due."""

from collections.abc import Sequence

from feedback.models import Job
from feedback.services.jobs import job_queue

PLACE, REGROUP, RANK, DELIVER = "place", "regroup", "rank", "deliver"
JOB_ITEMS = 256


def place_queue(*, item_ids: Sequence[int]) -> None:
    """Queue the placing of items, in batches."""
    for start in range(0, len(item_ids), JOB_ITEMS):
        job_queue(kind=PLACE, payload={"item_ids": list(item_ids[start : start + JOB_ITEMS])})


def regroup_queue() -> Job:
    """Queue a regrouping, unless one waits already."""
    return job_queue(kind=REGROUP, key=REGROUP)


def rank_queue() -> Job:
    """Queue a new ranking, unless one waits already."""
    return job_queue(kind=RANK, key=RANK)


def deliver_queue(*, endpoint_id: int) -> Job:
    """Queue the sending of what is due to an endpoint, unless a job for it waits already."""
    return job_queue(kind=DELIVER, key=str(endpoint_id), payload={"endpoint_id": endpoint_id})
