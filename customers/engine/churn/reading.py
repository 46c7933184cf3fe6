"""Reading a table of customers of any make: which columns are numbers, dates or categories, and what is blank.

Kinds are told from the values alone, never from who left, so that reading a whole table before it is split into folds
gives nothing away.
"""

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Value = str | float | Decimal | dt.date | None
Columns = Mapping[str, Sequence[Value]]
Kind = Literal["number", "date", "category"]

# A column is what nearly all of its cells are; the few others read as blank.
NEARLY_ALL = 0.98
BLANKS = frozenset({"", "na", "n/a", "nan", "null", "none", "nil", "-", "--", "?", "#n/a", "unknown"})
# Beyond this a square overflows; no fact about a customer is so large.
HUGE = 1e100
NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?(e[+-]?\d+)?", re.IGNORECASE)
COMMA_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+)?(,\d*)?")
DATE_FORMS = ("iso", "%Y/%m/%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d-%m-%Y", "%b %d, %Y", "%d %b %Y")


@dataclass(frozen=True)
class Reading:
    """How a column is read: its kind and, for text, its form ("," for decimal commas, or the form of its dates)."""

    kind: Kind
    form: str = ""


@dataclass(frozen=True)
class Column:
    """One column as read. `values` is float64[n] with NaN for blank (dates as days), or str[n] with "" for blank."""

    name: str
    reading: Reading
    values: NDArray[Any]


@dataclass(frozen=True)
class Table:
    """The columns of a table, each of `rows` values."""

    columns: tuple[Column, ...]
    rows: int

    def take(self, rows: NDArray[np.integer]) -> "Table":
        """Some of the rows, in the order asked for. `rows` is int[m]."""
        taken = tuple(Column(column.name, column.reading, column.values[rows]) for column in self.columns)
        return Table(taken, len(rows))


def read_table(columns: Columns) -> Table:
    """Tell the kind of every column and read it.

    Raises:
        ValueError: the columns differ in length.
    """
    return read_as(columns, {name: _reading(values) for name, values in columns.items()})


def read_as(columns: Columns, readings: Mapping[str, Reading]) -> Table:
    """Read a table the way another one was read. A column that is not there reads as blank; others are left out.

    Raises:
        ValueError: the columns differ in length.
    """
    lengths = {len(values) for values in columns.values()}
    if len(lengths) > 1:
        raise ValueError(f"The columns of a table must be equally long; these have {sorted(lengths)} values.")
    rows = lengths.pop() if lengths else 0
    read = (
        Column(name, reading, _values(columns.get(name, [None] * rows), reading)) for name, reading in readings.items()
    )
    return Table(tuple(read), rows)


def _reading(values: Sequence[Value]) -> Reading:
    counted = Counter(value for value in values if not _is_blank(value))
    if not counted or any(isinstance(value, bool) for value in values):
        return Reading("category")
    candidates = [Reading("number"), Reading("number", ","), *(Reading("date", form) for form in DATE_FORMS)]
    for reading in candidates:
        fitting = sum(times for value, times in counted.items() if not math.isnan(_number(value, reading)))
        if fitting >= NEARLY_ALL * counted.total():
            return reading
    return Reading("category")


def _values(values: Sequence[Value], reading: Reading) -> NDArray[Any]:
    if reading.kind == "category":
        return np.array([_level(value) for value in values], dtype=np.str_)
    numbers = {text: _number(text, reading) for text in {value for value in values if isinstance(value, str)}}
    read = (numbers[value] if isinstance(value, str) else _number(value, reading) for value in values)
    return np.fromiter(read, dtype=np.float64, count=len(values))


def _is_blank(value: Value) -> bool:
    if isinstance(value, str):
        return value.strip().casefold() in BLANKS
    if isinstance(value, Decimal):
        return value.is_nan()
    return value is None or (isinstance(value, float) and math.isnan(value))


def _level(value: Value) -> str:
    # Among categories "none" and "unknown" are answers like any other; only an empty cell is blank.
    if not isinstance(value, str) and _is_blank(value):
        return ""
    return " ".join(str(value).split()).casefold()


def _number(value: Value, reading: Reading) -> float:
    """The value as a finite float; NaN when it is blank or cannot be read so."""
    if _is_blank(value):
        return math.nan
    if isinstance(value, dt.date):
        return float(value.toordinal()) if reading.kind == "date" else math.nan
    if reading.kind == "date":
        return _days(value.strip(), reading.form) if isinstance(value, str) else math.nan
    if isinstance(value, str):
        return _written_number(value, comma=reading.form == ",")
    number = math.nan if value is None or isinstance(value, bool) else float(value)
    return number if abs(number) < HUGE else math.nan


def _written_number(text: str, *, comma: bool) -> float:
    bare = text.strip().strip("$€£%").replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    if not any(character.isdigit() for character in bare) or not bare.isascii():
        return math.nan
    if not (COMMA_NUMBER if comma else NUMBER).fullmatch(bare):
        return math.nan
    plain = bare.replace(".", "").replace(",", ".") if comma else bare.replace(",", "")
    number = float(plain)
    return number if abs(number) < HUGE else math.nan


def _days(text: str, form: str) -> float:
    try:
        day = dt.datetime.fromisoformat(text) if form == "iso" else dt.datetime.strptime(text, form)  # noqa: DTZ007
    except ValueError:
        return math.nan
    return float(day.toordinal())
