"""Every call of the API and every page, from the code itself, and how to make each of them once."""

import re
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, resolve
from drf_spectacular.generators import SchemaGenerator

# Enough to find a view by.
SOMEWHERE = {"key": "P-1", "reference": "A0", "pk": "1", "kind": "proposal"}
# What answers for every address of the API that there is not.
NOWHERE = r"^v1/[\s\S]*/\Z"


def operations() -> list[str]:
    """The calls of the published description, such as `GET /api/v1/ranking/`."""
    generator: Any = SchemaGenerator
    paths = generator().get_schema(request=None, public=True)["paths"]
    return sorted(f"{method.upper()} {path}" for path, calls in paths.items() for method in calls)


def patterns() -> list[str]:
    """Every address of the service as Django writes it, such as `/problems/<str:key>/`."""
    return sorted({"/" + path for path in _patterns(get_resolver().url_patterns)})


def pages() -> list[str]:
    """The addresses of pages for people, the admin's left out, and those that only take what a page sends."""
    return [path for path in _for_people() if "get" in _methods(path, otherwise={"get"})]


def sent() -> list[str]:
    """The addresses of the desk that a form can be sent to."""
    return [path for path in _for_people() if "post" in _methods(path, otherwise=set())]


def filled(path: str, **values: str) -> str:
    """An address with its placeholders, as the description or as Django writes them, filled in."""
    for name, value in values.items():
        path = re.sub(rf"\{{{name}\}}|<(?:\w+:)?{name}>", value, path)
    return path


def rows_of(path: str, count: int, *, problem: str) -> dict[str, Any]:
    """A body for a call that takes rows: so many, none of them known yet, of account A-0 and, some, of a problem."""
    each: dict[str, dict[str, Any]] = {
        "accounts": {"account_id": "new-{n}", "name": "Company {n}", "arr": "1200.00"},
        "contacts": {"email": "new-{n}@one.example", "account_id": "A-0", "role": "buyer"},
        "usage": {"account_id": "A-0", "measured_on": "2026-01-{day}", "active_seats": 4},
        "nps": {"answer_id": "new-{n}", "account_id": "A-0", "answered_on": "2026-01-{day}", "score": 9},
        "invoices": {"number": "new-{n}", "account_id": "A-0", "amount": "99.00", "due_on": "2026-01-{day}"},
        "churn-events": {"account_id": "A-0", "happened_on": "2025-01-{day}", "kind": "returned"},
        "survey-answers": {
            "answer_id": "new-{n}",
            "problem": "{problem}",
            "account_id": "A-0",
            "importance": 9,
            "satisfaction": 2,
            "asked_on": "2026-01-{day}",
        },
        "feedback": {"external_id": "new-{n}", "body": "Export reports by country {n}", "account_id": "A-0"},
    }
    row = each[path.strip("/").rpartition("/")[2]]
    rows = [
        {
            name: value.format(n=n, day=f"{n + 1:02}", problem=problem) if isinstance(value, str) else value
            for name, value in row.items()
        }
        for n in range(count)
    ]
    return {"system": "crm", "rows": rows}


def _for_people() -> list[str]:
    return [path for path in patterns() if not path.startswith(("/admin/", "/api/"))]


def _methods(path: str, *, otherwise: set[str]) -> set[str]:
    """What a view that is a class takes."""
    view = getattr(resolve(filled(path, **SOMEWHERE)).func, "view_class", None)
    return otherwise if view is None else {name for name in view.http_method_names if hasattr(view, name)}


def _patterns(patterns: list[URLPattern | URLResolver], before: str = "") -> list[str]:
    found: list[str] = []
    for pattern in patterns:
        path = before + str(pattern.pattern)
        found += _patterns(pattern.url_patterns, path) if isinstance(pattern, URLResolver) else [path]
    return found
