"""`manage.py serve`: the site, a worker with its clock and a worker for webhooks, in one terminal."""

import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.env import BASE_DIR

GRACE_SECONDS = 15


class Command(BaseCommand):
    """Run gunicorn and two Celery workers until Ctrl-C."""

    help = "Serve the site with a worker at http://127.0.0.1:8000 until Ctrl-C. For one machine."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen."""
        parser.add_argument("--bind", default="127.0.0.1:8000", help="Address and port (127.0.0.1:8000).")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Start all, wait for a signal or for one of them to end, stop all.

        Raises:
            CommandError: the site or a worker ended by itself.
        """
        web = f"-m gunicorn config.wsgi --bind {options['bind']} --threads 4 --no-control-socket --log-level warning"
        worker = "-m celery --quiet -A config worker -B -P threads -c 1 -Q default,embed --loglevel WARNING"
        # Receivers that hang must not hold up the other work, nor one the other.
        courier = "-m celery --quiet -A config worker -P threads -c 4 -Q webhooks -n webhooks@%h --loglevel WARNING"
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _interrupt)
        # Sessions of their own: Ctrl-C reaches this process, which then stops all in order.
        running = {
            name: subprocess.Popen([sys.executable, *arguments.split()], cwd=BASE_DIR, start_new_session=True)  # noqa: S603
            for name, arguments in (("site", web), ("worker", worker), ("webhook worker", courier))
        }
        self.stdout.write(f"Heard is at http://{options['bind']} (Ctrl-C stops it).")
        try:
            ended = _first_to_end(running)
        except KeyboardInterrupt:
            ended = None
        finally:
            _stop(list(running.values()))
        if ended:
            raise CommandError(f"The {ended} ended by itself; its last lines are above.")
        self.stdout.write("Stopped.")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _first_to_end(running: dict[str, subprocess.Popen[bytes]]) -> str:
    while True:
        for name, process in running.items():
            if process.poll() is not None:
                return name
        time.sleep(0.3)


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(timeout=GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
