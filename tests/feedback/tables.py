"""Tables as files, and the import commands as an operator runs them."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError

ACCOUNT_HEAD = [
    "account_id",
    "name",
    "parent_id",
    "segment",
    "plan",
    "arr",
    "currency",
    "renewal_date",
    "health_score",
    "nps",
    "tenure_months",
    "seats",
    "active_seats",
    "open_invoices_overdue_days",
    "churned_on",
]
CONTACT_HEAD = ["email", "name", "account_id", "role"]
FEEDBACK_HEAD = [
    "external_id",
    "source",
    "kind",
    "created_at",
    "account_id",
    "contact_email",
    "severity",
    "subject",
    "body",
]
COUNTS = re.compile(r"([\d,]+) new, ([\d,]+) updated, ([\d,]+) unchanged, ([\d,]+) refused")
HEADS = {"accounts": ACCOUNT_HEAD, "contacts": CONTACT_HEAD, "feedback": FEEDBACK_HEAD}


@dataclass(frozen=True)
class Outcome:
    """What an import said: its output, the text of its CommandError or "", and the lines of its row report."""

    said: str
    error: str
    notes: list[dict[str, str]] = field(default_factory=list)

    def counts(self) -> tuple[int, ...]:
        """New, updated, unchanged and refused rows, as the output names them."""
        figures = COUNTS.search(self.said)
        assert figures is not None, self.said
        return tuple(int(figure.replace(",", "")) for figure in figures.groups())

    def refused_rows(self) -> list[int]:
        """The numbers of the refused rows."""
        return [int(note["row"]) for note in self.notes if note["kept"] == "no"]


def run_import(kind: str, path: Path, *arguments: str) -> Outcome:
    """Run one import command with a row report."""
    report = path.with_name(f"{path.stem}-report.csv")
    said, error = io.StringIO(), ""
    try:
        call_command(f"import_{kind}", str(path), "--report", str(report), *arguments, stdout=said)
    except CommandError as refused:
        error = str(refused)
    notes: list[dict[str, str]] = []
    if report.exists():
        with report.open(encoding="utf-8", newline="") as stream:
            notes = list(csv.DictReader(stream))
    return Outcome(said.getvalue(), error, notes)


def write_table(path: Path, head: Sequence[str], *rows: Sequence[object], delimiter: str = ",") -> Path:
    """Write a well-formed UTF-8 table."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow(head)
        writer.writerows(rows)
    return path


def account_row(account_id: str = "A1", /, **facts: object) -> list[object]:
    """A row under ACCOUNT_HEAD: paying 12,000.00 USD unless told otherwise."""
    values = {"account_id": account_id, "name": f"Account {account_id}", "arr": "12000.00", "currency": "USD", **facts}
    return [values.get(column, "") for column in ACCOUNT_HEAD]


def feedback_row(external_id: str = "F1", /, **facts: object) -> list[object]:
    """A row under FEEDBACK_HEAD."""
    values = {
        "external_id": external_id,
        "source": "zendesk",
        "kind": "request",
        "created_at": "2026-10-01T09:30:00Z",
        "body": f"Please let us export report {external_id}",
        **facts,
    }
    return [values.get(column, "") for column in FEEDBACK_HEAD]


def import_accounts(folder: Path, *rows: Sequence[object]) -> Outcome:
    """Import rows under ACCOUNT_HEAD."""
    return run_import("accounts", write_table(folder / "accounts.csv", ACCOUNT_HEAD, *rows))


def import_feedback(folder: Path, *rows: Sequence[object]) -> Outcome:
    """Import rows under FEEDBACK_HEAD."""
    return run_import("feedback", write_table(folder / "feedback.csv", FEEDBACK_HEAD, *rows))


def table_counts() -> dict[str, int]:
    """How many rows every table of the intake apps has. Jobs are no facts: a new ranking may be due at any time."""
    return {
        model.__name__: model._default_manager.count()
        for app in ("customers", "feedback")
        for model in apps.get_app_config(app).get_models()
        if model.__name__ != "Job"
    }
