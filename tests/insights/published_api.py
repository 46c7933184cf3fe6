"""What the OpenAPI document promises, as a flat list that two versions can be compared by.

`python -m tests.insights.published_api` records what is new in `published_api.json`; what was promised stays.
"""

import json
import os
from pathlib import Path
from typing import Any

import django

RECORDED = Path(__file__).with_name("published_api.json")
Promises = dict[str, str]


def promises() -> Promises:
    """Every parameter, field sent and field answered of every call, with its type."""
    # The generator reads the models: they are there only once Django is set up.
    from drf_spectacular.generators import SchemaGenerator  # noqa: PLC0415

    generator: Any = SchemaGenerator
    return flat(generator().get_schema(request=None, public=True))


def flat(schema: dict[str, Any]) -> Promises:
    """A schema's promises: the place of each, such as `GET /api/v1/ranking/ 200 results[].key`, to its type."""
    found: Promises = {}
    for path, calls in schema["paths"].items():
        for method, call in calls.items():
            name = f"{method.upper()} {path}"
            for parameter in call.get("parameters", []):
                found[f"{name} {parameter['in']} {parameter['name']}"] = _type(parameter["schema"])
            _contents(found, schema, f"{name} body", call.get("requestBody", {}))
            for status, response in call["responses"].items():
                found[f"{name} {status}"] = ", ".join(sorted(response.get("content", {})))
                if int(status) < 400:
                    _contents(found, schema, f"{name} {status}", response)
    # Errors look the same everywhere.
    _fields(found, schema, "errors ", schema["components"]["schemas"]["ProblemDetails"])
    return dict(sorted(found.items()))


def broken(recorded: Promises, now: Promises) -> list[str]:
    """What was promised and is gone or of another type."""
    return [
        f"{place}: was {kind}, is {now.get(place, 'gone')}"
        for place, kind in recorded.items()
        if now.get(place) != kind
    ]


def _contents(found: Promises, schema: dict[str, Any], place: str, holder: dict[str, Any]) -> None:
    for content in holder.get("content", {}).values():
        _fields(found, schema, f"{place} ", content.get("schema", {}))


def _fields(found: Promises, schema: dict[str, Any], place: str, node: dict[str, Any]) -> None:
    node = _resolved(schema, node)
    for choice in (*node.get("oneOf", []), *node.get("anyOf", []), *node.get("allOf", [])):
        _fields(found, schema, place, choice)
    for name, field in node.get("properties", {}).items():
        here = f"{place}{name}"
        target = _resolved(schema, field)
        kinds = {_type(target), found.get(here, _type(target))}
        found[here] = " or ".join(sorted(kinds))
        if target.get("type") == "array":
            items = _resolved(schema, target["items"])
            found[f"{here}[]"] = _type(items)
            _fields(found, schema, f"{here}[].", items)
        else:
            _fields(found, schema, f"{here}.", target)


def _resolved(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node or len(node.get("allOf", [])) == 1:
        node = schema["components"]["schemas"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node["allOf"][0]
    return node


def _type(node: dict[str, Any]) -> str:
    kind = node.get("type", "any")
    names = "|".join(kind) if isinstance(kind, list) else str(kind)
    # How wide an integer is follows from the database, and promises nothing.
    told = "format" in node and not node["format"].startswith("int")
    return f"{names} ({node['format']})" if told else names


def record() -> None:
    """Add what is new to the record."""
    recorded: Promises = json.loads(RECORDED.read_text(encoding="utf-8")) if RECORDED.exists() else {}
    together = dict(sorted({**promises(), **recorded}.items()))
    RECORDED.write_text(json.dumps(together, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    record()
