"""`manage.py benchmark_api`: what it measures with, and that it leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from insights.services.benchmark_load import Call, LoadFailedError, Request, load_measure, percentile, ratios_measure

ROOT = Path(__file__).resolve().parents[2]
SMALL = ["--items", "300", "--problems", "20", "--accounts", "30", "--seconds", "0.2"]
postgresql_only = pytest.mark.skipif(
    settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql", reason="the API is measured there"
)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer at once; /slow says that it took three times as long, /wrong is an error."""
        took = 30 if self.path == "/slow" else 10
        self.send_response(500 if self.path == "/wrong" else 200)
        self.send_header("Server-Timing", f"app;dur={took}.000, queries;dur=4")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (its name in the base class)
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    """A server that answers as a benchmark's does."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def _call(path: str) -> Call:
    return Call(path, lambda _n: Request(path))


def test_a_call_is_counted_and_timed(port: int) -> None:
    figures = load_measure(port=port, call=_call("/"), seconds=0.2, connections=3)
    assert figures.requests > 3
    assert figures.per_second == pytest.approx(figures.requests / 0.2, rel=0.5)
    assert (figures.server_ms, figures.queries) == (10.0, 4)
    assert 0 < figures.p50_ms <= figures.p95_ms


def test_an_answer_that_is_wrong_ends_the_benchmark(port: int) -> None:
    with pytest.raises(LoadFailedError, match="/wrong answered 500: b'ok'"):
        load_measure(port=port, call=_call("/wrong"), seconds=0.2, connections=1)


def test_ratios_compare_the_first_call_with_the_others(port: int) -> None:
    seen: list[int] = []
    (ratio,) = ratios_measure(
        port=port, calls=[_call("/slow"), _call("/")], rounds=3, seconds=0.05, progress=seen.append
    )
    assert (ratio.name, ratio.to, ratio.least, ratio.median, ratio.most) == ("/slow", "/", 3.0, 3.0, 3.0)
    assert seen == [1, 2, 3]


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.95, 95), (1.0, 100), (0.0, 1)])
def test_percentiles(share: float, expected: int) -> None:
    assert percentile(list(range(100, 0, -1)), share) == expected
    assert percentile([7], share) == 7


@pytest.mark.parametrize("path", ["/benchmark/door/", "/benchmark/bare/"])
def test_the_bare_views_are_nowhere_in_the_service(db: None, client: Client, browser: Client, path: str) -> None:
    assert client.get(path).status_code == 404
    assert browser.get(path).status_code == 404


@pytest.mark.skipif(settings.DATABASES["default"]["ENGINE"].endswith("postgresql"), reason="SQLite is refused")
def test_sqlite_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="measured on PostgreSQL"):
        call_command("benchmark_api")


def _databases() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'heard_benchmark_%%'")
        return {str(row[0]) for row in cursor.fetchall()}


def _benchmark(folder: Path, *arguments: str, command: str = "benchmark_api") -> subprocess.Popen[str]:
    environment = {**os.environ, "HEARD_VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    line = [sys.executable, "manage.py", command, *SMALL, *arguments]
    return subprocess.Popen(line, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@postgresql_only
def test_a_small_world_is_measured_and_dropped(db: None, tmp_path: Path) -> None:
    before = _databases()
    printed, errors = _benchmark(tmp_path, "--rounds", "2", "--json", "--post-to-visible", "2").communicate(timeout=180)
    assert errors.count("Traceback") == 0, errors
    body = json.loads(printed)
    calls = {call["name"]: call for call in body["calls"]}
    assert {"list, 50 rows", "bare, same door", "bare", "list, unchanged (304)", "feedback, one item"} <= set(calls)
    assert calls["bare"]["queries"] == 0
    assert calls["bare, same door"]["queries"] == 1
    assert [ratio["to"] for ratio in body["ratios"]] == ["bare, same door", "bare"]
    assert body["post_to_visible"]["items"] == 2
    assert body["post_to_visible"]["in_their_problem"] == 2
    assert _databases() == before


@postgresql_only
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_database_is_dropped_when_it_is_stopped(db: None, tmp_path: Path, number: signal.Signals) -> None:
    before = _databases()
    benchmark = _benchmark(tmp_path)
    ends = time.monotonic() + 60
    while _databases() == before and time.monotonic() < ends:
        time.sleep(0.2)
    assert _databases() != before
    benchmark.send_signal(number)
    _, errors = benchmark.communicate(timeout=60)
    assert benchmark.returncode == 1
    assert "Stopped; the database of the benchmark is dropped." in errors
    assert _databases() == before


@postgresql_only
def test_pages_are_measured_and_the_database_dropped(db: None, tmp_path: Path) -> None:
    before = _databases()
    printed, errors = _benchmark(tmp_path, "--json", command="benchmark_desk").communicate(timeout=180)
    assert errors.count("Traceback") == 0, errors
    pages = {page["name"]: page for page in json.loads(printed)}
    assert {"ranking", "problem", "the largest problem", "accounts"} <= set(pages)
    assert all(page["requests"] and page["queries"] and page["kilobytes"] > 0 for page in pages.values())
    assert _databases() == before
