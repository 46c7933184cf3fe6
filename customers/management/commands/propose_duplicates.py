"""`manage.py propose_duplicates`."""

from typing import Any

from django.core.management.base import BaseCommand

from customers.models import DuplicateProposal
from customers.services.duplicates import duplicates_propose

SHOWN = 20


class Command(BaseCommand):
    """Propose accounts that look like one company."""

    help = "Compare all accounts and propose those that look like one company; a person decides in the admin."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Propose, and print the surest."""
        count = duplicates_propose()
        for proposal in DuplicateProposal.objects.open().select_related("left", "right")[:SHOWN]:
            reasons = "; ".join(reason["text"] for reason in proposal.reasons[:3])
            self.stdout.write(f"{proposal.probability:.2f}  {proposal.left}  =  {proposal.right}: {reasons}")
        self.stdout.write(f"{count} proposals wait under Duplicate proposals in the admin.")
