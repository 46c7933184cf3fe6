"""Accounts by the ids that systems use, and what one account is to another: parent, reseller."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from customers.models import Account, SystemAccount
from customers.services.families import parents_assign

AT_ONCE = 5_000


def accounts_find(*, references: Collection[str], system: str = "") -> dict[str, int]:
    """Accounts by the ids that a system uses, else by our own, else by the only company that goes by the id.

    An account that turned out to be another answers itself: what is told of it is read as told of the company, and
    stays its own when the merge is undone.
    """
    named = sorted(references)
    found: dict[str, int] = {}
    for start in range(0, len(named), AT_ONCE):
        found |= _find(named[start : start + AT_ONCE], system)
    return found


def companies_find(*, references: Collection[str]) -> tuple[list[Account], list[str]]:
    """The companies behind some ids, each once and by name, and the ids that nobody goes by, in the order given."""
    askable = [reference for reference in references if "\x00" not in reference]
    found = accounts_find(references=askable)
    known = Account.objects.select_related("merged_into").in_bulk(list(found.values()))
    companies = {account.company.pk: account.company for account in known.values()}
    by_name = sorted(companies.values(), key=lambda account: (account.name, account.pk))
    return by_name, [reference for reference in references if reference not in found]


def _find(references: Sequence[str], system: str) -> dict[str, int]:
    ours = dict(Account.objects.filter(external_id__in=references).values_list("external_id", "pk"))
    said = SystemAccount.objects.filter(external_id__in=references).values_list(
        "external_id", "system", "account_id", "account__merged_into_id"
    )
    by_system: dict[str, int] = {}
    anywhere: dict[str, set[int]] = {}
    for external_id, name, account, company in said:
        anywhere.setdefault(external_id, set()).add(company or account)
        if name == system:
            by_system[external_id] = account
    only = {external_id: min(companies) for external_id, companies in anywhere.items() if len(companies) == 1}
    return only | ours | by_system


@dataclass(frozen=True)
class LinkTrouble:
    """An account whose parent or reseller could not be set, and why."""

    external_id: str
    column: str
    reason: str


@transaction.atomic
def account_links_store(*, system: str, parents: Mapping[str, str], resellers: Mapping[str, str]) -> list[LinkTrouble]:
    """Set parents and resellers by the system's ids; answers those that could not be set.

    An account that is part of another has its company's: what is said of its own is left aside.
    """
    ids = accounts_find(references={*parents, *parents.values(), *resellers, *resellers.values()}, system=system)
    merged = dict(Account.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into_id"))
    trouble: list[LinkTrouble] = []
    for column, links, lack in (("parent_id", parents, "a parent"), ("reseller_id", resellers, "a reseller")):
        trouble += [
            LinkTrouble(account, column, f"no account {other!r}; the account was kept without {lack}")
            for account, other in links.items()
            if other not in ids
        ]
    wanted = {
        ids[child]: ids[parent]
        for child, parent in parents.items()
        if child in ids and parent in ids and ids[child] not in merged
    }
    refused = set(parents_assign(wanted=wanted))
    trouble += [
        LinkTrouble(
            child,
            "parent_id",
            f"{parent!r} belongs to this account's own family; its parent was left as it was",
        )
        for child, parent in parents.items()
        if ids.get(child) in refused
    ]
    for account, reseller in resellers.items():
        if account not in ids or reseller not in ids or ids[account] in merged:
            continue
        if merged.get(ids[reseller], ids[reseller]) == ids[account]:
            trouble.append(LinkTrouble(account, "reseller_id", "an account does not sell to itself"))
        else:
            Account.objects.filter(pk=ids[account]).exclude(reseller=ids[reseller]).update(reseller=ids[reseller])
    return trouble


def account_links_clear(*, system: str, orphans: Collection[str], direct: Collection[str]) -> None:
    """Take the parents of `orphans` and the resellers of `direct` away, by the system's ids."""
    ids = accounts_find(references={*orphans, *direct}, system=system)
    for field, names in (("parent", orphans), ("reseller", direct)):
        linked = Account.objects.unmerged().filter(pk__in=[ids[name] for name in names if name in ids])
        linked.filter(**{f"{field}__isnull": False}).update(**{field: None})
