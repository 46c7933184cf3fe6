"""How long an answer took inside the server, and how many queries it made: told in the header `Server-Timing`."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponseBase


def stopwatch_middleware(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Outermost: what it times is the whole of Django, without the server's sockets."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        queries = 0

        def counted(execute: Callable[..., Any], *call: Any) -> Any:
            nonlocal queries
            queries += 1
            return execute(*call)

        started = perf_counter()
        with connection.execute_wrapper(counted):
            response: HttpResponseBase = get_response(request)
        took = (perf_counter() - started) * 1000
        response["Server-Timing"] = f"app;dur={took:.3f}, queries;dur={queries}"
        return response

    return answer
