"""Proposing accounts that look like one company."""

from decimal import Decimal

from django.db import transaction

from customers.engine.identity.duplicates import PROPOSED, find_duplicates
from customers.engine.identity.rows import CompanyRow, DuplicatePair
from customers.models import Account, Contact, DuplicateProposal, DuplicateState, SystemAccount

BATCH = 500


@transaction.atomic
def duplicates_propose() -> int:
    """Compare all companies and renew the open proposals; answers how many are open.

    What a person decided stays decided: a pair that was rejected is in no proposal and in no group.
    """
    apart = DuplicateProposal.objects.filter(state=DuplicateState.REJECTED).values_list("left_id", "right_id")
    found = find_duplicates(
        _company_rows(), at_least=PROPOSED, apart=[(_key(left), _key(right)) for left, right in apart]
    )
    together = {key: number for number, group in enumerate(found.groups) for key in group}
    pairs = [pair for pair in found.pairs if pair.left in together and together[pair.left] == together.get(pair.right)]
    proposals = [_proposal(pair) for pair in pairs]
    now = {(proposal.left_id, proposal.right_id) for proposal in proposals}
    stale = [
        pk
        for pk, left, right in DuplicateProposal.objects.open().values_list("pk", "left_id", "right_id")
        if (left, right) not in now
    ]
    DuplicateProposal.objects.filter(pk__in=stale).delete()
    DuplicateProposal.objects.bulk_create(
        proposals,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["left", "right"],
        update_fields=["probability", "reasons", "state", "decided_at", "decided_by"],
    )
    return len(proposals)


def _company_rows() -> list[CompanyRow]:
    domains: dict[int, set[str]] = {}
    for account, email in Contact.objects.values_list("account_id", "email").iterator():
        domains.setdefault(account, set()).add(email.rpartition("@")[2].lower())
    systems: dict[int, str] = dict(SystemAccount.objects.order_by("-pk").values_list("account_id", "system"))
    return [
        CompanyRow(
            key=_key(account.pk),
            system=systems.get(account.pk, ""),
            name=account.name,
            domain=account.domain,
            country=account.country,
            external_id=account.external_id,
            tax_id=account.tax_id,
            contact_domains=tuple(sorted(domains.get(account.pk, ()))),
            parent=_key(account.parent_id) if account.parent_id else "",
        )
        for account in Account.objects.unmerged().order_by("pk").iterator(chunk_size=2000)
    ]


def _key(account_id: int) -> str:
    """Sorts as the number does."""
    return f"{account_id:012d}"


def _proposal(pair: DuplicatePair) -> DuplicateProposal:
    return DuplicateProposal(
        left_id=int(pair.left),
        right_id=int(pair.right),
        probability=Decimal(pair.probability).quantize(Decimal("0.0001")),
        reasons=[
            {"text": reason.text, "points": round(reason.points, 2)}
            for reason in sorted(pair.reasons, key=lambda reason: -abs(reason.points))
        ],
    )
