"""What the import commands share: their options, their progress bar, their report."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from customers.sources.tables import TableError
from feedback.services.import_kinds import KINDS, SystemNameError
from feedback.services.imports import Opened, import_file
from feedback.services.mappings import Mapping, UnknownMappingError, mapping_find, mapping_save

NOTES_SHOWN = 20
NAME_CHARACTERS = 80


class ImportTableCommand(BaseCommand):
    """Import one CSV file; subclasses name the kind of table."""

    kind: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        """File, column mapping, report."""
        columns = ", ".join(KINDS[self.kind].columns)
        parser.add_argument("file", type=Path, help=f"A CSV file with the columns {columns}.")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="THEIRS=OURS",
            help="Read the column THEIRS as OURS; repeatable.",
        )
        parser.add_argument("--system", help="Whose file this is, such as crm; csv unless told.")
        parser.add_argument("--profile", metavar="NAME", help="Use the mapping that was saved under this name.")
        parser.add_argument(
            "--save-profile",
            metavar="NAME",
            help="Save the mapping of this call under a name, for the next time; not in a dry run.",
        )
        parser.add_argument("--dry-run", action="store_true", help="Say what would become of every row; store nothing.")
        parser.add_argument("--report", type=Path, help="Where to write the row report, as CSV.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import and report.

        Raises:
            CommandError: the file cannot be read as a table, the system cannot have its name, or rows were refused.
        """
        console = Console(file=self.stdout, soft_wrap=True)  # type: ignore[arg-type]
        mapping = self._mapping(options)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:.0f} %"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task(f"Importing {self.kind}")
            try:
                opened = import_file(
                    kind=self.kind,
                    path=options["file"],
                    system=mapping.system,
                    renamed=mapping.columns,
                    progress=lambda line, lines: bar.update(task, completed=line, total=lines),
                    dry_run=options["dry_run"],
                )
            except (TableError, SystemNameError) as error:
                raise CommandError(str(error)) from None
        if options["save_profile"] and not options["dry_run"]:
            mapping_save(kind=self.kind, name=options["save_profile"], mapping=mapping)
            console.print(f"Mapping saved: --profile {options['save_profile']}")
        self._report(console, opened, report_path=options["report"], dry_run=options["dry_run"])

    def _mapping(self, options: dict[str, Any]) -> Mapping:
        """The saved mapping, what this call says on top of it."""
        if len(options["save_profile"] or "") > NAME_CHARACTERS:
            raise CommandError(f"--save-profile takes a name of at most {NAME_CHARACTERS} characters.")
        saved = Mapping(system="csv", columns={})
        if options["profile"]:
            try:
                saved = mapping_find(kind=self.kind, name=options["profile"])
            except UnknownMappingError as error:
                raise CommandError(str(error)) from None
        renamed = dict(self._pair(text) for text in options["map"])
        return Mapping(system=options["system"] or saved.system, columns={**saved.columns, **renamed})

    def _report(self, console: Console, opened: Opened, *, report_path: Path | None, dry_run: bool) -> None:
        report = opened.report
        if dry_run:
            console.print("A dry run: nothing was stored. This would become of the rows:")
        self._print(console, opened)
        if report_path:
            report.write(report_path)
            console.print(f"Row report: {report_path}")
        if report.refused and dry_run:
            raise CommandError(f"{report.refused} of {report.rows} rows would not be imported.")
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

    def _print(self, console: Console, opened: Opened) -> None:
        table, report, stored = opened.table, opened.report, opened.report.stored
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
