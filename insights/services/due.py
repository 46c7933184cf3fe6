"""What work insights queues: the kinds of its jobs and when each is due."""

from collections.abc import Sequence

from feedback.models import Job
from feedback.services.jobs import job_queue
from insights.models import JiraLinkState, JiraSite

PLACE, REGROUP, RANK, DELIVER, JIRA, TELL = "place", "regroup", "rank", "deliver", "jira", "tell"
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


def jira_queue(*, site_id: int) -> Job:
    """Queue the work on a Jira site, unless a job for it waits already."""
    return job_queue(kind=JIRA, key=str(site_id), payload={"site_id": site_id})


def tell_queue(*, problem_id: int) -> Job:
    """Queue the sending of what is to be told about a problem, unless a job for it waits already."""
    return job_queue(kind=TELL, key=str(problem_id), payload={"problem_id": problem_id})


def jira_refresh_queue() -> None:
    """Queue a look at every site with linked issues: their figures may have changed."""
    linked = JiraSite.objects.working().filter(links__state=JiraLinkState.LIVE)
    for site_id in linked.order_by("pk").values_list("pk", flat=True).distinct():
        jira_queue(site_id=site_id)
