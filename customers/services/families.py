"""Families: a parent and its subsidiaries are one customer."""

from collections.abc import Mapping

from customers.models import Account


class FamilyCycleError(ValueError):
    """A parent that would make an account its own ancestor."""


def ancestor_of(account: int, parents: Mapping[int, int | None]) -> int:
    """The head of an account's family: the account itself when it has no parent."""
    parent = parents.get(account)
    while parent is not None:
        account, parent = parent, parents.get(parent)
    return account


def family_heads() -> dict[int, int]:
    """Every account's id with the id of its family's head."""
    parents = dict(Account.objects.values_list("pk", "parent_id"))
    return {account: ancestor_of(account, parents) for account in parents}


def parents_assign(*, wanted: Mapping[int, int | None]) -> list[int]:
    """Set the parents of accounts; answers the accounts whose wanted parent would close a circle, left as they were."""
    parents: dict[int, int | None] = dict(Account.objects.values_list("pk", "parent_id"))
    changed: list[Account] = []
    waiting = {account: parent for account, parent in wanted.items() if parents.get(account) != parent}
    tried = len(waiting) + 1
    # A family may be turned round: what closes a circle now may be free once the others have moved.
    while waiting and len(waiting) < tried:
        tried = len(waiting)
        for account, parent in list(waiting.items()):
            if parent is None or not _reaches(parent, account, parents):
                parents[account] = waiting.pop(account)
                changed.append(Account(pk=account, parent_id=parent))
    Account.objects.bulk_update(changed, ["parent_id"], batch_size=500)
    return list(waiting)


def parent_check(*, account: Account) -> None:
    """Refuse a parent that would close a circle.

    Raises:
        FamilyCycleError: the account would become its own ancestor.
    """
    if account.pk is None or account.parent_id is None:
        return
    parents = dict(Account.objects.values_list("pk", "parent_id"))
    if _reaches(account.parent_id, account.pk, parents):
        raise FamilyCycleError(f"{account.parent} belongs to the family of {account}: choose another parent.")


def _reaches(start: int, goal: int, parents: Mapping[int, int | None]) -> bool:
    at: int | None = start
    while at is not None and at != goal:
        at = parents.get(at)
    return at == goal
