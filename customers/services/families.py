"""Families: a parent and its subsidiaries are one customer. An account merged into another belongs to that one."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models.functions import Coalesce

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
    parents = _parents()
    return {account: ancestor_of(account, parents) for account in parents}


@dataclass(frozen=True)
class FamilyMembers:
    """The ids of a family as one of its members sees it."""

    head: int
    # The accounts below that member, children before grandchildren.
    below: tuple[int, ...]
    everyone: frozenset[int]


def family_members(*, account: int) -> FamilyMembers:
    """The family of an account, in one query over the accounts that have something above them."""
    above = {child: parent for child, parent in _parents(linked=True).items() if parent is not None}
    children: dict[int, list[int]] = {}
    for child, parent in above.items():
        children.setdefault(parent, []).append(child)
    head = ancestor_of(account, above)
    return FamilyMembers(head, tuple(_below(account, children)), frozenset([head, *_below(head, children)]))


def _below(account: int, children: Mapping[int, list[int]]) -> list[int]:
    found: list[int] = []
    waiting = deque(sorted(children.get(account, ())))
    while waiting:
        found.append(waiting.popleft())
        waiting.extend(sorted(children.get(found[-1], ())))
    return found


def parents_assign(*, wanted: Mapping[int, int | None]) -> list[int]:
    """Set the parents of accounts; answers the accounts whose wanted parent would close a circle, left as they were."""
    parents = _parents()
    changed: dict[int, int | None] = {}
    waiting = {account: parent for account, parent in wanted.items() if parents.get(account) != parent}
    tried = len(waiting) + 1
    # A family may be turned round: what closes a circle now may be free once the others have moved.
    while waiting and len(waiting) < tried:
        tried = len(waiting)
        for account, parent in list(waiting.items()):
            if parent is None or not _reaches(parent, account, parents):
                parents[account] = waiting.pop(account)
                changed[account] = parent
    for account, parent in changed.items():
        Account.objects.filter(pk=account).update(parent=parent)
    return list(waiting)


def parent_check(*, account: Account) -> None:
    """Refuse a parent that would close a circle.

    Raises:
        FamilyCycleError: the account would become its own ancestor.
    """
    if account.pk is None or account.parent_id is None:
        return
    parents = _parents()
    if _reaches(account.parent_id, account.pk, parents):
        raise FamilyCycleError(f"{account.parent} belongs to the family of {account}: choose another parent.")


def _parents(*, linked: bool = False) -> dict[int, int | None]:
    """What stands above every account, or each that has something: what it was merged into, else its parent."""
    above = Account.objects.annotate(above=Coalesce("merged_into_id", "parent_id"))
    return dict((above.filter(above__isnull=False) if linked else above).values_list("pk", "above"))


def family_reaches(*, start: int, goal: int) -> bool:
    """Whether an account is found by going up from another, which counts as reaching itself."""
    return _reaches(start, goal, _parents())


def _reaches(start: int, goal: int, parents: Mapping[int, int | None]) -> bool:
    at: int | None = start
    while at is not None and at != goal:
        at = parents.get(at)
    return at == goal
