"""The sample inbox: a year and a half of feedback to a made-up company, to look around in before the own data is in."""

import csv
import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils import timezone

from feedback.models import FeedbackItem
from feedback.services.imports import Opened, import_file
from feedback.services.items import text_of
from feedback.services.redaction import redact

SAMPLE = Path(__file__).resolve().parent.parent / "sample"
DATES = ("created_at", "renewal_date", "churned_on")


def sample_load(*, progress: Callable[[int, int], None]) -> list[Opened]:
    """Import the sample through the same door as any other file.

    Its dates move forward by whole days, so that the newest item is from today. Loaded again, they stay as they were
    first loaded, and nothing changes.
    """
    with _moved(_days_to_move()) as folder:
        return [
            import_file(kind=kind, path=folder / f"{kind}.csv", renamed={}, progress=progress)
            for kind in ("accounts", "contacts", "feedback")
        ]


def sample_texts() -> tuple[str, ...]:
    """The sample's messages as they would be read, without a database."""
    rows = _rows(SAMPLE / "feedback.csv")
    return tuple(redact(text_of(subject=row["subject"], body=row["body"])) for row in rows)


def _days_to_move() -> dt.timedelta:
    newest = max(_rows(SAMPLE / "feedback.csv"), key=lambda row: row["created_at"])
    written = dt.datetime.fromisoformat(newest["created_at"])
    loaded = FeedbackItem.objects.filter(source__key=newest["source"], external_id=newest["external_id"]).values_list(
        "said_at", flat=True
    )
    return dt.timedelta(days=((loaded.first() or timezone.now()) - written).days)


@contextmanager
def _moved(days: dt.timedelta) -> Iterator[Path]:
    with TemporaryDirectory(prefix="heard-sample-") as folder:
        for source in sorted(SAMPLE.glob("*.csv")):
            rows = list(_rows(source))
            with (Path(folder) / source.name).open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, fieldnames=list(rows[0]))
                writer.writeheader()
                writer.writerows(_later(row, days) for row in rows)
        yield Path(folder)


def _later(row: dict[str, str], days: dt.timedelta) -> dict[str, str]:
    moved = dict(row)
    for column in DATES:
        if row.get(column):
            moment = dt.datetime.fromisoformat(row[column]) + days
            moved[column] = moment.isoformat() if len(row[column]) > 10 else moment.date().isoformat()
    return moved


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)
