"""`manage.py check_receipts`: adds up every receipt of the current ranking again."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from insights.services.receipts import receipts_check


class Command(BaseCommand):
    """Fail when a score is off by a cent."""

    help = "Work out every figure of every receipt of the current ranking again; fail when one is off by a cent."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The result as JSON."""
        parser.add_argument("--json", action="store_true", help="Print ranking, receipts, lines, wrong as JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Check, and name what is wrong."""
        checked = receipts_check()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(checked), ensure_ascii=False))
        elif checked.ranking is None:
            self.stdout.write("Nothing is ranked yet, so there is nothing to check.")
        else:
            for wrong in checked.wrong:
                self.stdout.write(str(wrong))
            self.stdout.write(f"Ranking {checked.ranking}: {checked.receipts:,} receipts, {checked.lines:,} lines.")
        if checked.wrong:
            raise CommandError(f"Figures that do not add up: {len(checked.wrong):,}.")
