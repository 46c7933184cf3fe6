"""What the clock asks of insights."""

from celery import shared_task
from django.utils import timezone

from insights.services import deliveries
from insights.services.due import regroup_queue
from insights.services.history import rankings_thin
from insights.services.jira import work


@shared_task
def regroup_daily() -> None:
    """Queue the daily regrouping."""
    regroup_queue()


@shared_task
def rankings_thin_hourly() -> None:
    """Delete snapshots that are no longer kept."""
    rankings_thin(now=timezone.now())


@shared_task
def deliveries_sweep() -> None:
    """Queue the webhooks that are due again."""
    deliveries.deliveries_sweep()


@shared_task
def events_thin_daily() -> None:
    """Forget events that are no longer kept."""
    deliveries.events_thin()


@shared_task
def jira_sweep() -> None:
    """Queue the work on Jira sites that is due again."""
    work.jira_sweep()


@shared_task
def jira_read_daily() -> None:
    """Have the statuses of linked Jira issues read."""
    work.jira_read_queue()
