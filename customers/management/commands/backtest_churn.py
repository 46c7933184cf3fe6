"""`manage.py backtest_churn --input FILE --target COLUMN --id COLUMN`: how well churn can be told on any table."""

import gzip
import json
import shutil
import tempfile
import zlib
from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as RichTable

from customers.engine.churn.backtest import (
    FOLDS,
    Predictor,
    check_classes,
    cross_validated,
    logistic_regression,
    model_predictor,
)
from customers.engine.churn.encoding import shapes_of
from customers.engine.churn.measures import Measures, measure
from customers.engine.churn.outcomes import OutcomeError, read_outcomes
from customers.engine.churn.reading import Table, read_table
from customers.engine.churn.scorecard_table import scorecard_probability, scorecard_table
from customers.engine.churn.training import TooLittleHistoryError
from customers.sources.tables import GoodRow, TableError, open_table

TOO_GOOD = 0.98
MEANING = (
    "AUC: the chance that an account that left was given a higher risk than one that stayed (0.5 is a coin). "
    "Brier and log loss: the size of the errors, lower is better. Calibration error: how far a predicted share is from "
    "the share that left, in ten equal groups. Top-decile lift: how many times more often the riskiest tenth left."
)


@dataclass(frozen=True)
class Book:
    """The table as read: its facts by column, who left, and how many rows could not be split into columns."""

    columns: Mapping[str, list[str]]
    churned: NDArray[np.bool_]
    unreadable: int


class Command(BaseCommand):
    """Train and test by five-fold stratified cross-validation. Touches no database."""

    help = "Train and test the churn model on any table of customers by cross-validation. Touches no database."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The table and its two columns that are no facts."""
        parser.add_argument("--input", type=Path, required=True, help="FILE.csv or FILE.csv.gz, a row a customer.")
        parser.add_argument(
            "--target", required=True, help="The column that says who left: yes/no, true/false, 1/0, churned/active."
        )
        parser.add_argument("--id", required=True, help="The column that names each customer, each once.")
        parser.add_argument(
            "--shuffle-target",
            type=int,
            metavar="SEED",
            help="Shuffle who left first: an AUC far from 0.5 would show that the test itself leaks.",
        )
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Measure and print.

        Raises:
            CommandError: the file, a column or a value cannot be used, or too few accounts left or stayed.
        """
        try:
            book = _book(options["input"], target=options["target"], key=options["id"])
            check_classes(book.churned)
        except (TableError, TooLittleHistoryError) as error:
            raise CommandError(f"{options['input'].name}: {error}") from None
        churned = book.churned
        if options["shuffle_target"] is not None:
            churned = np.random.default_rng(abs(options["shuffle_target"])).permutation(churned)
        table = read_table(book.columns)
        contestants: dict[str, tuple[Predictor, Table]] = {
            "model": (model_predictor, table),
            "logistic_regression": (logistic_regression, table),
        }
        if (facts := scorecard_table(book.columns)) is not None:
            contestants["scorecard"] = (scorecard_probability, facts)
        console = Console(file=self.stdout, soft_wrap=True, quiet=options["json"])  # type: ignore[arg-type]
        figures = self._run(contestants, churned, console)
        ignored = shapes_of(table)[1]
        if options["json"]:
            head = {"rows": len(churned), "churned": int(churned.sum()), "folds": FOLDS}
            tail = {"unreadable_rows": book.unreadable, "ignored_columns": ignored}
            self.stdout.write(json.dumps({**head, **{name: asdict(each) for name, each in figures.items()}, **tail}))
        else:
            self._print(console, book, figures, ignored)

    def _run(
        self, contestants: dict[str, tuple[Predictor, Table]], churned: NDArray[np.bool_], console: Console
    ) -> dict[str, Measures]:
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total} folds"))
        figures = {}
        with Progress(*columns, TimeElapsedColumn(), console=console, transient=True, disable=console.quiet) as bar:
            task = bar.add_task("Testing", total=FOLDS * len(contestants))
            for name, (predictor, table) in contestants.items():
                bar.update(task, description=f"Testing the {name.replace('_', ' ')}")
                probability = cross_validated(table, churned, predictor, progress=lambda: bar.advance(task))
                figures[name] = measure(churned, probability)
        return figures

    def _print(self, console: Console, book: Book, figures: dict[str, Measures], ignored: dict[str, str]) -> None:
        rows, left = len(book.churned), int(book.churned.sum())
        console.print(f"{rows:,} customers, {left:,} left ({left / rows:.1%}); {FOLDS} folds.")
        table = RichTable("", "AUC", "Brier", "log loss", "calibration error", "top-decile lift")
        for name, each in figures.items():
            cells = (each.auc, each.brier, each.log_loss, each.calibration_error)
            table.add_row(name.replace("_", " "), *(f"{cell:.4f}" for cell in cells), f"{each.top_decile_lift:.2f}")
        console.print(table)
        console.print(MEANING)
        for name, reason in ignored.items():
            console.print(f"Left out {name!r}: {reason}.", markup=False)
        if book.unreadable:
            console.print(f"Left out {book.unreadable:,} rows that cannot be split into the columns of the header.")
        if figures["model"].auc > TOO_GOOD:
            console.print("This is too good to be true: look for a column that is filled in only once a customer left.")


def _book(path: Path, *, target: str, key: str) -> Book:
    with tempfile.TemporaryDirectory() as folder:
        opened = open_table(_plain(path, Path(folder)), known=(), required=(), renamed={})
        missing = [name for name in (target, key) if name not in opened.columns]
        if missing:
            raise TableError(f"there is no column {missing[0]!r}. Its columns: {', '.join(opened.columns)}.")
        if target == key:
            raise TableError(f"{target!r} cannot be both the target and the id.")
        rows = list(opened.rows())
    good = [row for row in rows if isinstance(row, GoodRow)]
    _check_ids(good, key)
    try:
        churned = read_outcomes([row.row.values[target] for row in good])
    except OutcomeError as error:
        raise TableError(f"row {good[error.place].number}, column {target!r}: {error}.") from None
    facts = [name for name in opened.columns if name not in {target, key}]
    columns = {name: [row.row.values[name] for row in good] for name in facts}
    return Book(columns, churned, len(rows) - len(good))


def _check_ids(rows: list[GoodRow], key: str) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        name = row.row.values[key].strip()
        if not name:
            raise TableError(f"row {row.number} has no id in column {key!r}.")
        if name in seen:
            raise TableError(f"rows {seen[name]} and {row.number} have the same id {name!r}; keep one row a customer.")
        seen[name] = row.number


def _plain(path: Path, folder: Path) -> Path:
    """The file itself, or what a .gz file holds, under the same name in a folder."""
    if path.suffix != ".gz":
        return path
    plain = folder / path.stem
    try:
        with gzip.open(path) as packed, plain.open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked)
    except FileNotFoundError:
        raise TableError(f"There is no file {path}.") from None
    except (OSError, EOFError, zlib.error) as error:
        raise TableError(f"the file cannot be unpacked ({error}). Pack it again with gzip.") from None
    return plain
