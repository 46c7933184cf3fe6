"""The pages that a benchmark opens, and what it does on them, in a made-up world that is ranked."""

import datetime as dt
from collections.abc import Callable, Sequence
from itertools import pairwise
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.utils import timezone
from django.utils.crypto import get_random_string

from insights.models import Ranking, Status
from insights.services.benchmark_calls import HTTPS
from insights.services.benchmark_load import Call, Request

PROBLEMS = 200
SECRET_LENGTH = 32


class Visitor:
    """Somebody who is signed in and may do everything."""

    def __init__(self) -> None:
        browser = Browser()
        browser.force_login(User.objects.create_superuser("benchmark"))
        self._token = get_random_string(SECRET_LENGTH)
        cookies = {
            settings.SESSION_COOKIE_NAME: browser.cookies[settings.SESSION_COOKIE_NAME].value,
            settings.CSRF_COOKIE_NAME: self._token,
        }
        self._headers = {**HTTPS, "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}

    def opening(self, name: str, *paths: str) -> Call:
        """A call that opens these pages in turn."""
        return Call(name, lambda n: Request(paths[n % len(paths)], headers=self._headers))

    def doing(self, name: str, path: Callable[[int], str], form: Callable[[int], dict[str, str]]) -> Call:
        """A call that sends the n-th form from a page as htmx does."""
        sent = {
            **self._headers,
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": "https://127.0.0.1/",
            "HX-Request": "true",
            "X-CSRFToken": self._token,
        }
        return Call(name, lambda n: Request(path(n), "POST", urlencode(form(n)).encode(), sent))


def page_calls(visitor: Visitor) -> list[Call]:
    """Each page of the desk; the problem's for the first of the list, one after another, and for the largest."""
    entries = Ranking.objects.latest().entries.select_related("problem").order_by("rank")
    each = [f"/problems/{entry.problem.key}/" for entry in entries[:PROBLEMS]]
    keys = [entry.problem.key for entry in entries[:PROBLEMS]]
    largest = entries.order_by("-items")[0].problem
    since = timezone.localdate() - dt.timedelta(days=60)
    return [
        visitor.opening("ranking", "/"),
        visitor.opening("ranking, planned", "/?status=planned"),
        visitor.opening("ranking, in the middle", f"/?status=all&page={entries.count() // 100 + 1}"),
        visitor.opening("ranking, filtered", f"/?min_arr=100000&since={since}&filters=open"),
        visitor.opening("roadmap", "/roadmap/"),
        visitor.opening("map", "/map/"),
        visitor.opening("review", "/review/"),
        visitor.opening("a merge looked at", *(f"/merge/?key={a}&into={b}" for a, b in pairwise(keys))),
        visitor.opening("a receipt looked at", *(f"/problems/{key}/peek/" for key in keys)),
        visitor.doing("a status set", lambda _: "/edit/", lambda n: _status(keys, n)),
        visitor.opening("problem", *each),
        visitor.opening("the largest problem", f"/problems/{largest.key}/"),
        visitor.opening("unplaced", "/unplaced/"),
        visitor.opening("accounts", "/accounts/"),
        # Each time other terms, as a slider that is drawn gives.
        visitor.opening("what if", *(f"/what-if/?churn_weight=3.{tenth}&prospects=no" for tenth in range(10))),
    ]


def _status(keys: Sequence[str], n: int) -> dict[str, str]:
    """Each time another, so that there is something to set."""
    return {"key": keys[n % len(keys)], "status": Status.values[1 + n // len(keys) % 3], "next": "/"}
