"""Storing accounts as sources describe them."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from customers.models import Account
from customers.services.families import parents_assign
from customers.sources.accounts import AccountRecord

BATCH = 500
# The parent is another account, which may come later in the same file: it is set in a second pass.
FIELDS = tuple(field for field in AccountRecord.__dataclass_fields__ if field not in {"external_id", "parent_id"})


@dataclass
class Stored:
    """How many rows were new, changed an old one, or said nothing new."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def add(self, other: "Stored") -> None:
        """Count another batch in."""
        self.created += other.created
        self.updated += other.updated
        self.unchanged += other.unchanged


@transaction.atomic
def accounts_store(*, records: Sequence[AccountRecord], given: Collection[str] = FIELDS) -> Stored:
    """Create or update accounts by their external id. The last record of an id counts; parents are left alone.

    `given` names the fields that the source speaks of: of an account that is known, only these change.
    """
    facts = {record.external_id: record for record in records}
    known = {account.external_id: account for account in Account.objects.filter(external_id__in=facts)}
    new: list[Account] = []
    changed: list[Account] = []
    for external_id, record in facts.items():
        values = {field: value for field, value in asdict(record).items() if field in FIELDS}
        account = known.get(external_id)
        if account is None:
            new.append(Account(external_id=external_id, **values))
            continue
        values = {field: value for field, value in values.items() if field in given}
        if any(getattr(account, field) != value for field, value in values.items()):
            for field, value in values.items():
                setattr(account, field, value)
            account.updated_at = timezone.now()
            changed.append(account)
    Account.objects.bulk_create(new, batch_size=BATCH)
    Account.objects.bulk_update(changed, [*FIELDS, "updated_at"], batch_size=BATCH)
    return Stored(len(new), len(changed), len(records) - len(new) - len(changed))


@dataclass(frozen=True)
class ParentTrouble:
    """An account whose parent could not be set, and why."""

    external_id: str
    reason: str


@transaction.atomic
def account_parents_store(*, parents: dict[str, str]) -> list[ParentTrouble]:
    """Set parents by external ids (child to parent, blank for none); answers those that could not be set."""
    ids: dict[str, int] = dict(Account.objects.values_list("external_id", "pk"))
    names = {pk: external_id for external_id, pk in ids.items()}
    trouble: list[ParentTrouble] = []
    wanted: dict[int, int | None] = {}
    for child, parent in parents.items():
        if parent and parent not in ids:
            trouble.append(ParentTrouble(child, f"no account {parent!r}; the account was kept without a parent"))
        elif child in ids:
            wanted[ids[child]] = ids[parent] if parent else None
    for refused in parents_assign(wanted=wanted):
        child = names[refused]
        trouble.append(
            ParentTrouble(
                child,
                f"{parents[child]!r} belongs to this account's own family; its parent was left as it was",
            )
        )
    return trouble
