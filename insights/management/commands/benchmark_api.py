"""`manage.py benchmark_api`: how fast the API answers with much in it, and how soon what comes in shows."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from insights.services.benchmark_calls import (
    Client,
    NeverSeenError,
    Visible,
    list_calls,
    posting_call,
    reading_calls,
    visible_measure,
)
from insights.services.benchmark_load import (
    Call,
    Caller,
    Figures,
    LoadFailedError,
    Ratio,
    load_measure,
    ratios_measure,
)
from insights.services.benchmark_server import (
    BenchmarkRefusedError,
    benchmark_database,
    benchmark_folder,
    benchmark_site,
    benchmark_statistics,
    benchmark_workers,
    body_path,
)
from insights.services.benchmark_stopping import Stopping
from insights.services.benchmark_world import (
    ACCOUNTS,
    ITEMS,
    PROBLEMS,
    World,
    WorldRefusedError,
    benchmark_world_create,
)
from insights.services.ranking import ranking_publish

WIDTH = 120
Show = Callable[[str, int, int], None]


class Command(BaseCommand):
    """Make a world in a database of its own, serve it, call it, drop it."""

    help = "Measure the API on PostgreSQL, in a database of its own that is dropped in the end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How large a world, how long, and what else."""
        parser.add_argument("--items", type=int, default=ITEMS, help=f"Feedback items ({ITEMS}).")
        parser.add_argument("--problems", type=int, default=PROBLEMS, help=f"Problems ({PROBLEMS}).")
        parser.add_argument("--accounts", type=int, default=ACCOUNTS, help=f"Accounts ({ACCOUNTS}).")
        parser.add_argument("--seconds", type=float, default=3.0, help="Seconds for each call (3).")
        parser.add_argument("--rounds", type=int, default=7, help="Rounds of the comparison with bare views (7).")
        parser.add_argument("--connections", type=int, default=4, help="Callers at once (4).")
        parser.add_argument(
            "--post-to-visible",
            type=int,
            default=0,
            metavar="N",
            help="Also post N items, one after another, with workers running, and time how long each takes to show.",
        )
        parser.add_argument(
            "--patience", type=float, default=120.0, help="Seconds that an item may take to show (120)."
        )
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Measure and print.

        Raises:
            CommandError: it cannot run here, or an answer was not what it should be.
        """
        stopping = Stopping()
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Database", total=None)

            def show(step: str, done: int, total: int) -> None:
                stopping.raise_if_asked()
                bar.update(task, description=step, completed=done, total=total or None)

            try:
                body = _measured(options, show)
            except (BenchmarkRefusedError, WorldRefusedError, LoadFailedError, NeverSeenError) as error:
                raise CommandError(str(error)) from None
            except KeyboardInterrupt:
                raise CommandError("Stopped; the database of the benchmark is dropped.") from None
        if options["json"]:
            self.stdout.write(json.dumps({name: _plain(value) for name, value in body.items()}))
        else:
            _print(body, Console(file=self.stdout, width=WIDTH))  # type: ignore[arg-type]


def _measured(options: dict[str, Any], show: Show) -> dict[str, Any]:
    """All figures by name."""
    with benchmark_database() as database, benchmark_folder(database=database) as environment:
        sizes = {name: options[name] for name in ("items", "problems", "accounts")}
        world, filled = _timed(lambda: benchmark_world_create(**sizes, progress=show))
        show("Ranking", 0, 0)
        _, published = _timed(ranking_publish)
        benchmark_statistics()
        body: dict[str, Any] = {**sizes, "fill_seconds": filled, "publish_seconds": published}
        client = Client()
        with benchmark_site(environment=environment) as port:
            with Caller(port) as caller:
                body_path(environment).write_bytes(caller(list_calls(client)[0], 0).body)
            body["ratios"] = _ratios(options, client, port, show)
            body["calls"] = _figures(
                options, port, [*list_calls(client), *reading_calls(client, port=port, problems=world.problems)], show
            )
            body["post_to_visible"] = _visible(options, client, port, world, environment, show)
            # Last: nobody places what it leaves behind.
            body["calls"] += _figures(options, port, [posting_call(client, world=world)], show)
    return body


def _ratios(options: dict[str, Any], client: Client, port: int, show: Show) -> list[Ratio]:
    rounds = options["rounds"]
    show("Comparing", 0, rounds)
    return ratios_measure(
        port=port,
        calls=list_calls(client),
        rounds=rounds,
        seconds=options["seconds"] / 3,
        progress=lambda done: show("Comparing", done, rounds),
    )


def _figures(options: dict[str, Any], port: int, calls: Sequence[Call], show: Show) -> list[Figures]:
    figures = []
    for done, call in enumerate(calls):
        show(call.name, done, len(calls))
        figures.append(
            load_measure(port=port, call=call, seconds=options["seconds"], connections=options["connections"])
        )
    return figures


def _visible(
    options: dict[str, Any], client: Client, port: int, world: World, environment: dict[str, str], show: Show
) -> Visible | None:
    items = options["post_to_visible"]
    if not items:
        return None
    show("Waiting to see items", 0, items)
    with benchmark_workers(environment=environment):
        return visible_measure(
            client=client,
            port=port,
            world=world,
            items=items,
            patience=options["patience"],
            progress=lambda done: show("Waiting to see items", done, items),
        )


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    started = time.monotonic()
    return work(), round(time.monotonic() - started, 1)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [asdict(each) for each in value]
    return asdict(value) if isinstance(value, Visible) else value


def _print(body: dict[str, Any], console: Console) -> None:
    console.print(
        f"{body['items']:,} items, {body['problems']:,} problems, {body['accounts']:,} accounts: "
        f"made in {body['fill_seconds']} s, ranked in {body['publish_seconds']} s"
    )
    table = Table()
    table.add_column("call", no_wrap=True)
    for head in ("requests/s", "p50 ms", "p95 ms", "server ms", "queries", "kB"):
        table.add_column(head, justify="right")
    for call in body["calls"]:
        table.add_row(
            call.name,
            f"{call.per_second:,}",
            str(call.p50_ms),
            str(call.p95_ms),
            str(call.server_ms),
            str(call.queries),
            str(call.kilobytes),
        )
    console.print(table)
    for ratio in body["ratios"]:
        console.print(
            f"server time of {ratio.name} ÷ {ratio.to}: {ratio.median} ({ratio.least} to {ratio.most})", highlight=False
        )
    seen: Visible | None = body["post_to_visible"]
    if seen:
        console.print(
            f"posted items show after {seen.p50_seconds} s (p50), {seen.p95_seconds} s (p95), {seen.most_seconds} s at "
            f"most; {seen.in_their_problem} of {seen.items} in the problem that their text belongs to",
            highlight=False,
        )
