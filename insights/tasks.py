"""What the clock asks of insights."""

from celery import shared_task

from insights.services.due import regroup_queue


@shared_task
def regroup_daily() -> None:
    """Queue the daily regrouping."""
    regroup_queue()
