"""A database, a server and workers of a benchmark's own, which leave nothing behind."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import redis
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection

GRACE_SECONDS = 15
START_SECONDS = 60
# Requests at once: two processes of two threads.
THREADS = "--workers 2 --worker-class gthread --threads 2 --keep-alive 30"
# No limit that a benchmark could meet.
API_RATE = 1_000_000_000


class BenchmarkRefusedError(RuntimeError):
    """The benchmark cannot run here; the message says why and what to do."""


@contextmanager
def benchmark_database() -> Iterator[str]:
    """Make a database of this name beside the configured one, migrate it and work in it; drop it in the end.

    Raises:
        BenchmarkRefusedError: the server is not PostgreSQL, or will not make one.
    """
    if connection.vendor != "postgresql":
        raise BenchmarkRefusedError("The API is measured on PostgreSQL: name a server in DATABASE_URL.")
    configured, name = connection.settings_dict["NAME"], f"heard_benchmark_{uuid4().hex[:12]}"
    try:
        _execute(f"CREATE DATABASE {connection.ops.quote_name(name)}")
    except DatabaseError as error:
        raise BenchmarkRefusedError(
            f"A database of its own cannot be made ({str(error).strip()}): name a user in DATABASE_URL who may."
        ) from error
    try:
        _use(name)
        call_command("migrate", interactive=False, verbosity=0)
        yield name
    finally:
        _use(configured)
        _execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)} WITH (FORCE)")


def benchmark_statistics() -> None:
    """Let the database count what is in it, as it does by itself within a minute or so: until then it plans badly."""
    _execute("ANALYZE")


@contextmanager
def benchmark_folder(*, database: str) -> Iterator[dict[str, str]]:
    """What the processes of a benchmark find in their environment; folder and messages are gone in the end."""
    broker = settings.CELERY_BROKER_URL
    # The file-system broker lies in the folder; Redis keeps this database's messages under a prefix.
    own = broker if broker.startswith(("redis", "rediss")) else "filesystem://"
    with tempfile.TemporaryDirectory(prefix="heard-benchmark-") as folder:
        try:
            yield {
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "config.settings.benchmark",
                "DATABASE_URL": urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl(),
                "CELERY_BROKER_URL": own,
                "HEARD_VAR_DIR": folder,
                "HEARD_SECRET_KEY": uuid4().hex * 2,
                "HEARD_ALLOWED_HOSTS": "127.0.0.1",
                "HEARD_API_RATE": str(API_RATE),
                "HEARD_LOG_LEVEL": "WARNING",
                # Such as that there are no static files, or that a container runs as root.
                "PYTHONWARNINGS": "ignore",
            }
        finally:
            if own == broker:
                _forget(broker, prefix=f"{database}:")


@contextmanager
def benchmark_site(*, environment: dict[str, str]) -> Iterator[int]:
    """Serve the site on a free port of this machine, as in production; gives the port.

    Raises:
        BenchmarkRefusedError: the server did not start.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = f"-m gunicorn config.wsgi --bind 127.0.0.1:{port} {THREADS} --no-control-socket --log-level warning"
    with _running([command], environment) as (server,):
        _await(port, server)
        yield port


@contextmanager
def benchmark_workers(*, environment: dict[str, str]) -> Iterator[None]:
    """Run a worker that reads and places, and one with the clock that ranks."""
    worker = "-m celery --quiet -A config worker --loglevel ERROR -P threads -c 1"
    with _running([f"{worker} -Q embed -n embed@%h", f"{worker} -B -Q default -n default@%h"], environment):
        yield


@contextmanager
def _running(commands: Sequence[str], environment: dict[str, str]) -> Iterator[list[subprocess.Popen[bytes]]]:
    # Sessions of their own: Ctrl-C reaches the benchmark, which then stops them in order.
    processes = [
        subprocess.Popen(  # noqa: S603 (our own commands)
            [sys.executable, *command.split()],
            cwd=Path(apps.get_app_config("insights").path).parent,
            env=environment,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        for command in commands
    ]
    try:
        yield processes
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(timeout=GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _await(port: int, server: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends and server.poll() is None:
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise BenchmarkRefusedError("The server did not start; its last lines are above.")


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _use(name: str) -> None:
    """Let this process work in another database of the same server."""
    connection.close()
    connection.settings_dict["NAME"] = name


def _forget(broker: str, *, prefix: str) -> None:
    with redis.Redis.from_url(broker) as client:
        keys = list(client.scan_iter(f"{prefix}*", count=1000))
        if keys:
            client.delete(*keys)


def body_path(environment: dict[str, str]) -> Path:
    """Where the bare views of a benchmark's server find their bytes."""
    return Path(environment["HEARD_VAR_DIR"]) / "benchmark-body.json"
