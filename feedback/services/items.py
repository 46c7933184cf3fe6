"""Intake: the one way in for everything that customers say."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from django.db import IntegrityError, transaction
from django.db.models.functions import Lower
from django.utils import timezone

from customers.models import Contact
from customers.services.references import accounts_find
from feedback.models import FeedbackItem, FeedbackOriginal, ItemState, Source
from feedback.services.languages import language_of
from feedback.services.redaction import redact
from feedback.signals import feedback_ingested
from feedback.sources.records import FeedbackRecord

BATCH = 500
MEETINGS = 3
UPDATED = [
    "language",
    "kind",
    "severity",
    "text",
    "text_hash",
    "said_at",
    "as_of",
    "account",
    "account_reference",
    "contact",
    "contact_reference",
    "state",
    "state_reason",
    "attempts",
    "updated_at",
]
Identity = tuple[str, str]


@dataclass
class Ingested:
    """What became of the records handed in: item ids, and how many were new, changed or known already."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    without_account: list[Identity] = field(default_factory=list)


@dataclass(frozen=True)
class _Known:
    """What a batch of records refers to, read in one go."""

    sources: dict[str, Source]
    # By the source that names it and its id there.
    accounts: dict[Identity, int]
    contacts: dict[str, Contact]


def feedback_ingest(*, records: Sequence[FeedbackRecord]) -> Ingested:
    """Store records, at most a few thousand at a time, and tell who works on them, in one transaction.

    An item is known by its source and external id: a repeat updates it or does nothing. An account or contact that is
    not known is kept by the name that the source gave it.
    """
    for _ in range(MEETINGS):
        try:
            return _ingest(records)
        except IntegrityError:
            # The same item came in by another process between our look and our insert: look again.
            continue
    return _ingest(records)


@transaction.atomic
def _ingest(records: Sequence[FeedbackRecord]) -> Ingested:
    latest: dict[Identity, FeedbackRecord] = {(record.source, record.external_id): record for record in records}
    known = _known(latest.values())
    items = _items(latest)
    outcome = Ingested(unchanged=len(records) - len(latest))
    new: list[FeedbackItem] = []
    changed: list[FeedbackItem] = []
    reread: list[FeedbackItem] = []
    originals: list[FeedbackOriginal] = []
    restamped: list[FeedbackItem] = []
    for identity, record in latest.items():
        item = items.get(identity)
        fresh = item is None
        item = item or FeedbackItem(source=known.sources[record.source], external_id=record.external_id)
        before = _facts(item)
        # Other words may redact to the same text: the original follows its source all the same.
        reworded = _words(item) != (record.subject, record.body)
        _apply(item, record, known)
        if item.account_id is None and item.account_reference:
            outcome.without_account.append(identity)
        if fresh:
            new.append(item)
        elif reworded or _facts(item) != before:
            changed.append(item)
        else:
            # Touched at its source in a way that we do not keep: nobody has to hear of it.
            restamped.append(item)
        if before[0] != item.text_hash:
            reread.append(item)
        if reworded:
            originals.append(FeedbackOriginal(item=item, subject=record.subject, body=record.body))
    FeedbackItem.objects.bulk_create(new, batch_size=BATCH)
    FeedbackItem.objects.bulk_update(changed, UPDATED, batch_size=BATCH)
    FeedbackItem.objects.bulk_update([item for item in restamped if item.as_of], ["as_of"], batch_size=BATCH)
    for original in originals:
        original.item_id = original.item.pk
    FeedbackOriginal.objects.bulk_create(
        originals,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["item"],
        update_fields=["subject", "body"],
    )
    outcome.created, outcome.updated = len(new), len(changed)
    outcome.unchanged += len(latest) - len(new) - len(changed)
    if reread or changed:
        feedback_ingested.send(
            sender=FeedbackItem,
            item_ids=[item.pk for item in reread],
            changed_ids=[item.pk for item in changed],
        )
    return outcome


def accounts_link_again(**_signal: object) -> None:
    """Customers changed: some may be whom an item named."""
    feedback_link_accounts()


@transaction.atomic
def feedback_link_accounts() -> int:
    """Give items whose account or contact has become known their link; answers how many links were made.

    The name of a contact who has become known is taken out of the text, which then is read again.
    """
    linked: list[int] = []
    homeless = FeedbackItem.objects.without_account()
    named = homeless.order_by("source", "account_reference").values_list("source__key", "account_reference").distinct()
    for source, pairs in groupby(list(named), key=itemgetter(0)):
        accounts = accounts_find(references={reference for _, reference in pairs}, system=source)
        for reference, account in accounts.items():
            named_so = list(
                homeless.filter(source__key=source, account_reference=reference).values_list("pk", flat=True)
            )
            FeedbackItem.objects.filter(pk__in=named_so).update(account=account)
            linked += named_so
    with_contact, reread = _link_contacts()
    if linked or with_contact:
        feedback_ingested.send(sender=FeedbackItem, item_ids=reread, changed_ids=[*linked, *with_contact])
    return len(linked) + len(with_contact)


def _link_contacts() -> tuple[list[int], list[int]]:
    """Items that got their contact, and those of them whose text changed by it."""
    linked: list[FeedbackItem] = []
    reread: list[int] = []
    homeless = FeedbackItem.objects.filter(contact__isnull=True).exclude(contact_reference="")
    found = Contact.objects.annotate(address=Lower("email")).filter(
        address__in=homeless.order_by().values("contact_reference")
    )
    contacts = {contact.email.lower(): contact for contact in found}
    known = homeless.filter(contact_reference__in=found.order_by().values("address")).select_related("original")
    for item in known.iterator(BATCH):
        item.contact = contacts[item.contact_reference]
        before = item.text_hash
        _read(item, *(_words(item) or (item.text, "")))
        if item.text_hash != before:
            reread.append(item.pk)
        linked.append(item)
    FeedbackItem.objects.bulk_update(linked, UPDATED, batch_size=BATCH)
    return [item.pk for item in linked], reread


def text_of(*, subject: str, body: str) -> str:
    """Subject and body as one text; a subject that only repeats how the body begins is left out."""
    subject, body = subject.strip(), body.strip()
    stem = subject.rstrip(".… ").lower()
    if not stem or body.lower().startswith(stem):
        return body or subject
    return f"{subject}\n{body}" if body else subject


def _known(records: Iterable[FeedbackRecord]) -> _Known:
    records = list(records)
    keys = {record.source for record in records}
    Source.objects.bulk_create([Source(key=key) for key in sorted(keys)], ignore_conflicts=True)
    return _Known(
        sources={source.key: source for source in Source.objects.filter(key__in=keys)},
        accounts={
            (source, reference): account
            for source in keys
            for reference, account in accounts_find(
                references={record.account_id for record in records if record.source == source}, system=source
            ).items()
        },
        contacts={
            contact.email.lower(): contact
            for contact in Contact.objects.annotate(address=Lower("email")).filter(
                address__in={record.contact_email for record in records if record.contact_email}
            )
        },
    )


def _items(latest: dict[Identity, FeedbackRecord]) -> dict[Identity, FeedbackItem]:
    ids_by_source: dict[str, list[str]] = {}
    for source, external_id in latest:
        ids_by_source.setdefault(source, []).append(external_id)
    return {
        (source, item.external_id): item
        for source, external_ids in ids_by_source.items()
        for item in FeedbackItem.objects.filter(source__key=source, external_id__in=external_ids)
        .select_related("contact", "original")
        .select_for_update(of=("self",))
    }


def _apply(item: FeedbackItem, record: FeedbackRecord, known: _Known) -> None:
    item.kind, item.severity = record.kind, record.severity
    item.account_id = known.accounts.get((record.source, record.account_id))
    item.account_reference = record.account_id
    if record.contact_email is not None:
        item.contact = known.contacts.get(record.contact_email)
        item.contact_reference = record.contact_email
    item.as_of = record.as_of or item.as_of
    item.said_at = record.said_at or item.said_at or timezone.now()
    _read(item, record.subject, record.body)


def _read(item: FeedbackItem, subject: str, body: str) -> None:
    """Redact the words of an item; triage starts again when that changes its text."""
    names = [item.contact.name] if item.contact else []
    item.text = redact(text_of(subject=subject, body=body), names=names)
    text_hash = hashlib.sha256(item.text.encode()).hexdigest()
    if text_hash != item.text_hash:
        item.text_hash = text_hash
        item.language = language_of(item.text)
        item.state, item.state_reason, item.attempts = ItemState.WAITING, "", 0
    item.updated_at = timezone.now()


def _words(item: FeedbackItem) -> tuple[str, str] | None:
    """Subject and body as they last came in; None when there is no original."""
    original: FeedbackOriginal | None = getattr(item, "original", None)
    return (original.subject, original.body) if original else None


def _facts(item: FeedbackItem) -> tuple[object, ...]:
    return (
        item.text_hash,
        item.kind,
        item.severity,
        item.said_at,
        item.account_id,
        item.account_reference,
        item.contact_id,
        item.contact_reference,
    )
