"""A private installation for each fault: its own database, broker and worker processes."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

ROOT = Path(__file__).resolve().parent.parent.parent
LEASE_SECONDS, SWEEP_SECONDS = 6, 1


class Installation:
    """One Heard of its own, driven through its commands and looked at through its database."""

    def __init__(self, folder: Path, database: str, broker: str) -> None:
        self.database = database
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATABASE_URL": database,
            "CELERY_BROKER_URL": broker,
            "HEARD_VAR_DIR": str(folder),
            "HEARD_JOB_LEASE_SECONDS": str(LEASE_SECONDS),
            "HEARD_JOB_SWEEP_SECONDS": str(SWEEP_SECONDS),
        }
        self.log = folder / "worker.log"
        self.workers: list[subprocess.Popen[bytes]] = []

    def manage(self, *arguments: str) -> str:
        """Run a management command to its end; answers what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        ended = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def start_worker(self, queues: str = "default,embed") -> subprocess.Popen[bytes]:
        """A worker with its clock, in a process group of its own."""
        arguments = f"-m celery -A config worker -B -P threads -c 1 -Q {queues} --loglevel INFO"
        with self.log.open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, *arguments.split()],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.workers.append(worker)
        return worker

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """kill -9 the worker and everything that it started."""
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """Read the database from outside the project's code."""
        if self.database.startswith("sqlite"):
            with sqlite3.connect(self.database.removeprefix("sqlite:///"), timeout=20) as connection:
                return [tuple(row) for row in connection.execute(sql)]
        with psycopg.connect(self.database) as connection:
            return [tuple(row) for row in connection.execute(sql.encode()).fetchall()]

    def count(self, sql: str) -> int:
        """The one number that a query answers."""
        return int(str(self.query(sql)[0][0]))

    def wait(self, until: Callable[[], bool], seconds: float, what: str) -> None:
        """Look again and again until something holds."""
        deadline = time.monotonic() + seconds
        while not until():
            tail = self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""
            assert time.monotonic() < deadline, f"{what} did not happen within {seconds} s\n{tail}"
            time.sleep(0.05)

    def audit(self, items: int) -> None:
        """Nothing lost, nothing doubled, everything settled, the list whole."""
        assert self.count("SELECT count(*) FROM feedback_feedbackitem") == items
        counted = self.query("SELECT state, count(*) FROM feedback_feedbackitem GROUP BY state")
        states = {str(state): int(str(n)) for state, n in counted}
        assert sum(states.values()) == items
        assert set(states) <= {"placed", "unplaced"}, states
        memberships = self.count("SELECT count(*) FROM insights_membership")
        assert memberships == self.count("SELECT count(DISTINCT item_id) FROM insights_membership")
        assert memberships == states.get("placed", 0)
        texts = self.count("SELECT count(DISTINCT text_hash) FROM feedback_feedbackitem")
        assert self.count("SELECT count(*) FROM insights_embedding") == texts
        assert self.count("SELECT count(*) FROM insights_run WHERE state = 'running'") == 0
        listed = json.loads(self.manage("ranked", "--format", "json", "--limit", "100000"))
        assert listed["snapshot"]["placed"] == memberships
        assert sum(row["items"] for row in listed["results"]) == memberships
        assert [row["rank"] for row in listed["results"]] == list(range(1, len(listed["results"]) + 1))


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """An installation on the lane that DATABASE_URL and CELERY_BROKER_URL name."""
    broker = os.environ.get("CELERY_BROKER_URL", "filesystem://")
    server = os.environ.get("DATABASE_URL", "")
    if broker.startswith("redis"):
        redis.Redis.from_url(broker).flushdb()
    if not server:
        private = Installation(tmp_path, f"sqlite:///{tmp_path / 'heard.sqlite3'}", broker)
        yield private
        _end(private)
        return
    name = f"heard_fault_{uuid.uuid4().hex[:10]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    private = Installation(tmp_path, urlsplit(server)._replace(path=f"/{name}").geturl(), broker)
    yield private
    _end(private)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _end(private: Installation) -> None:
    for worker in private.workers:
        if worker.poll() is None:
            private.kill(worker)
