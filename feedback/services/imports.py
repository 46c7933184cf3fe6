"""Importing rows of accounts, contacts, dated facts and feedback: good rows are stored, bad ones answered one by one.

What a kind of row needs is in `import_kinds`; where rows come from, a file or the API, makes no difference.
"""

import csv
import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import transaction

from customers.services.accounts import Stored
from customers.sources.fields import FieldError, Row
from customers.sources.tables import BadRow, GoodRow, Table, open_table
from feedback.services.import_kinds import KINDS, ImportKind, Outcome, Placed, RowNote

BATCH = 1000
Progress = Callable[[int, int], None]


@dataclass
class ImportReport:
    """What became of every row."""

    rows: int = 0
    stored: Stored = field(default_factory=Stored)
    notes: list[RowNote] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """How many rows were not stored."""
        return len({note.row for note in self.notes if not note.kept})

    def take(self, outcome: Outcome) -> None:
        """Count in what became of stored rows."""
        stored, notes = outcome
        self.stored.add(stored)
        self.notes += notes

    def write(self, path: Path) -> None:
        """Write the notes as CSV: row, line, column, reason, kept."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["row", "line", "column", "reason", "kept"])
            for note in self.notes:
                writer.writerow([note.row, note.line, note.column, note.reason, "yes" if note.kept else "no"])


@dataclass(frozen=True)
class Opened:
    """A file that can be imported, and what importing it did."""

    table: Table
    report: ImportReport


def import_file(
    *,
    kind: str,
    path: Path,
    system: str = "csv",
    renamed: Mapping[str, str],
    progress: Progress,
    dry_run: bool = False,
) -> Opened:
    """Import a CSV file. A dry run does all of it, answers the report, and takes everything back.

    Raises:
        TableError: the file cannot be read as a table.
        SystemNameError: the system cannot have that name.
    """
    importer = KINDS[kind]
    table = open_table(path, known=importer.columns, required=importer.required, renamed=renamed)
    run = importer(system=system, given=table.columns)
    with _taken_back(dry_run), _few_collections():
        report = ImportReport()
        _store(run, table.rows(), report, lambda line: progress(line, table.lines))
        report.notes += run.finish()
    progress(table.lines, table.lines)
    return Opened(table, report)


def import_rows(*, kind: str, rows: Sequence[Mapping[str, str]], system: str, dry_run: bool = False) -> ImportReport:
    """Import rows by column name, numbered from 1. A column that a row lacks stays as it was.

    All rows are known to have no columns but those of the kind.

    Raises:
        SystemNameError: the system cannot have that name.
    """
    importer = KINDS[kind]
    report = ImportReport()
    runs: dict[frozenset[str], ImportKind[Any]] = {}
    with _taken_back(dry_run):
        for given, some in groupby(enumerate(rows, start=1), key=lambda pair: frozenset(pair[1])):
            if given not in runs:
                runs[given] = importer(system=system, given=sorted(given))
            found = [GoodRow(number=number, line=number, row=Row(values)) for number, values in some]
            _store(runs[given], found, report, lambda _line: None)
        # Behind the last row of all: a row may name one with other columns as its parent.
        for run in runs.values():
            report.notes += run.finish()
    return report


@contextmanager
def _few_collections() -> Iterator[None]:
    """A batch is thousands of small objects in no circle: looking for circles would take a fifth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@contextmanager
def _taken_back(dry_run: bool) -> Iterator[None]:  # noqa: FBT001 (one flag, named at every call)
    if not dry_run:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _store(
    run: ImportKind[Any], found: Iterable[GoodRow | BadRow], report: ImportReport, progress: Callable[[int], None]
) -> None:
    """Parse every row, store the good ones a batch at a time, note the others."""
    batch: list[Placed[Any]] = []
    for row in found:
        report.rows += 1
        placed = _parsed(run, row, report)
        if placed is not None:
            batch.append(placed)
        if len(batch) >= BATCH:
            report.take(run.store(batch))
            batch = []
            progress(row.line)
    if batch:
        report.take(run.store(batch))


def _parsed(run: ImportKind[Any], found: GoodRow | BadRow, report: ImportReport) -> Placed[Any] | None:
    if isinstance(found, BadRow):
        report.notes.append(RowNote(found.number, found.line, "", found.reason, kept=False))
        return None
    try:
        return Placed(found.number, found.line, run.parse(found.row))
    except FieldError as error:
        report.notes.append(RowNote(found.number, found.line, error.column, error.reason, kept=False))
        return None
