"""`manage.py jira_read`: have the statuses of all linked Jira issues read."""

from typing import Any

from django.core.management.base import BaseCommand

from insights.services.jira.work import jira_read_queue


class Command(BaseCommand):
    """Queue the reading."""

    help = "Have the statuses of all linked Jira issues read, for webhooks that never came."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Queue, and say on how many sites."""
        self.stdout.write(f"Queued for {jira_read_queue()} Jira sites.")
