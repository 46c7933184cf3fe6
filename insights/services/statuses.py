"""Statuses: how far product work on a problem has come, when something other than a person's form says so."""

from django.db import transaction
from django.utils import timezone

from insights.models import Problem, Status
from insights.services.outbox import problems_watched


@transaction.atomic
@problems_watched()
def problem_status_set(*, problem: Problem, status: Status) -> None:
    """Give a problem a status, and tell; one that it has already changes nothing."""
    Problem.objects.filter(pk=problem.pk).exclude(status=status).update(status=status, updated_at=timezone.now())
