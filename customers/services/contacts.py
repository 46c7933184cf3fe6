"""Storing contacts as sources describe them."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone

from customers.models import Contact
from customers.services.accounts import Stored
from customers.services.references import accounts_find
from customers.sources.contacts import ContactRecord

BATCH = 500
FIELDS = ("name", "account_id", "role", "influence")


@transaction.atomic
def contacts_store(
    *, records: Sequence[ContactRecord], system: str, given: Collection[str] = FIELDS
) -> tuple[Stored, list[ContactRecord]]:
    """Create or update contacts by e-mail address; answers too the records whose account is not known, not stored.

    `given` names the fields that the source speaks of: of a contact that is known, only these change.
    """
    accounts = accounts_find(references={record.account_id for record in records}, system=system)
    homeless = [record for record in records if record.account_id not in accounts]
    facts = {record.email: record for record in records if record.account_id in accounts}
    # In the admin an address may be typed in any case.
    typed = Contact.objects.annotate(address=Lower("email")).filter(address__in=facts)
    known = {contact.email.lower(): contact for contact in typed}
    new: list[Contact] = []
    changed: list[Contact] = []
    for email, record in facts.items():
        values = {
            "name": record.name,
            "account_id": accounts[record.account_id],
            "role": record.role,
            "influence": record.influence,
        }
        contact = known.get(email)
        if contact is None:
            new.append(Contact(email=email, **values))
            continue
        values = {field: value for field, value in values.items() if field in given}
        if any(getattr(contact, field) != value for field, value in values.items()):
            for field, value in values.items():
                setattr(contact, field, value)
            contact.updated_at = timezone.now()
            changed.append(contact)
    Contact.objects.bulk_create(new, batch_size=BATCH)
    Contact.objects.bulk_update(changed, ["name", "account", "role", "influence", "updated_at"], batch_size=BATCH)
    return Stored(len(new), len(changed), len(records) - len(homeless) - len(new) - len(changed)), homeless
