"""Why a score moved: the difference between two snapshots, split into causes that sum to it to the cent.

Sequential substitution (the accounting of a price-volume-mix bridge): for each customer that both snapshots hold, the
facts of the older one are replaced by those of the newer one cause by cause, in the order of `Cause`, and the amount
is worked out again after each. What a step changes is that cause's share. The steps telescope, so the shares sum to the
difference whatever the rounding. A customer that only one snapshot holds counts whole under one cause.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from insights.engine.score import Ask, Customer, Weights, score_problem

NOTHING = Decimal("0.00")


class Cause(StrEnum):
    """What can move a score, in the order in which it is told."""

    NEW_CUSTOMERS = "new_customers"
    LOST_CUSTOMERS = "lost_customers"
    REGROUPING = "regrouping"
    ITEMS = "items"
    AGEING = "ageing"
    VALUE = "value"
    CHURN_RISK = "churn_risk"
    FIT = "fit"
    WEIGHTS = "weights"


@dataclass(frozen=True)
class DatedAsk:
    """One item of one customer about one problem, with the day on which it was said."""

    item: int
    said_on: dt.date
    severity: str
    role: str
    influence: Decimal | None = None

    def on(self, day: dt.date, *, customer: str) -> Ask:
        """The ask as the score sees it on a day."""
        return Ask(customer, self.severity, self.role, max((day - self.said_on).days, 0), self.influence)


@dataclass(frozen=True)
class Holding:
    """One customer's line in a receipt, with the asks behind it."""

    customer: Customer
    asks: tuple[DatedAsk, ...]
    amount: Decimal


@dataclass(frozen=True)
class Standing:
    """How one problem stood in one snapshot. `holdings` by the customer's key, none where it was not ranked."""

    day: dt.date
    weights: Weights
    holdings: Mapping[str, Holding]

    @property
    def score(self) -> Decimal:
        """The sum of the amounts."""
        return sum((holding.amount for holding in self.holdings.values()), NOTHING)


@dataclass(frozen=True)
class Share:
    """What one cause moved, and the names of the customers through whom, the largest share first."""

    cause: Cause
    amount: Decimal
    customers: tuple[str, ...]


@dataclass(frozen=True)
class _State:
    """One customer's side of a problem between two snapshots."""

    customer: Customer
    asks: tuple[DatedAsk, ...]
    day: dt.date
    weights: Weights

    @property
    def amount(self) -> Decimal:
        key = self.customer.key
        asks = [ask.on(self.day, customer=key) for ask in self.asks]
        return score_problem(asks, {key: self.customer}, self.weights).total


def customers_with_more(before: Standing, after: Standing) -> set[str]:
    """Keys of the customers who have an item in the newer standing that the problem lacked in the older one."""
    known = _items(before)
    return {key for key, holding in after.holdings.items() if any(ask.item not in known for ask in holding.asks)}


def movement(
    before: Standing, after: Standing, *, counted_before: Collection[int], counted_after: Collection[int]
) -> tuple[Share, ...]:
    """Every cause with its share, in the order of `Cause`; the shares sum to the difference of the two scores.

    `counted_before` and `counted_after` hold the items that the older and the newer snapshot count under other
    problems: an item that arrived and was counted before was regrouped, it is not new. So was one that changed the
    customer within the problem.
    """
    counted_before = {*counted_before, *_items(before)}
    counted_after = {*counted_after, *_items(after)}
    shares: dict[Cause, dict[str, Decimal]] = {cause: {} for cause in Cause}
    names: dict[str, str] = {}
    for key in before.holdings.keys() | after.holdings.keys():
        old, new = before.holdings.get(key), after.holdings.get(key)
        if old is not None and new is not None:
            first = _State(old.customer, _kept(old, new, counted_before, counted_after), before.day, before.weights)
            split = _split(first, old, new, after)
        elif new is not None:
            regrouped = any(ask.item in counted_before for ask in new.asks)
            split = {Cause.REGROUPING if regrouped else Cause.NEW_CUSTOMERS: new.amount}
        else:
            old = before.holdings[key]
            regrouped = any(ask.item in counted_after for ask in old.asks)
            split = {Cause.REGROUPING if regrouped else Cause.LOST_CUSTOMERS: -old.amount}
        names[key] = (after.holdings if new else before.holdings)[key].customer.name
        for cause, amount in split.items():
            if amount:
                shares[cause][key] = amount
    return tuple(_share(cause, amounts, names) for cause, amounts in shares.items())


def _split(first: _State, old: Holding, new: Holding, after: Standing) -> dict[Cause, Decimal]:
    """The causes of one customer that both snapshots hold."""
    replaced_risk = replace(new.customer, fit=old.customer.fit)
    replaced_value = replace(old.customer, value=new.customer.value)
    states = {
        Cause.REGROUPING: first,
        Cause.ITEMS: replace(first, asks=new.asks),
        Cause.AGEING: replace(first, asks=new.asks, day=after.day),
        Cause.VALUE: replace(first, asks=new.asks, day=after.day, customer=replaced_value),
        Cause.CHURN_RISK: replace(first, asks=new.asks, day=after.day, customer=replaced_risk),
        Cause.FIT: replace(first, asks=new.asks, day=after.day, customer=new.customer),
    }
    split, state, amount = {}, _State(old.customer, old.asks, first.day, first.weights), old.amount
    for cause, following in states.items():
        # Most customers only age between two snapshots: what is the same is not worked out again.
        moved = following.amount if following != state else amount
        split[cause] = moved - amount
        state, amount = following, moved
    return {**split, Cause.WEIGHTS: new.amount - amount}


def _kept(
    old: Holding, new: Holding, counted_before: Collection[int], counted_after: Collection[int]
) -> tuple[DatedAsk, ...]:
    """The old asks without those that went to other problems, with those that came from there."""
    items_then, items_now = {ask.item for ask in old.asks}, {ask.item for ask in new.asks}
    staying = (ask for ask in old.asks if ask.item in items_now or ask.item not in counted_after)
    joined = (ask for ask in new.asks if ask.item not in items_then and ask.item in counted_before)
    return (*staying, *joined)


def _items(standing: Standing) -> set[int]:
    return {ask.item for holding in standing.holdings.values() for ask in holding.asks}


def _share(cause: Cause, amounts: Mapping[str, Decimal], names: Mapping[str, str]) -> Share:
    largest_first = sorted(amounts, key=lambda key: (-abs(amounts[key]), key))
    return Share(cause, sum(amounts.values(), NOTHING), tuple(names[key] for key in largest_first))
