"""`manage.py load_sample`: the sample inbox."""

from typing import Any

from django.core.management.base import BaseCommand

from feedback.services.sample import sample_load


class Command(BaseCommand):
    """Load the sample."""

    help = "Load the sample inbox: a made-up company's accounts, contacts and feedback. Run again, nothing doubles."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Load, and say what came in."""
        for opened in sample_load(progress=lambda _line, _lines: None):
            report, stored = opened.report, opened.report.stored
            self.stdout.write(
                f"{opened.table.path.stem}: {report.rows} rows: {stored.created} new, {stored.updated} updated, "
                f"{stored.unchanged} unchanged, {report.refused} refused."
            )
