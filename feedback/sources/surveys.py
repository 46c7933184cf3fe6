"""From an outside row to one answer of a survey."""

import datetime as dt
from dataclasses import dataclass

from customers.sources.fields import FieldError, Row

COLUMNS: tuple[str, ...] = (
    "answer_id",
    "problem",
    "contact_email",
    "account_id",
    "importance",
    "satisfaction",
    "asked_on",
)
REQUIRED: tuple[str, ...] = ("answer_id", "problem", "importance", "satisfaction", "asked_on")


@dataclass(frozen=True)
class SurveyRecord:
    """Ratings of one problem, 1 to 10, by a person or, where none is named, by an account."""

    external_id: str
    problem: str
    contact_email: str
    account_id: str
    importance: int
    satisfaction: int
    asked_on: dt.date


def parse_survey(row: Row, *, today: dt.date) -> SurveyRecord:
    """Read one row of a table of survey answers.

    Raises:
        FieldError: a field cannot be read, or nobody is named.
    """
    email = row.text("contact_email", limit=254).lower()
    account = row.text("account_id", limit=100)
    if not (email or account):
        raise FieldError("contact_email", "is blank, and so is account_id; give one of them")
    asked_on = row.past_date("asked_on", today=today)
    if asked_on is None:
        raise FieldError("asked_on", "is blank; every row needs one")
    return SurveyRecord(
        external_id=row.text("answer_id", limit=200, required=True),
        problem=row.text("problem", limit=40, required=True),
        contact_email=email,
        account_id=account,
        importance=_rating(row, "importance"),
        satisfaction=_rating(row, "satisfaction"),
        asked_on=asked_on,
    )


def _rating(row: Row, column: str) -> int:
    rating = row.integer(column, low=1, high=10)
    if rating is None:
        raise FieldError(column, "is blank; every row needs one")
    return rating
