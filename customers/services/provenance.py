"""Which system said what of an account, and whose word counts.

The order of belief: the smaller priority (of the system for that fact, else of the system), then the newer word, then
the system account that was known first. A blank never beats a value.

Facts that only mean something together come from whoever is believed most on one of them. Where that system is silent,
or an older word of its own contradicts the newer, the next word that fits is taken.
"""

import datetime as dt
import operator
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models.functions import Coalesce

from customers.models import Account, SystemAccount, SystemPriority

DEFAULT_PRIORITY = 100
# What a person typed counts most, then what follows from dated facts, unless a priority says otherwise.
BY_HAND = "heard"
USAGE, NPS, INVOICES, CHURN = "usage", "nps", "invoices", "churn"
STARTING_PRIORITIES = {BY_HAND: 10, USAGE: 50, NPS: 50, INVOICES: 50, CHURN: 50}
OWN_SYSTEMS = frozenset(STARTING_PRIORITIES)
MONEY = ("arr", "pipeline", "lifetime_value")
# A journey without the day of leaving says something too; of two bounds the first is never above the second.
JOURNEY = ("stage", "churned_on")
BOUNDS = (("active_seats", "seats"), ("contract_start", "contract_end"))
TOGETHER = (JOURNEY, *BOUNDS)
ALONE = (
    "name",
    "domain",
    "country",
    "tax_id",
    "owner",
    "segment",
    "plan",
    "renewal_date",
    "health_score",
    "nps",
    "tenure_months",
    "open_tickets",
    "overdue_days",
    "win_probability",
    "fit",
    "fit_reasons",
)
FACTS: tuple[str, ...] = (*ALONE, *(field for group in TOGETHER for field in group), "currency", *MONEY)
_FIELDS: dict[str, Any] = {field: Account._meta.get_field(field) for field in FACTS}
_BLANKS = {field: _FIELDS[field].get_default() for field in FACTS}

Statement = tuple[str | int | list[str], str]
Priorities = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Said:
    """One system's word on one fact."""

    field: str
    system: str
    external_id: str
    value: Any
    said_on: dt.date
    counts: bool


def priorities_read() -> Priorities:
    """(system, fact) to priority; a blank fact stands for all."""
    found = SystemPriority.objects.values_list("system", "field", "priority")
    starting = {(system, ""): priority for system, priority in STARTING_PRIORITIES.items()}
    return starting | {(system, field): priority for system, field, priority in found}


def statement(value: Any, *, today: dt.date) -> Statement | None:
    """What is stored of a system's word; None for a blank."""
    if value is None or value in ("", []):
        return None
    plain = value if isinstance(value, int | list) else str(value)
    return plain, today.isoformat()


def facts_resolve(
    *,
    account: Account,
    said_by: Sequence[SystemAccount],
    priorities: Priorities,
    withdrawn: Collection[str] = (),
) -> bool:
    """Set the account's facts to what its systems say; answers whether any changed.

    Facts that nobody speaks of stay, but for those `withdrawn` just now, which become blank.
    """
    if account.pk is None and len(said_by) == 1:
        # Most accounts of an import: there is nothing to choose between.
        for field in said_by[0].facts:
            setattr(account, field, _value(said_by[0], field))
        return True
    values: dict[str, Any] = {field: _BLANKS[field] for field in withdrawn}
    for field, speaker in _speakers(said_by, priorities).items():
        values[field] = _BLANKS[field] if speaker is None else _value(speaker, field)
    changed = {field: value for field, value in values.items() if getattr(account, field) != value}
    for field, value in changed.items():
        setattr(account, field, value)
    return bool(changed)


def systems_of(*, account_ids: Iterable[int]) -> dict[int, list[SystemAccount]]:
    """The system accounts of companies, by company: those of accounts merged into one count as its own."""
    found = (
        SystemAccount.objects.annotate(company=Coalesce("account__merged_into", "account"))
        .filter(company__in=list(account_ids))
        .order_by("pk")
    )
    by_company: dict[int, list[SystemAccount]] = {}
    for system_account in found:
        by_company.setdefault(system_account.company, []).append(system_account)
    return by_company


def provenance(*, account: Account) -> list[Said]:
    """Every word on every fact of a company, the one that counts first."""
    said_by = systems_of(account_ids=[account.pk]).get(account.pk, [])
    priorities = priorities_read()
    speakers = _speakers(said_by, priorities)
    words: list[Said] = []
    for field in FACTS:
        counted = speakers.get(field)
        believed = _believed((field,), said_by, priorities)
        believed.sort(key=lambda system_account: system_account is not counted)
        words += [
            Said(
                field,
                system_account.system,
                system_account.external_id,
                _value(system_account, field),
                dt.date.fromisoformat(system_account.facts[field][1]),
                counts=system_account is counted and _value(system_account, field) == getattr(account, field),
            )
            for system_account in believed
        ]
    return words


def _speakers(said_by: Sequence[SystemAccount], priorities: Priorities) -> dict[str, SystemAccount | None]:
    """Whose word counts on each fact that anybody speaks of; None where nobody's does, so that the fact is blank."""
    speakers: dict[str, SystemAccount | None] = {}
    for field in ALONE:
        for first in _believed((field,), said_by, priorities)[:1]:
            speakers[field] = first
    for first in _believed(JOURNEY, said_by, priorities)[:1]:
        speakers |= dict.fromkeys(JOURNEY, first)
    for low, high in BOUNDS:
        speakers |= _bounds(low, high, said_by, priorities)
    return speakers | _money(said_by, priorities)


def _believed(fields: Sequence[str], said_by: Iterable[SystemAccount], priorities: Priorities) -> list[SystemAccount]:
    """Who speaks of any of these facts, the most believed first."""
    speaking = [each for each in said_by if any(field in each.facts for field in fields)]
    return sorted(speaking, key=lambda each: (*min(_beliefs(each, fields, priorities)), each.pk or 0))


def _beliefs(system_account: SystemAccount, fields: Iterable[str], priorities: Priorities) -> Iterator[tuple[int, int]]:
    """Priority and age of every word on these facts: the smaller is believed."""
    system = system_account.system
    for field in fields:
        if field in system_account.facts:
            priority = priorities.get((system, field), priorities.get((system, ""), DEFAULT_PRIORITY))
            yield priority, -dt.date.fromisoformat(system_account.facts[field][1]).toordinal()


def _bounds(
    low: str, high: str, said_by: Sequence[SystemAccount], priorities: Priorities
) -> dict[str, SystemAccount | None]:
    """One fact from whoever is believed most, the other from the same system, else from the next that fits to it."""
    believed = _believed((low, high), said_by, priorities)
    if not believed:
        return {}
    first = believed[0]
    spoken = [field for field in (low, high) if field in first.facts]
    field = min(spoken, key=lambda each: next(_beliefs(first, (each,), priorities)))
    other = high if field == low else low
    fits: Callable[[Any, Any], bool] = operator.le if field == low else operator.ge
    value = _value(first, field)
    seconds = (each for each in believed if other in each.facts and fits(value, _value(each, other)))
    return {field: first, other: next(seconds, None)}


def _money(said_by: Sequence[SystemAccount], priorities: Priorities) -> dict[str, SystemAccount | None]:
    """Amounts from systems that speak of one currency: that of whoever is believed on the revenue, else on the rest."""
    spoken = [field for field in MONEY if any(field in each.facts for each in said_by)]
    if not spoken:
        return {}
    first = _believed(spoken[:1], said_by, priorities)[0]
    speakers: dict[str, SystemAccount | None] = {"currency": first}
    speaking = [each for each in said_by if _value(each, "currency") == _value(first, "currency")]
    for field in spoken:
        speakers[field] = next(iter(_believed((field,), speaking, priorities)), None)
    return speakers


def _value(system_account: SystemAccount, field: str) -> Any:
    said = system_account.facts.get(field)
    return _BLANKS[field] if said is None else _FIELDS[field].to_python(said[0])
