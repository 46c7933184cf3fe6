"""`manage.py pull_feedback [NAME …]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from feedback.models import Connection
from feedback.services.pulling import pull_now


class Command(BaseCommand):
    """Ask connections here and now, with progress."""

    help = "Ask connections for what is new, all of them or those named, and wait until they have told everything."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which connections."""
        parser.add_argument("names", nargs="*", metavar="NAME", help="Names of connections; all unless told.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Ask one after the other, and report.

        Raises:
            CommandError: a connection is not known, or did not tell everything.
        """
        asked = Connection.objects.asked()
        chosen = asked.filter(slug__in=options["names"]) if options["names"] else asked
        known = set(chosen.values_list("slug", flat=True))
        unknown = [name for name in options["names"] if name not in known]
        if unknown:
            raise CommandError(f"Not connections that can be asked: {', '.join(unknown)}. See their page in the admin.")
        console = Console(file=self.stdout, soft_wrap=True)  # type: ignore[arg-type]
        short = [connection for connection in chosen if not self._ask(console, connection)]
        if short:
            raise CommandError(f"Not read to the end: {', '.join(map(str, short))}. The clock goes on where they are.")

    def _ask(self, console: Console, connection: Connection) -> bool:
        with Progress(SpinnerColumn(), TextColumn("{task.description}"), console=console, transient=True) as bar:
            task = bar.add_task(f"{connection}: asking")
            after = pull_now(
                connection=connection,
                progress=lambda one, done: bar.update(task, description=f"{one}: {done:,} read"),
            )
        trouble = after.notice or after.last_error
        console.print(f"{after}: {after.read:,} read in all{'; ' + trouble if trouble else ''}")
        return not trouble
