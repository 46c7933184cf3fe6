"""Query parameters of the ranked list, read strictly: an unknown name or value is answered, never ignored."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from insights.api.cursors import Cursor
from insights.api.problem_details import BadParameterError
from insights.models import Status, Theme

NAMES = ("status", "theme", "min_arr", "updated_since", "ordering", "page_size", "cursor", "format")
# Each order falls; ties go to the better rank, so that every order is complete.
ORDERINGS = ("rank", "revenue_at_risk", "arr_total", "customers", "contacts", "items", "trend_30d")
PAGE_SIZE, MOST = 50, 200


@dataclass(frozen=True)
class RankingParameters:
    """What a caller asked of the ranked list."""

    filters: Q
    ordering: str
    page_size: int
    cursor: Cursor | None


def read_parameters(query: QueryDict) -> RankingParameters:
    """Read the query string.

    Raises:
        BadParameterError: an unknown name, a name given twice, or a value that cannot be used.
    """
    for name in query:
        if name not in NAMES:
            raise BadParameterError(name, f"is not a parameter of this list; known: {', '.join(NAMES)}")
        if len(query.getlist(name)) > 1:
            raise BadParameterError(name, "is given more than once")
    values: dict[str, str] = {name: str(query[name]) for name in query if query[name]}
    ordering = values.get("ordering", "rank")
    if ordering not in ORDERINGS:
        raise BadParameterError("ordering", f"is none of {', '.join(ORDERINGS)}")
    return RankingParameters(
        filters=_filters(values),
        ordering=ordering,
        page_size=_page_size(values.get("page_size", str(PAGE_SIZE))),
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


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount < Decimal("1e15"):
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


def _page_size(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text[:20]) < 1:
        raise BadParameterError("page_size", "is not a number from 1 up")
    return min(int(text[:20]), MOST)
