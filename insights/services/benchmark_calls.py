"""The calls of the API that a benchmark makes, in a made-up world that is ranked."""

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.utils import timezone

from insights.models import ApiKey, Scope
from insights.services.benchmark_load import Call, Caller, Request, percentile
from insights.services.benchmark_world import World

API = "/api/v1/"
LIST = f"{API}ranking/"
DOOR, BARE = "/benchmark/door/", "/benchmark/bare/"
ORDERINGS = (
    "revenue_at_risk",
    "arr_total",
    "customers",
    "contacts",
    "items",
    "trend_30d",
    "rice",
    "opportunity",
    "value_per_effort",
)
PAGES = 60
# The throttle remembers every call of a key's last minute: callers in numbers, none of them with a history that no
# real one can have.
KEYS = 64
POLL_SECONDS = 0.1
# Told by the proxy in front of the server, without which production answers nothing.
HTTPS = {"X-Forwarded-Proto": "https"}
# Far from each other, so that one item's neighbours are not the next one's.
STRIDE = 7_919


class NeverSeenError(RuntimeError):
    """What was posted did not show in time; the message says how long was waited."""


@dataclass(frozen=True)
class Visible:
    """How long it took, in seconds, until posted items showed, and how many went where their text belongs."""

    items: int
    p50_seconds: float
    p95_seconds: float
    most_seconds: float
    in_their_problem: int


class Client:
    """Callers of the API, each with a key of its own."""

    def __init__(self) -> None:
        # Used just now: that it is noted once a minute would count as a query of whatever a short run calls first.
        facts = {"name": "benchmark", "scope": Scope.WRITE, "last_used_at": timezone.now()}
        self._keys = [str(ApiKey.objects.create_key(**facts)[1]) for _ in range(KEYS)]

    def request(self, path: str, number: int = 0, *, body: Any = None, **headers: str) -> Request:
        """One request by one of the callers."""
        sent = {**HTTPS, "Authorization": f"Api-Key {self._keys[number % KEYS]}", **headers}
        if body is None:
            return Request(path, headers=sent)
        return Request(path, "POST", json.dumps(body).encode(), {**sent, "Content-Type": "application/json"})

    def getting(self, name: str, *paths: str, **headers: str) -> Call:
        """A call that reads these addresses in turn."""
        return Call(name, lambda n: self.request(paths[n % len(paths)], n, **headers))


def list_calls(client: Client) -> list[Call]:
    """The first page of the list, and the two bare views that answer its bytes: behind the API's door and without."""
    return [
        client.getting("list, 50 rows", LIST),
        client.getting("bare, same door", DOOR),
        client.getting("bare", BARE),
    ]


def reading_calls(client: Client, *, port: int, problems: int) -> list[Call]:
    """Every other way to read: later pages, orders, filters, one problem, its receipt and evidence, and 304."""
    with Caller(port) as caller:
        pages, tag = _pages(client, caller)
    each = [f"{API}problems/P-{number}/" for number in range(1, problems + 1)]
    return [
        client.getting("list, later pages", *pages),
        *(client.getting(f"list by {order}", f"{LIST}?ordering={order}") for order in ORDERINGS),
        client.getting("list, 200 rows", f"{LIST}?page_size=200"),
        client.getting("list, two fields", f"{LIST}?fields=key,score"),
        client.getting("list of a segment", f"{LIST}?segment=Enterprise"),
        Call("list, unchanged (304)", lambda n: client.request(LIST, n, **{"If-None-Match": tag}), status=304),
        client.getting("problem", *each),
        client.getting("receipt", *(f"{address}receipt/" for address in each)),
        client.getting("evidence", *(f"{address}evidence/" for address in each)),
    ]


def posting_call(client: Client, *, world: World) -> Call:
    """One item of feedback at a time, each another one."""
    return Call("feedback, one item", lambda n: client.request(f"{API}feedback/", n, body=_said(world, "load", n)), 201)


def visible_measure(
    *, client: Client, port: int, world: World, items: int, patience: float, progress: Callable[[int], None]
) -> Visible:
    """Post items one after another, each once the last one shows, and time how long each takes to show.

    An item shows when the snapshot that the list comes from counts it as placed, unplaced or quarantined. One more item
    goes first, for which the workers start and the model is loaded; it is not counted.

    Raises:
        NeverSeenError: an item did not show within `patience` seconds.
    """
    took: list[float] = []
    at_home = 0
    post = Call("post", lambda n: client.request(f"{API}feedback/", n, body=_said(world, "seen", n)), 201)
    with Caller(port) as caller:
        watch = _Watch(client, caller)
        for number in range(items + 1):
            row = _row(world, number)
            before, at_first = watch.settled(), watch.counted(row)
            started = time.monotonic()
            caller(post, number)
            while watch.settled() == before:
                if time.monotonic() - started > patience:
                    raise NeverSeenError(f"Item {number} of {items} did not show within {patience:.0f} s.")
                time.sleep(POLL_SECONDS)
            if number:
                took.append(time.monotonic() - started)
                at_home += watch.counted(row) > at_first
            progress(number)
    return Visible(
        items=items,
        p50_seconds=round(statistics.median(took), 2),
        p95_seconds=round(percentile(took, 0.95), 2),
        most_seconds=round(max(took), 2),
        in_their_problem=at_home,
    )


class _Watch:
    """Looks at the API again and again."""

    def __init__(self, client: Client, caller: Caller) -> None:
        self._client, self._caller, self._numbers = client, caller, count()

    def settled(self) -> int:
        """How many items the latest snapshot knows the place of."""
        snapshot = self._get(f"{LIST}?page_size=1&fields=key")["snapshot"]
        return int(snapshot["placed"] + snapshot["unplaced"] + snapshot["quarantined"])

    def counted(self, row: int) -> int:
        """How many items the problem of a row of the world counts."""
        return int(self._get(f"{API}problems/P-{row + 1}/")["items"])

    def _get(self, path: str) -> Any:
        return json.loads(self._caller(self._client.getting(path, path), next(self._numbers)).body)


def _pages(client: Client, caller: Caller) -> tuple[list[str], str]:
    """The addresses of the pages behind the first one, and the entity tag of that."""
    answer = caller(client.getting("list", LIST), 0)
    tag = answer.headers["ETag"]
    pages: list[str] = []
    while (following := json.loads(answer.body)["next"]) and len(pages) < PAGES:
        pages.append(following[following.index("/api/") :])
        answer = caller(client.getting("page", pages[-1]), len(pages))
    return pages or [LIST], tag


def _said(world: World, name: str, number: int) -> dict[str, str]:
    return {
        "external_id": f"{name}-{number}",
        "body": world.texts[_row(world, number)],
        "severity": "high",
        "account_id": f"A-{number % world.accounts}",
    }


def _row(world: World, number: int) -> int:
    return number * STRIDE % len(world.texts)
