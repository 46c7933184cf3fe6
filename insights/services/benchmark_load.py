"""Calling a server as fast as it answers, and counting. Knows HTTP, nothing of the service."""

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import count
from statistics import median
from time import monotonic
from typing import Self

TIMING = re.compile(r"app;dur=([0-9.]+), queries;dur=(\d+)")
TIMEOUT_SECONDS = 60


class LoadFailedError(RuntimeError):
    """The server answered other than it should; the message quotes it."""


@dataclass(frozen=True)
class Request:
    """One request."""

    path: str
    method: str = "GET"
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """One kind of request: `request(n)` is the n-th, `status` is what it must be answered with."""

    name: str
    request: Callable[[int], Request]
    status: int = 200


@dataclass(frozen=True)
class Answer:
    """What came back: milliseconds as the caller sees them and as the server does, and the queries that it made."""

    body: bytes
    headers: Mapping[str, str]
    milliseconds: float
    server_milliseconds: float
    queries: int


@dataclass(frozen=True)
class Figures:
    """What a call costs. Percentiles are what a caller sees; server time, queries and kB of the body are medians."""

    name: str
    requests: int
    per_second: float
    p50_ms: float
    p95_ms: float
    server_ms: float
    queries: int
    kilobytes: float


@dataclass(frozen=True)
class Ratio:
    """How many times as long as another call a call takes inside the server, over the rounds of one run."""

    name: str
    to: str
    least: float
    median: float
    most: float


class Caller:
    """One connection that is kept alive."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)

    def __call__(self, call: Call, number: int) -> Answer:
        """Send the call's request of this number.

        Raises:
            LoadFailedError: the answer has another status than the call names.
        """
        request = call.request(number)
        started = monotonic()
        self._connection.request(request.method, request.path, request.body, dict(request.headers))
        response = self._connection.getresponse()
        body = response.read()
        took = (monotonic() - started) * 1000
        if response.status != call.status:
            raise LoadFailedError(f"{call.name}: {request.path} answered {response.status}: {body[:300]!r}")
        timing = TIMING.fullmatch(response.headers.get("Server-Timing", ""))
        inside, queries = (float(timing[1]), int(timing[2])) if timing else (took, 0)
        return Answer(body, dict(response.headers), took, inside, queries)

    def __enter__(self) -> Self:
        """Use it, then hang up."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Hang up."""
        self._connection.close()


def load_measure(*, port: int, call: Call, seconds: float, connections: int) -> Figures:
    """Send a call over some connections at once, each as soon as the last one is answered, for some seconds.

    Raises:
        LoadFailedError: an answer was not what it should be.
    """
    numbers = count()
    answers: list[Answer] = []
    failures: list[Exception] = []

    def work(caller: Caller) -> None:
        try:
            while monotonic() < ends and not failures:
                answers.append(caller(call, next(numbers)))
        except (LoadFailedError, OSError) as error:
            failures.append(error)

    with ExitStack() as stack:
        callers = [stack.enter_context(Caller(port)) for _ in range(connections)]
        for caller in callers:
            caller(call, next(numbers))
        started = monotonic()
        ends = started + seconds
        threads = [threading.Thread(target=work, args=(caller,)) for caller in callers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = monotonic() - started
    if failures:
        raise LoadFailedError(str(failures[0])) from failures[0]
    return _figures(call.name, answers, took)


def ratios_measure(
    *, port: int, calls: Sequence[Call], rounds: int, seconds: float, progress: Callable[[int], None]
) -> list[Ratio]:
    """How long the first call takes inside the server, as a multiple of each of the others.

    In every round each call has its turn on one connection, so that a slow moment of the machine meets all of them.
    """
    numbers = count()
    times: dict[str, list[float]] = {call.name: [] for call in calls}
    with Caller(port) as caller:
        for done in range(rounds):
            for call in calls:
                ends = monotonic() + seconds
                caller(call, next(numbers))
                inside = [caller(call, next(numbers)).server_milliseconds]
                while monotonic() < ends:
                    inside.append(caller(call, next(numbers)).server_milliseconds)
                times[call.name].append(median(inside))
            progress(done + 1)
    first, *others = calls
    return [_ratio(first.name, other.name, times) for other in others]


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that at least this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 100) // 100) - 1)]


def _figures(name: str, answers: Sequence[Answer], seconds: float) -> Figures:
    times = [answer.milliseconds for answer in answers]
    return Figures(
        name=name,
        requests=len(answers),
        per_second=round(len(answers) / seconds, 1),
        p50_ms=round(percentile(times, 0.5), 1),
        p95_ms=round(percentile(times, 0.95), 1),
        server_ms=round(median(answer.server_milliseconds for answer in answers), 1),
        queries=int(median(answer.queries for answer in answers)),
        kilobytes=round(median(len(answer.body) for answer in answers) / 1000, 1),
    )


def _ratio(name: str, to: str, times: Mapping[str, Sequence[float]]) -> Ratio:
    each = [mine / theirs for mine, theirs in zip(times[name], times[to], strict=True)]
    return Ratio(name, to, round(min(each), 2), round(median(each), 2), round(max(each), 2))
