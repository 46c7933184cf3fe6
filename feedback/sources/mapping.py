"""Mappings of any JSON to our fields: each field by a JMESPath expression, such as `ticket.text`."""

from collections.abc import Mapping
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from feedback.sources.contract import SchemaError

# `items` leads to a list of things said; all other paths then begin at each of them.
ITEMS, DELETED, UPDATED = "items", "deleted", "updated_at"
TEXTS = ("external_id", "body", "subject", "kind", "severity", "account_id", "contact_email")
FIELDS = (ITEMS, *TEXTS, "created_at", UPDATED, DELETED)
NEEDED = ("external_id", "body")


def mapping_faults(mapping: object, *, known: tuple[str, ...]) -> list[str]:
    """What is wrong with a mapping, for whoever writes it; nothing when it can be used.

    Args:
        mapping: Fields to expressions.
        known: The fields that it may name; none when there must be no mapping.
    """
    if not known:
        return ["This system has a format of its own: leave the mapping empty."] if mapping else []
    if not isinstance(mapping, dict):
        return ['A mapping is a JSON object, such as {"external_id": "id", "body": "text"}.']
    faults = [f"{name!r} is no field. Fields: {', '.join(known)}." for name in mapping if name not in known]
    faults += [f"{name} is missing: say where it is." for name in NEEDED if not mapping.get(name)]
    for name, path in mapping.items():
        try:
            jmespath.compile(path)
        except (JMESPathError, TypeError, ValueError, AttributeError) as error:
            faults.append(f"{name}: {path!r} is no path: {' '.join(str(error).split())[:150]}")
    return faults


def at(told: Any, mapping: Mapping[str, str], name: str) -> Any:
    """What the path of a field leads to; None where the mapping names no path or the path leads nowhere.

    Raises:
        SchemaError: the path cannot be followed here.
    """
    if name not in mapping:
        return None
    try:
        return jmespath.search(mapping[name], told)
    except JMESPathError as error:
        raise SchemaError(f"{name}: {mapping[name]} cannot be followed: {' '.join(str(error).split())[:200]}") from None
