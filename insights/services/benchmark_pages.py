"""The pages that a benchmark opens, and what it does on them, in a made-up world that is ranked."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.utils.crypto import get_random_string

from insights.models import Ranking
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
    largest = entries.order_by("-items")[0].problem
    return [
        visitor.opening("ranking", "/"),
        visitor.opening("ranking, planned", "/?status=planned"),
        visitor.opening("ranking, in the middle", f"/?status=all&page={entries.count() // 100 + 1}"),
        visitor.opening("problem", *each),
        visitor.opening("the largest problem", f"/problems/{largest.key}/"),
        visitor.opening("unplaced", "/unplaced/"),
        visitor.opening("accounts", "/accounts/"),
        # Each time other terms, as a slider that is drawn gives.
        visitor.opening("what if", *(f"/what-if/?churn_weight=3.{tenth}&prospects=no" for tenth in range(10))),
    ]
