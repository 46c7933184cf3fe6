"""`manage.py ranked`: the top of the ranked list in the terminal."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from rest_framework.utils.encoders import JSONEncoder
from rich.console import Console
from rich.table import Table

from insights.api.ranking import ranking_json
from insights.models import Ranking, RankingEntry
from insights.templatetags.figures import money, money_short

WIDTH = 140


class Command(BaseCommand):
    """Print the latest ranking."""

    help = "Print the top of the latest ranking."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much, and in which form."""
        parser.add_argument("--limit", type=int, default=10, help="How many problems (10).")
        parser.add_argument(
            "--format", choices=["table", "json"], default="table", help="A table, or what the API answers."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print, or say what to do first."""
        ranking = Ranking.objects.first()
        entries = list(RankingEntry.objects.filter(ranking=ranking).listed()[: max(options["limit"], 0)])
        if options["format"] == "json":
            body = ranking_json(ranking, entries) if ranking else {"snapshot": None, "results": []}
            self.stdout.write(json.dumps(body, cls=JSONEncoder, indent=2, ensure_ascii=False))
        elif ranking is None:
            self.stdout.write("Nothing is ranked yet. Import feedback, then run: python manage.py triage")
        else:
            Console(file=self.stdout, width=WIDTH).print(_table(ranking, entries))  # type: ignore[arg-type]


def _table(ranking: Ranking, entries: list[RankingEntry]) -> Table:
    table = Table(title=f"Ranking {ranking.number}", title_justify="left")
    for head in ("#", "range"):
        table.add_column(head, justify="right")
    table.add_column("problem", no_wrap=True, overflow="ellipsis", ratio=1)
    for head in ("score", "customers", "items", "ARR", "at risk"):
        table.add_column(head, justify="right")
    for entry in entries:
        table.add_row(
            str(entry.rank),
            f"{entry.rank_low}–{entry.rank_high}",
            f"{entry.problem.key}  {entry.problem.title}",
            money(entry.score, ranking.currency),
            str(entry.customers),
            str(entry.items),
            money_short(entry.arr_total, ranking.currency),
            money_short(entry.revenue_at_risk, ranking.currency),
        )
    return table
