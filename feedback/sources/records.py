"""From an outside row to one feedback item."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from customers.sources.fields import FieldError, Row

COLUMNS: tuple[str, ...] = (
    "external_id",
    "source",
    "kind",
    "created_at",
    "account_id",
    "contact_email",
    "severity",
    "subject",
    "body",
)
REQUIRED: tuple[str, ...] = ("external_id", "body")
KINDS = ("request", "ticket", "complaint", "question", "praise", "other")
SEVERITIES = ("blocking", "high", "medium", "low", "unknown")
BODY_CHARACTERS = 1_000_000


@dataclass(frozen=True)
class FeedbackRecord:
    """One thing a customer said, as a source describes it. `said_at` is None where the source does not say.

    `as_of` is when its source last touched it, by the source's clock; None where it does not say, which is newer than
    anything. `contact_email` is None where this message of the source does not tell: who is known stays.
    """

    source: str
    external_id: str
    kind: str
    severity: str
    subject: str
    body: str
    said_at: dt.datetime | None
    account_id: str
    contact_email: str | None
    as_of: dt.datetime | None = None


def says_something(text: str) -> bool:
    """Whether a text is an answer: a lone emoji is one; blanks, punctuation and invisible characters are none."""
    return any(character.isalnum() or unicodedata.category(character) == "So" for character in text)


def parse_feedback(row: Row, *, default_source: str, now: dt.datetime) -> FeedbackRecord:
    """Read one row of a feedback table.

    Raises:
        FieldError: a field cannot be read, or the row says nothing.
    """
    source = row.text("source", limit=50).lower() or default_source
    if not re.fullmatch(r"[a-z0-9_-]+", source):
        raise FieldError("source", f"{source!r} is not a source; use letters, digits, - and _")
    subject = row.text("subject", limit=1000)
    body = row.text("body", limit=BODY_CHARACTERS)
    if not says_something(subject + body):
        raise FieldError("body", "says nothing; every row needs a text")
    return FeedbackRecord(
        source=source,
        external_id=row.text("external_id", limit=200, required=True),
        kind=row.choice("kind", KINDS, default="other"),
        severity=row.choice("severity", SEVERITIES, default="unknown"),
        subject=subject,
        body=body,
        said_at=row.moment("created_at", now=now),
        account_id=row.text("account_id", limit=100),
        contact_email=row.text("contact_email", limit=254).lower(),
    )
