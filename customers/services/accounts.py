"""Storing accounts as systems describe them."""

import datetime as dt
import hashlib
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from customers.models import Account, SystemAccount
from customers.services.provenance import (
    BY_HAND,
    FACTS,
    MONEY,
    OWN_SYSTEMS,
    TOGETHER,
    Priorities,
    facts_resolve,
    priorities_read,
    statement,
    systems_of,
)
from customers.sources.accounts import AccountRecord

BATCH = 500
ID_CHARACTERS = 100


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
def accounts_store(
    *, records: Sequence[AccountRecord], system: str, given: Collection[str] = FACTS, today: dt.date
) -> Stored:
    """Note what a system says of accounts, known by the ids that it gives them; the last record of an id counts.

    `given` names the fields that the system speaks of: what it said of the others before still stands. A new id is a
    new account, but where an account of that id is known that no system has described yet. Parents are left alone.
    """
    latest = {record.external_id: record for record in records}
    known = {
        system_account.external_id: system_account
        for system_account in SystemAccount.objects.filter(system=system, external_id__in=latest).select_related(
            "account"
        )
    }
    homes = _homes(system, set(latest) - set(known))
    speaks = [field for field in FACTS if field in given]
    amounts = not set(given).isdisjoint(MONEY)
    changed: dict[str, set[str]] = {}
    for external_id, record in latest.items():
        system_account = known.get(external_id) or SystemAccount(
            system=system, external_id=external_id, account=homes[external_id]
        )
        # Amounts without a currency are in that of the system's earlier word, else in the record's own default.
        fields = [*speaks, "currency"] if amounts and "currency" not in system_account.facts else speaks
        withdrawn = _note(system_account, {field: statement(getattr(record, field), today=today) for field in fields})
        if withdrawn is not None or external_id not in known:
            known[external_id] = system_account
            changed[external_id] = withdrawn or set()
    created = _store([known[external_id] for external_id in changed], changed)
    return Stored(created, len(changed) - created, len(records) - len(changed))


@transaction.atomic
def account_words_store(*, system: str, words: Mapping[int, Mapping[str, Any]], today: dt.date) -> None:
    """Note what a system says of accounts that are known, by our own ids: account to field to value."""
    known = {
        system_account.account_id: system_account
        for system_account in SystemAccount.objects.filter(system=system, account__in=words).select_related("account")
    }
    others = Account.objects.in_bulk([account_id for account_id in words if account_id not in known])
    names = _names(system, others)
    changed: dict[str, set[str]] = {}
    system_accounts: list[SystemAccount] = []
    for account_id, said in words.items():
        system_account = known.get(account_id) or SystemAccount(
            system=system, external_id=names[account_id], account=others[account_id]
        )
        withdrawn = _note(system_account, {field: statement(value, today=today) for field, value in said.items()})
        if withdrawn is not None:
            system_accounts.append(system_account)
            changed[system_account.external_id] = withdrawn
    _store(system_accounts, changed)


@transaction.atomic
def account_edit(*, account: Account, changed: Collection[str], today: dt.date) -> None:
    """Store an account that a person edited; each fact typed is a word said by hand, a blank takes it back."""
    typed = set(changed)
    for group in (*TOGETHER, ("currency", *MONEY)):
        if typed & set(group):
            typed |= set(group)
    account.save()
    said = {field: getattr(account, field) for field in FACTS if field in typed}
    account_words_store(system=BY_HAND, words={account.pk: said}, today=today)
    # Also where nothing new was said: a blank typed over a system's word lets that word speak again.
    _resolve({account.company.pk: set()}, priorities_read())
    account.refresh_from_db()


def _homes(system: str, external_ids: Collection[str]) -> dict[str, Account]:
    """The account of every id that the system has not named before: one that nobody has described yet, or a new one."""
    same_id = Account.objects.filter(external_id__in=external_ids).prefetch_related("system_accounts")
    taken = {account.external_id: account for account in same_id}
    homes: dict[str, Account] = {}
    strangers: list[str] = []
    for external_id in external_ids:
        account = taken.get(external_id)
        if account is None:
            homes[external_id] = Account(external_id=external_id)
        elif all(each.system in OWN_SYSTEMS for each in account.system_accounts.all()):
            homes[external_id] = account
        else:
            # Two systems count from one each: the same number need not be the same company.
            strangers.append(external_id)
    wanted = [f"{system}:{external_id}" for external_id in strangers]
    used = set(Account.objects.filter(external_id__in=wanted).values_list("external_id", flat=True)) | set(external_ids)
    homes |= {
        external_id: Account(external_id=_free(name, used)) for external_id, name in zip(strangers, wanted, strict=True)
    }
    return homes


def _names(system: str, accounts: Mapping[int, Account]) -> dict[int, str]:
    """By what id one of our own systems names each account: ours, but where it names another by that already."""
    wanted = [account.external_id for account in accounts.values()]
    found = SystemAccount.objects.filter(system=system, external_id__in=wanted)
    used = set(found.values_list("external_id", flat=True))
    return {
        account_id: account.external_id
        if account.external_id not in used
        else f"{account.external_id[:80]}:{account_id}"
        for account_id, account in accounts.items()
    }


def _free(name: str, used: Container[str]) -> str:
    """The name, or where it is used already or too long for its column, its beginning and a checksum."""
    if len(name) <= ID_CHARACTERS and name not in used:
        return name
    return f"{name[: ID_CHARACTERS - 17]}:{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def _note(system_account: SystemAccount, words: Mapping[str, Any]) -> set[str] | None:
    """Take down what a system says; answers the facts that it took back, or None when it said nothing new."""
    facts = system_account.facts
    said = {field: word for field, word in words.items() if word is not None}
    withdrawn = {field for field, word in words.items() if word is None and field in facts}
    news = {field: word for field, word in said.items() if field not in facts or facts[field][0] != word[0]}
    if not news and not withdrawn:
        return None
    system_account.facts = {field: word for field, word in (facts | news).items() if field not in withdrawn}
    return withdrawn


def _store(system_accounts: Sequence[SystemAccount], withdrawn: Mapping[str, set[str]]) -> int:
    """Write system accounts and the facts that follow; answers how many accounts are new."""
    priorities = priorities_read()
    new = [each for each in system_accounts if each.account.pk is None]
    for each in new:
        facts_resolve(account=each.account, said_by=[each], priorities=priorities)
    Account.objects.bulk_create([each.account for each in new], batch_size=BATCH)
    for each in system_accounts:
        each.account_id = each.account.pk
    SystemAccount.objects.bulk_create(
        system_accounts,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["system", "external_id"],
        update_fields=["facts", "updated_at"],
    )
    created = {each.account_id for each in new}
    blank: dict[int, set[str]] = {}
    for each in system_accounts:
        if each.account_id not in created:
            company = each.account.merged_into_id or each.account_id
            blank.setdefault(company, set()).update(withdrawn[each.external_id])
    _resolve(blank, priorities)
    return len(new)


def _resolve(withdrawn: Mapping[int, set[str]], priorities: Priorities) -> None:
    """Bring the facts of known companies, by id, in line with what is said of them."""
    said_by = systems_of(account_ids=withdrawn)
    accounts_update(
        accounts=[
            account
            for account in Account.objects.filter(pk__in=withdrawn)
            if facts_resolve(
                account=account,
                said_by=said_by.get(account.pk, []),
                priorities=priorities,
                withdrawn=withdrawn[account.pk],
            )
        ],
        fields=FACTS,
    )


def accounts_update(*, accounts: Sequence[Account], fields: Collection[str]) -> None:
    """Write some fields of many stored accounts, each row by itself: `bulk_update` takes ten times as long."""
    written: list[Any] = [Account._meta.get_field(name) for name in (*fields, "updated_at")]
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(field.column)} = %s" for field in written)
    now = timezone.now()
    for account in accounts:
        account.updated_at = now
    rows = [
        [field.get_db_prep_save(getattr(account, field.attname), connection) for field in (*written, Account._meta.pk)]
        for account in accounts
    ]
    if rows:
        with connection.cursor() as cursor:
            # Names come from the model, values are parameters.
            cursor.executemany(f"UPDATE {quote(Account._meta.db_table)} SET {columns} WHERE id = %s", rows)  # noqa: S608
