"""Making two accounts one company, and taking that back.

Nothing is moved. The merged account points at the one that is kept, whose facts then follow from the systems of both.
What is told of either is read as told of the company.
"""

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from customers.models import Account, AccountMerge, DuplicateProposal, DuplicateState
from customers.services.churn import churn_risk_refresh
from customers.services.families import family_reaches
from customers.services.provenance import FACTS, facts_resolve, priorities_read, systems_of
from customers.signals import customers_changed

REMEMBERED = (*FACTS, "churn_risk", "churn_reasons", "updated_at")


class MergeRefusedError(ValueError):
    """A merge, or the undoing of one, that cannot be done; the text says why and what to do."""


@transaction.atomic
def accounts_merge(*, kept: Account, merged: Account, by: User | None, today: dt.date) -> AccountMerge:
    """Make `merged` part of `kept`.

    Raises:
        MergeRefusedError: they are one company already, or `kept` belongs to the family below `merged`.
    """
    kept, merged = _locked(kept).company, _locked(merged).company
    if kept == merged:
        raise MergeRefusedError(f"{kept} and the other account are one company already.")
    if family_reaches(start=kept.pk, goal=merged.pk):
        raise MergeRefusedError(f"{kept} belongs to the family of {merged}: take its parent away first.")
    # Times to the microsecond: JSON alone would keep milliseconds.
    before = {field: getattr(kept, field) for field in REMEMBERED} | {"updated_at": kept.updated_at.isoformat()}
    earlier = list(merged.merged.values_list("pk", flat=True))
    Account.objects.filter(pk__in=[merged.pk, *earlier]).update(merged_into=kept)
    merge = AccountMerge.objects.create(kept=kept, merged=merged, before=before, earlier=earlier, merged_by=by)
    _resolve(kept)
    churn_risk_refresh(today=today, accounts=[kept])
    customers_changed.send(sender=AccountMerge)
    return merge


@transaction.atomic
def accounts_merge_undo(*, merge: AccountMerge, by: User | None, today: dt.date) -> None:
    """Take a merge back: both accounts are as they were, but for what systems have said since.

    Raises:
        MergeRefusedError: it was taken back already, the kept account has since become part of another, or the parents
            of the merged account now belong to its own family.
    """
    merge = AccountMerge.objects.select_for_update().get(pk=merge.pk)
    kept = _locked(merge.kept)
    if merge.undone_at is not None:
        raise MergeRefusedError("This merge was taken back already.")
    if kept.merged_into is not None:
        raise MergeRefusedError(f"{kept} has since become part of {kept.merged_into}: take that merge back first.")
    Account.objects.filter(pk=merge.merged_id).update(merged_into=None)
    Account.objects.filter(pk__in=merge.earlier).update(merged_into=merge.merged_id)
    merged = _locked(merge.merged)
    if merged.parent_id is not None and family_reaches(start=merged.parent_id, goal=merged.pk):
        raise MergeRefusedError(f"{merged.parent} now belongs to the family of {merged}: take its parent away first.")
    _catch_up(merged, merge, today)
    before: dict[str, Any] = {
        field: Account._meta.get_field(field).to_python(value)  # type: ignore[union-attr]
        for field, value in merge.before.items()
    }
    for field in FACTS:
        setattr(kept, field, before[field])
    _resolve(kept)
    if all(getattr(kept, field) == before[field] for field in FACTS):
        Account.objects.filter(pk=kept.pk).update(**before)
    else:
        churn_risk_refresh(today=today, accounts=[kept])
    later = AccountMerge.objects.filter(kept=kept, undone_at=None, pk__gt=merge.pk).order_by("pk").first()
    if later:
        # What it remembers of the kept account still has the merged one in it.
        later.before = merge.before
        later.save()
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.save()
    _reopen(merge)
    customers_changed.send(sender=AccountMerge)


@transaction.atomic
def duplicate_accept(*, proposal: DuplicateProposal, kept: Account, by: User | None, today: dt.date) -> AccountMerge:
    """Merge the two accounts of a proposal into the one to keep.

    Raises:
        MergeRefusedError: it was decided already, or the two cannot be merged.
    """
    proposal = _open(proposal)
    merged = proposal.right if kept == proposal.left else proposal.left
    merge = accounts_merge(kept=kept, merged=merged, by=by, today=today)
    _decide(proposal, DuplicateState.ACCEPTED, by)
    return merge


@transaction.atomic
def duplicate_reject(*, proposal: DuplicateProposal, by: User | None) -> None:
    """Say that two accounts are two companies; they are not proposed again.

    Raises:
        MergeRefusedError: it was decided already.
    """
    _decide(_open(proposal), DuplicateState.REJECTED, by)


def _open(proposal: DuplicateProposal) -> DuplicateProposal:
    proposal = (
        DuplicateProposal.objects.select_for_update(of=("self",)).select_related("left", "right").get(pk=proposal.pk)
    )
    if proposal.state != DuplicateState.OPEN:
        raise MergeRefusedError(f"This proposal was {proposal.get_state_display().lower()} already.")
    return proposal


def _decide(proposal: DuplicateProposal, state: DuplicateState, by: User | None) -> None:
    proposal.state, proposal.decided_at, proposal.decided_by = state, timezone.now(), by
    proposal.save()


def _locked(account: Account) -> Account:
    return Account.objects.select_for_update(of=("self",)).select_related("merged_into").get(pk=account.pk)


def _catch_up(merged: Account, merge: AccountMerge, today: dt.date) -> None:
    """Bring an account that is a company again in line with what its systems said while it was part of another."""
    said_by = systems_of(account_ids=[merged.pk]).get(merged.pk, [])
    if any(system_account.updated_at > merge.merged_at for system_account in said_by):
        _resolve(merged)
        churn_risk_refresh(today=today, accounts=[merged])


def _resolve(account: Account) -> None:
    said_by = systems_of(account_ids=[account.pk]).get(account.pk, [])
    facts_resolve(account=account, said_by=said_by, priorities=priorities_read())
    account.save(update_fields=[*FACTS, "updated_at"])


def _reopen(merge: AccountMerge) -> None:
    """Ask again about the pairs that were one company only by this merge."""
    apart = [merge.merged_id, *merge.earlier]
    others = Account.objects.of_company(merge.kept).values("pk")
    DuplicateProposal.objects.filter(
        Q(left__in=apart, right__in=others) | Q(left__in=others, right__in=apart), state=DuplicateState.ACCEPTED
    ).update(state=DuplicateState.OPEN, decided_at=None, decided_by=None)
