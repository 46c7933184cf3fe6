"""What the three import commands share: their options, their progress bar, their report."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from customers.sources.tables import TableError
from feedback.services.imports import IMPORTERS, ImportReport

NOTES_SHOWN = 20


class ImportTableCommand(BaseCommand):
    """Import one CSV file; subclasses name the kind of table."""

    kind: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        """File, column mapping, report."""
        columns = ", ".join(IMPORTERS[self.kind].columns)
        parser.add_argument("file", type=Path, help=f"A CSV file with the columns {columns}.")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="THEIRS=OURS",
            help="Read the column THEIRS as OURS; repeatable.",
        )
        parser.add_argument("--report", type=Path, help="Where to write the row report, as CSV.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import and report.

        Raises:
            CommandError: the file cannot be read as a table, or rows were refused.
        """
        console = Console(file=self.stdout, soft_wrap=True)  # type: ignore[arg-type]
        renamed = dict(self._pair(text) for text in options["map"])
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:.0f} %"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task(f"Importing {self.kind}")
            try:
                report = IMPORTERS[self.kind].run(
                    path=options["file"],
                    renamed=renamed,
                    progress=lambda line, lines: bar.update(task, completed=line, total=lines),
                )
            except TableError as error:
                raise CommandError(str(error)) from None
        self._print(console, report)
        if options["report"]:
            report.write(options["report"])
            console.print(f"Row report: {options['report']}")
        if report.refused:
            raise CommandError(
                f"{report.refused} of {report.rows} rows were not imported; the others are stored. "
                "Mend those rows and import the file again: what is stored stays as it is."
            )

    def _pair(self, text: str) -> tuple[str, str]:
        theirs, separator, ours = text.partition("=")
        if not (theirs and separator and ours):
            raise CommandError(f"--map {text!r} is not of the form THEIRS=OURS.")
        return theirs, ours

    def _print(self, console: Console, report: ImportReport) -> None:
        table, stored = report.table, report.stored
        console.print(
            f"{table.path.name}: {report.rows:,} rows ({table.encoding}, {table.delimiter!r}): {stored.created:,} new, "
            f"{stored.updated:,} updated, {stored.unchanged:,} unchanged, {report.refused:,} refused."
        )
        if not report.notes:
            return
        notes = Table("row", "line", "column", "reason", "kept")
        for note in report.notes[:NOTES_SHOWN]:
            notes.add_row(str(note.row), str(note.line), note.column, note.reason, "yes" if note.kept else "no")
        console.print(notes)
        if len(report.notes) > NOTES_SHOWN:
            console.print(f"… and {len(report.notes) - NOTES_SHOWN:,} more; --report FILE writes them all.")
