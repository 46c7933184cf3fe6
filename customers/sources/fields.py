"""Parsers for one field of an outside row. Each answers a value, or says what is wrong and what to write instead."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

MAX_MONEY = Decimal(1_000_000_000_000)
EARLIEST = dt.date(1990, 1, 1)
LATEST = dt.date(2100, 1, 1)
MANY = 2_000_000_000
# Letters of any alphabet: domains are written as people read them.
HOST_NAME = re.compile(r"(?!-)[\w-]{1,63}(?<!-)(?:\.(?!-)[\w-]{1,63}(?<!-))+")


class FieldError(ValueError):
    """One field of a row that cannot be read."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"{column}: {reason}")
        self.column = column
        self.reason = reason


@dataclass(frozen=True)
class Row:
    """One row of a table, by column name. A column that the table lacks reads as blank."""

    values: Mapping[str, str]

    def text(self, column: str, *, limit: int, required: bool = False) -> str:
        """The trimmed text of a column.

        Raises:
            FieldError: blank although required, longer than the limit, or holding a null character.
        """
        value = self.values.get(column, "").strip()
        if required and not value:
            raise FieldError(column, "is blank; every row needs one")
        if len(value) > limit:
            raise FieldError(column, f"has {len(value):,} characters; at most {limit:,} are allowed")
        if "\x00" in value:
            raise FieldError(column, "holds a null character; remove it")
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise FieldError(column, "holds half a character (a lone surrogate); remove it")
        return value

    def decimal(self, column: str, *, low: Decimal, high: Decimal, places: int) -> Decimal | None:
        """A number between two bounds, rounded to a number of places; None when blank.

        Raises:
            FieldError: not a plain number, or outside the bounds.
        """
        value = self.text(column, limit=60)
        if not value:
            return None
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise FieldError(column, f"{value!r} is not a number; write it like 1234.50")
        if not low <= number <= high:
            raise FieldError(column, f"{value} is outside {low:,} to {high:,}")
        return number.quantize(Decimal(1).scaleb(-places))

    def money(self, column: str) -> Decimal | None:
        """An amount of money, two places; None when blank.

        Raises:
            FieldError: not a number, negative, or a trillion or more.
        """
        return self.decimal(column, low=Decimal(0), high=MAX_MONEY - Decimal("0.01"), places=2)

    def integer(self, column: str, *, low: int, high: int) -> int | None:
        """A whole number between two bounds; None when blank.

        Raises:
            FieldError: not a whole number, or outside the bounds.
        """
        number = self.decimal(column, low=Decimal(low), high=Decimal(high), places=6)
        if number is None:
            return None
        if number != number.to_integral_value():
            raise FieldError(column, f"{self.values[column].strip()} is not a whole number")
        return int(number)

    def date(self, column: str) -> dt.date | None:
        """An ISO date; None when blank.

        Raises:
            FieldError: not a date, or outside 1990 to 2099.
        """
        value = self.text(column, limit=40)
        if not value:
            return None
        try:
            day = dt.datetime.fromisoformat(value).date()
        except ValueError:
            raise FieldError(column, f"{value!r} is not a date; write it like 2026-03-31") from None
        if not EARLIEST <= day < LATEST:
            raise FieldError(column, f"{value} is outside {EARLIEST} to {LATEST}")
        return day

    def past_date(self, column: str, *, today: dt.date) -> dt.date | None:
        """An ISO date that has come; None when blank.

        Raises:
            FieldError: not a date, before 1990, or in the future (a day of clock skew is forgiven).
        """
        day = self.date(column)
        if day is not None and day > today + dt.timedelta(days=1):
            raise FieldError(column, f"{day} is in the future")
        return day

    def currency(self, column: str, *, default: str) -> str:
        """A currency by its ISO 4217 code, in any case; the default when blank.

        Raises:
            FieldError: not three letters.
        """
        value = self.text(column, limit=20).upper() or default
        if not re.fullmatch(r"[A-Z]{3}", value):
            raise FieldError(column, f"{value!r} is not a currency; write it like USD")
        return value

    def domain(self, column: str) -> str:
        """The host name of a web address or the bare name, lower case, without `www.`; blank when blank.

        Raises:
            FieldError: not a host name.
        """
        value = self.text(column, limit=400).lower()
        host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", value).split("/")[0].split("@")[-1].split(":")[0]
        host = host.removeprefix("www.").rstrip(".")
        if host and not (len(host) <= 253 and HOST_NAME.fullmatch(host)):
            raise FieldError(column, f"{value!r} is not a domain; write it like acme.example")
        return host

    def words(self, column: str, *, limit: int) -> list[str]:
        """Short texts separated by semicolons.

        Raises:
            FieldError: longer than the limit in all.
        """
        return [word for part in self.text(column, limit=limit).split(";") if (word := part.strip())]

    def moment(self, column: str, *, now: dt.datetime) -> dt.datetime | None:
        """An ISO date and time that has passed, UTC where no zone is given; None when blank.

        Raises:
            FieldError: not a date and time, before 1990, or in the future (a day of clock skew is forgiven).
        """
        value = self.text(column, limit=40)
        if not value:
            return None
        try:
            moment = dt.datetime.fromisoformat(value)
        except ValueError:
            raise FieldError(column, f"{value!r} is not a time; write it like 2026-03-31T14:05:00Z") from None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=dt.UTC)
        if moment.date() < EARLIEST:
            raise FieldError(column, f"{value} is before {EARLIEST}")
        if moment.date() > now.date() + dt.timedelta(days=1):
            raise FieldError(column, f"{value} is in the future")
        return moment.astimezone(dt.UTC)

    def choice(self, column: str, choices: tuple[str, ...], *, default: str) -> str:
        """One of a set of words, in any case; the default when blank.

        Raises:
            FieldError: another word.
        """
        value = self.text(column, limit=60).lower()
        if not value:
            return default
        if value not in choices:
            raise FieldError(column, f"{value!r} is not one of {', '.join(choices)}")
        return value
