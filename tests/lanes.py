"""`make test`: run the tests on every lane that this machine has, and name those that it lacks.

HEARD_REQUIRE_LANES (names separated by commas, or "all") turns a lane that is missing into a failure.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

POSTGRES = os.environ.get("HEARD_TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("HEARD_TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
RABBITMQ = os.environ.get("HEARD_TEST_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672//")
AT_ONCE = 2
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def _listens(port: int) -> bool:
    with socket.socket() as connection:
        connection.settimeout(2)
        return connection.connect_ex(("127.0.0.1", port)) == 0


def _postgres_and_redis() -> str:
    if not (_listens(5432) or "HEARD_TEST_DATABASE_URL" in os.environ):
        return "no PostgreSQL on 127.0.0.1:5432 (or name one in HEARD_TEST_DATABASE_URL)"
    if not (_listens(6379) or "HEARD_TEST_REDIS_URL" in os.environ):
        return "no Redis on 127.0.0.1:6379 (or name one in HEARD_TEST_REDIS_URL)"
    return ""


def _rabbitmq() -> str:
    found = _listens(5672) or "HEARD_TEST_AMQP_URL" in os.environ
    return "" if found else "no RabbitMQ on 127.0.0.1:5672 (or name one in HEARD_TEST_AMQP_URL)"


def _chromium() -> str:
    return "" if any(shutil.which(name) for name in CHROMIUM) else f"none of {', '.join(CHROMIUM)} is installed"


@dataclass(frozen=True)
class Lane:
    """One way to run the tests: its name, what it needs, its environment and its selection of tests."""

    name: str
    missing: Callable[[], str]
    arguments: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """How a lane ended, in words, and pytest's own line for each test that failed."""

    name: str
    words: str
    good: bool
    failures: tuple[str, ...] = ()


# Started in this order: a lane that mostly waits beside one that mostly computes.
LANES = (
    Lane(
        "postgres-redis",
        _postgres_and_redis,
        ("-m", "not browser"),
        {"DATABASE_URL": POSTGRES, "CELERY_BROKER_URL": REDIS},
    ),
    Lane("rabbitmq", _rabbitmq, ("-m", "broker"), {"CELERY_BROKER_URL": RABBITMQ}),
    Lane("sqlite", lambda: "", ("-m", "not browser", "--cov", "--cov-report=")),
    Lane("browser", _chromium, ("-m", "browser")),
)


def main() -> int:
    """Run the lanes, two at a time; 0 when all that ran passed and none was missing that had to be there."""
    required = set(os.environ.get("HEARD_REQUIRE_LANES", "").split(","))
    # Much of a lane is waiting for a server or a worker: two of them fill two cores better than one.
    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = list(pool.map(lambda lane: _run(lane, must=bool(required & {lane.name, "all"})), LANES))
    failures = [f"{outcome.name:15} {line}" for outcome in outcomes for line in outcome.failures]
    lines = [f"  {outcome.name:15} {outcome.words}" for outcome in outcomes]
    sys.stdout.write("\n" + "\n".join([*failures, "Lanes:", *lines]) + "\n")
    return 0 if all(outcome.good for outcome in outcomes) else 1


def _run(lane: Lane, *, must: bool) -> Outcome:
    """What the lane prints is passed on line by line, under its name; what failed is named once more at the end."""
    reason = lane.missing()
    if reason:
        return Outcome(lane.name, f"{'MISSING' if must else 'skipped'}: {reason}", good=not must)
    failures: list[str] = []
    started = time.monotonic()
    command = [sys.executable, "-m", "pytest", "--color=no", *lane.arguments]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", **lane.environment}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as tests:
        for line in tests.stdout or ():
            sys.stdout.write(f"{lane.name:15} {line}")
            sys.stdout.flush()
            if line.startswith(("FAILED ", "ERROR ")):
                failures.append(line.rstrip())
    word = "passed" if tests.returncode == 0 else "FAILED"
    words = f"{word} in {time.monotonic() - started:.0f} s"
    return Outcome(lane.name, words, good=tests.returncode == 0, failures=tuple(failures))


if __name__ == "__main__":
    sys.exit(main())
