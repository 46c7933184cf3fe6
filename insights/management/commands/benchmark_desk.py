"""`manage.py benchmark_desk`: how long the pages take with much in them, how many queries, how many bytes."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from insights.services.benchmark_load import Figures, LoadFailedError, load_measure
from insights.services.benchmark_pages import Visitor, page_calls
from insights.services.benchmark_server import (
    BenchmarkRefusedError,
    benchmark_database,
    benchmark_folder,
    benchmark_site,
    benchmark_statistics,
)
from insights.services.benchmark_stopping import Stopping
from insights.services.benchmark_world import ACCOUNTS, ITEMS, PROBLEMS, WorldRefusedError, benchmark_world_create
from insights.services.ranking import ranking_publish


class Command(BaseCommand):
    """Make a world in a database of its own, serve it, open its pages, drop it."""

    help = "Measure the pages on PostgreSQL, in a database of its own that is dropped in the end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How large a world, and how long."""
        parser.add_argument("--items", type=int, default=ITEMS, help=f"Feedback items ({ITEMS}).")
        parser.add_argument("--problems", type=int, default=PROBLEMS, help=f"Problems ({PROBLEMS}).")
        parser.add_argument("--accounts", type=int, default=ACCOUNTS, help=f"Accounts ({ACCOUNTS}).")
        parser.add_argument("--seconds", type=float, default=2.0, help="Seconds for each page (2).")
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Measure and print.

        Raises:
            CommandError: it cannot run here, or a page was not answered.
        """
        try:
            figures = _measured(options, Stopping())
        except (BenchmarkRefusedError, WorldRefusedError, LoadFailedError) as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped; the database of the benchmark is dropped.") from None
        if options["json"]:
            self.stdout.write(json.dumps([asdict(one) for one in figures]))
        else:
            _print(figures, Console(file=self.stdout, width=100))  # type: ignore[arg-type]


def _measured(options: dict[str, Any], stopping: Stopping) -> list[Figures]:
    """One reader, page after page: what is told is how long a page takes, not how many at once."""
    with (
        benchmark_database() as database,
        benchmark_folder(database=database) as environment,
        Console(stderr=True).status("Making a world") as status,
    ):

        def show(text: str) -> None:
            stopping.raise_if_asked()
            status.update(text)

        benchmark_world_create(
            **{name: options[name] for name in ("items", "problems", "accounts")},
            progress=lambda step, done, total: show(f"{step}: {done:,} of {total:,}"),
        )
        show("Ranking")
        ranking_publish()
        benchmark_statistics()
        # Who signed in here is signed in there.
        with benchmark_site(environment={**environment, "HEARD_SECRET_KEY": settings.SECRET_KEY}) as port:
            figures = []
            for call in page_calls(Visitor()):
                show(f"Opening: {call.name}")
                figures.append(load_measure(port=port, call=call, seconds=options["seconds"], connections=1))
    return figures


def _print(figures: list[Figures], console: Console) -> None:
    table = Table()
    table.add_column("page", no_wrap=True)
    for head in ("times", "server ms", "p50 ms", "p95 ms", "queries", "kB"):
        table.add_column(head, justify="right")
    for one in figures:
        cells = one.requests, one.server_ms, one.p50_ms, one.p95_ms, one.queries, one.kilobytes
        table.add_row(one.name, *map(str, cells))
    console.print(table)
