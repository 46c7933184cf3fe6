"""`manage.py triage`: do all that is due, here and now."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from insights.services.triage import triage_drain, unread_languages


class Command(BaseCommand):
    """Place what waits, regroup when that is due, publish the ranking."""

    help = "Do all due work in the foreground: read, place, group, rank."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The closing summary as JSON."""
        parser.add_argument(
            "--json",
            action="store_true",
            help="Print items, placed, unplaced, quarantined, problems, seconds as JSON.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Work, then say where everything is."""
        console = Console(stderr=True)
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task("Triage", total=None)

            def show(step: str, done: int, total: int) -> None:
                bar.update(task, description=step, completed=done, total=total or None)

            summary = triage_drain(progress=show)
        if options["json"]:
            self.stdout.write(json.dumps(asdict(summary)))
            return
        self.stdout.write(
            f"{summary.items:,} items: {summary.placed:,} placed in {summary.problems:,} problems, "
            f"{summary.unplaced:,} unplaced, {summary.quarantined:,} quarantined. {summary.seconds:.1f} s."
        )
        languages = unread_languages()
        if languages:
            listed = ", ".join(f"{language} {count:,}" for language, count in languages.items())
            self.stdout.write(
                f"{sum(languages.values()):,} items are in languages that the active model does not read ({listed}): "
                "where they are placed is a guess. HEARD_EMBEDDING_MODEL takes a multilingual model."
            )
        if summary.quarantined:
            self.stdout.write("Why items are quarantined, and how to run them again: Feedback items in the admin.")
