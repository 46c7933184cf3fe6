"""From an outside row to one contact."""

import re
from dataclasses import dataclass
from decimal import Decimal

from customers.sources.fields import FieldError, Row

COLUMNS: tuple[str, ...] = ("email", "name", "account_id", "role", "influence")
REQUIRED: tuple[str, ...] = ("email", "account_id")
ROLES = ("buyer", "champion", "admin", "user", "unknown")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True)
class ContactRecord:
    """One person as a source describes them."""

    email: str
    name: str
    account_id: str
    role: str
    influence: Decimal | None


def parse_contact(row: Row) -> ContactRecord:
    """Read one row of a contacts table.

    Raises:
        FieldError: a field cannot be read.
    """
    email = row.text("email", limit=254, required=True).lower()
    if not EMAIL.fullmatch(email):
        raise FieldError("email", f"{email!r} is not an e-mail address")
    return ContactRecord(
        email=email,
        name=row.text("name", limit=200),
        account_id=row.text("account_id", limit=100, required=True),
        role=row.choice("role", ROLES, default="unknown"),
        influence=row.decimal("influence", low=Decimal(0), high=Decimal(1), places=2),
    )
