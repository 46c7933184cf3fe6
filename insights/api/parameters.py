"""Query parameters of the ranked list, read strictly: an unknown name or value is answered, never ignored."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from customers.models import Account
from insights.api.cursors import Cursor
from insights.api.problem_details import BadParameterError
from insights.api.serializers import RankedProblemSerializer
from insights.models import ReceiptLine, Status, Theme
from insights.querysets import ORDERINGS

FILTERS = ("status", "theme", "segment", "min_arr", "updated_since", "ordering")
NAMES = (*FILTERS, "fields", "page_size", "cursor", "format")
EXPORT_NAMES = (*FILTERS, "as", "format")
FIELDS = RankedProblemSerializer.Meta.fields
PAGE_SIZE, MOST = 50, 200
# Beyond it, no amount is stored.
AMOUNTS_END = Decimal("1e15")


@dataclass(frozen=True)
class RankingParameters:
    """What a caller asked of the ranked list."""

    filters: Q
    ordering: str
    fields: tuple[str, ...]
    page_size: int
    cursor: Cursor | None


def read_values(query: QueryDict, names: Sequence[str]) -> dict[str, str]:
    """The values of the query string by name.

    Raises:
        BadParameterError: an unknown name, a name given twice, or a blank value.
    """
    for name in query:
        if name not in names:
            raise BadParameterError(name, f"is not a parameter of this call; known: {', '.join(names)}")
        if len(query.getlist(name)) > 1:
            raise BadParameterError(name, "is given more than once")
        if not query[name]:
            raise BadParameterError(name, "is blank; give a value or leave it out")
    return {name: str(query[name]) for name in query}


def read_parameters(query: QueryDict, names: Sequence[str] = NAMES) -> RankingParameters:
    """Read the query string of the ranked list.

    Raises:
        BadParameterError: an unknown name, a name given twice, or a value that cannot be used.
    """
    values = read_values(query, names)
    ordering = values.get("ordering", "rank")
    if ordering not in ORDERINGS:
        raise BadParameterError("ordering", f"is none of {', '.join(ORDERINGS)}")
    return RankingParameters(
        filters=_filters(values),
        ordering=ordering,
        fields=_fields(values["fields"]) if "fields" in values else FIELDS,
        page_size=read_page_size(values),
        cursor=Cursor.decode(values["cursor"]) if "cursor" in values else None,
    )


def _filters(values: dict[str, str]) -> Q:
    filters = Q()
    if "status" in values:
        wanted = values["status"].split(",")
        unknown = [status for status in wanted if status not in Status.values]
        if unknown:
            raise BadParameterError("status", f"{unknown[0]!r} is none of {', '.join(Status.values)}")
        filters &= Q(problem__status__in=wanted)
    if "theme" in values:
        filters &= Q(problem__theme=_theme(values["theme"]))
    if "segment" in values:
        filters &= Q(receipt__in=_asked_by(values["segment"]))
    if "min_arr" in values:
        filters &= Q(arr_total__gte=_amount(values["min_arr"]))
    if "updated_since" in values:
        since = _moment(values["updated_since"])
        filters &= Q(problem__updated_at__gte=since) | Q(receipt__created_at__gte=since)
    return filters


def _theme(name: str) -> Any:
    theme = Theme.objects.filter(name=name).first() if "\x00" not in name else None
    if theme is None:
        raise BadParameterError("theme", f"there is no theme {name!r}")
    return theme


def _asked_by(segment: str) -> Any:
    """Receipts with a line of an account of the segment."""
    if "\x00" in segment or not Account.objects.filter(segment=segment).exists():
        raise BadParameterError("segment", f"no account is of a segment {segment!r}")
    return ReceiptLine.objects.filter(account__segment=segment).values("receipt")


def _fields(text: str) -> tuple[str, ...]:
    wanted = text.split(",")
    unknown = [name for name in wanted if name not in FIELDS]
    if unknown:
        raise BadParameterError("fields", f"{unknown[0]!r} is none of {', '.join(FIELDS)}")
    return tuple(wanted)


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount < AMOUNTS_END:
        raise BadParameterError("min_arr", "is not an amount; write it like 10000.00")
    return amount


def _moment(text: str) -> dt.datetime:
    try:
        # A plus in a query string arrives as a space.
        moment = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        moment = None
    if moment is None or not 1990 <= moment.year < 2100:
        raise BadParameterError("updated_since", "is not a time; write it like 2026-03-31T14:05:00Z")
    return moment if timezone.is_aware(moment) else moment.replace(tzinfo=dt.UTC)


def read_page_size(values: Mapping[str, str]) -> int:
    """How many rows a page has.

    Raises:
        BadParameterError: not a number from 1 up.
    """
    text = values.get("page_size", str(PAGE_SIZE))
    if not text.isascii() or not text.isdecimal() or int(text[:20]) < 1:
        raise BadParameterError("page_size", "is not a number from 1 up")
    return min(int(text[:20]), MOST)
