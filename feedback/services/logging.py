"""Logging what a customer said by hand: an agent pastes it, and it comes in like everything else."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from customers.models import Account, Contact
from customers.services.references import companies_find
from feedback.models import FeedbackItem, Kind, LoggedItem, Severity
from feedback.services.changes import items_withdraw
from feedback.services.items import feedback_ingest
from feedback.sources.contract import Withdrawal
from feedback.sources.records import FeedbackRecord, says_something

SOURCE = "agent"
TEXT_CHARACTERS, LINK_CHARACTERS, NAME_CHARACTERS = 20_000, 500, 200
MOST_QUOTES = 20


class LogRefusedError(ValueError):
    """Something that cannot be logged or taken back. The text says why and what to do."""


@dataclass(frozen=True)
class Logged:
    """What an agent hands in. `account` is an id that any system uses, or a name that only one company has."""

    quotes: Sequence[str]
    account: str
    kind: str
    severity: str
    contact_email: str = ""
    contact_name: str = ""
    link: str = ""


@transaction.atomic
def feedback_log(*, logged: Logged, author: User) -> list[FeedbackItem]:
    """Take in what a customer said, one item for each quote; somebody who is not known yet becomes a contact.

    Raises:
        LogRefusedError: it says nothing, names no company that is known, or a field cannot be read.
    """
    quotes = [quote.replace("\x00", "").strip() for quote in logged.quotes if quote.strip("\x00 \r\n\t")]
    account = _checked(logged, quotes)
    email = logged.contact_email.strip().lower()
    if email and account and not Contact.objects.filter(email__iexact=email).exists():
        Contact.objects.create(email=email, name=" ".join(logged.contact_name.split()), account=account)
    now = timezone.now()
    ids = [f"log-{uuid.uuid4().hex}" for _ in quotes]
    feedback_ingest(
        records=[
            FeedbackRecord(
                source=SOURCE,
                external_id=external_id,
                kind=logged.kind,
                severity=logged.severity,
                subject="",
                body=quote,
                said_at=now,
                account_id=account.external_id if account else "",
                contact_email=email,
            )
            for external_id, quote in zip(ids, quotes, strict=True)
        ]
    )
    items = list(FeedbackItem.objects.filter(source__key=SOURCE, external_id__in=ids).order_by("pk"))
    LoggedItem.objects.bulk_create([LoggedItem(item=item, author=author, link=logged.link.strip()) for item in items])
    return items


@transaction.atomic
def log_take_back(*, items: Sequence[FeedbackItem], author: User) -> None:
    """What was logged by mistake goes.

    Raises:
        LogRefusedError: somebody else logged it, or nobody did.
    """
    ids = [item.pk for item in items]
    mine = LoggedItem.objects.filter(item__in=ids, author=author)
    if not ids or mine.count() != len(ids):
        raise LogRefusedError("Only who logged it takes it back.")
    now = timezone.now()
    items_withdraw(items[0].source, [Withdrawal(SOURCE, item.external_id, now) for item in items])


def account_named(text: str) -> Account | None:
    """The company of an id that any system uses, or of a name or domain that only one has.

    Raises:
        LogRefusedError: no company goes by it, or several do.
    """
    text = text.replace("\x00", "").strip()
    if not text:
        return None
    found, _ = companies_find(references=[text])
    if not found:
        named = Q(name__iexact=text) | Q(domain__iexact=text)
        found = list(Account.objects.unmerged().filter(named)[:2])
    if len(found) != 1:
        how_many = "Several accounts go" if found else "No account goes"
        raise LogRefusedError(f"{how_many} by “{text[:60]}”: choose one of those that are offered.")
    return found[0]


def _checked(logged: Logged, quotes: Sequence[str]) -> Account | None:
    if not any(says_something(quote) for quote in quotes):
        raise LogRefusedError("Paste what the customer said.")
    if len(quotes) > MOST_QUOTES or any(len(quote) > TEXT_CHARACTERS for quote in quotes):
        raise LogRefusedError(f"At most {MOST_QUOTES} quotes of {TEXT_CHARACTERS} characters can be logged at once.")
    if logged.kind not in Kind.values or logged.severity not in Severity.values:
        raise LogRefusedError("Choose a kind and a severity from the lists.")
    account = account_named(logged.account)
    email, link = logged.contact_email.strip(), logged.link.strip()
    if email:
        _valid(validate_email, email, f"“{email[:60]}” is no e-mail address.")
        if account is None and not Contact.objects.filter(email__iexact=email).exists():
            raise LogRefusedError("Whose contact is that? Choose the account.")
    if len(logged.contact_name) > NAME_CHARACTERS:
        raise LogRefusedError(f"A name has at most {NAME_CHARACTERS} characters.")
    if link:
        _valid(URLValidator(schemes=["http", "https"]), link, f"“{link[:60]}” is no web address.")
        if len(link) > LINK_CHARACTERS:
            raise LogRefusedError(f"A link has at most {LINK_CHARACTERS} characters.")
    return account


def _valid(check: Callable[[str], None], text: str, why: str) -> None:
    try:
        check(text)
    except ValidationError:
        raise LogRefusedError(why) from None
