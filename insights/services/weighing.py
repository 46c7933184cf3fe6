"""From accounts to customers: the families that the score counts, each once."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from customers.models import Account, JourneyStage
from customers.services.churn import base_rate
from customers.services.families import family_heads
from customers.services.rates import CENT, Converter, converter_on
from insights.engine.score import FACTOR, ONE, UNKNOWN_NEARNESS, Customer, Weights, renewal_nearness

SMALLEST_FLOOR = ONE
# What is read of an account here; its reasons and texts are many times as large.
FACTS = (
    "name",
    "arr",
    "currency",
    "pipeline",
    "win_probability",
    "stage",
    "churned_on",
    "churn_risk",
    "renewal_date",
    "fit",
)
SOON = dt.timedelta(days=90)


@dataclass(frozen=True)
class Family:
    """A customer with what the ranked list says of it beside its weight."""

    customer: Customer
    account_id: int | None
    arr: Decimal
    renews_soon: bool

    @property
    def at_risk(self) -> Decimal:
        """Revenue times churn risk, to the cent."""
        return (self.arr * self.customer.churn_risk).quantize(CENT)


class Book:
    """Every customer of the company on one day, in the base currency."""

    def __init__(self, *, weights: Weights, today: dt.date) -> None:
        self._today = today
        self._converter: Converter = converter_on(day=today)
        self._base_rate = base_rate(today=today)
        self._heads = family_heads()
        members: dict[int, list[Account]] = {}
        for account in Account.objects.unmerged().only(*FACTS).order_by("pk").iterator(chunk_size=2000):
            members.setdefault(self._heads[account.pk], []).append(account)
        arr = {head: self._arr(family) for head, family in members.items()}
        paying = [amount for amount in arr.values() if amount > 0]
        floor = Decimal(median(paying)) * weights.free_floor_share if paying else SMALLEST_FLOOR
        self.floor = max(floor, SMALLEST_FLOOR).quantize(CENT)
        self._families = {head: self._family(head, family, arr[head]) for head, family in members.items()}
        self._unknown: dict[str, Family] = {}

    @property
    def currency(self) -> str:
        """The base currency."""
        return self._converter.base

    def family_of(self, account_id: int) -> Family:
        """The family that an account belongs to."""
        return self._families[self._heads[account_id]]

    def unknown(self, *, account_reference: str, contact_reference: str) -> Family:
        """A stand-in for an account that is not known: it counts at the floor, one for each name that a source gave."""
        if account_reference:
            key, name = f"account:{account_reference}", f"Unknown account {account_reference}"
        elif contact_reference:
            key, name = f"contact:{contact_reference}", "Unknown account of a contact"
        else:
            key, name = "nobody", "No account given"
        if key not in self._unknown:
            customer = Customer(
                key,
                name,
                self.floor,
                self._base_rate,
                UNKNOWN_NEARNESS,
                ONE,
                defaults=("value", "churn_risk", "renewal_nearness", "fit"),
            )
            self._unknown[key] = Family(customer, None, Decimal("0.00"), renews_soon=False)
        return self._unknown[key]

    def _arr(self, family: Iterable[Account]) -> Decimal:
        amounts = (self._converter.to_base(a.arr, a.currency) for a in family if a.arr and not a.churned_on)
        return sum(amounts, Decimal("0.00"))

    def _pipeline(self, family: Iterable[Account]) -> Decimal:
        amounts = (
            self._converter.to_base(account.pipeline * account.win_probability, account.currency)
            for account in family
            if account.stage == JourneyStage.PROSPECT and account.pipeline and account.win_probability
        )
        return sum(amounts, Decimal("0.00"))

    def _family(self, head: int, family: list[Account], arr: Decimal) -> Family:
        name = next(account.name for account in family if account.pk == head)
        active = [account for account in family if not account.churned_on]
        defaults: list[str] = []
        value = arr + self._pipeline(family)
        if value < self.floor:
            value = self.floor
            defaults.append("value")
        risk = self._mean([(a, a.churn_risk) for a in active])
        fit = self._mean([(a, a.fit) for a in active])
        renewals = [a.renewal_date for a in active if a.renewal_date and a.renewal_date >= self._today]
        nearness = renewal_nearness(min(renewals), today=self._today) if renewals else None
        for factor, known in (("churn_risk", risk), ("renewal_nearness", nearness), ("fit", fit)):
            if known is None:
                defaults.append(factor)
        customer = Customer(
            key=f"family:{head}",
            name=name,
            value=value,
            churn_risk=self._base_rate if risk is None else risk,
            renewal_nearness=UNKNOWN_NEARNESS if nearness is None else nearness,
            fit=ONE if fit is None else fit,
            defaults=tuple(defaults),
        )
        soon = bool(renewals) and min(renewals) <= self._today + SOON
        return Family(customer, head, arr, renews_soon=soon)

    def _mean(self, known: list[tuple[Account, Decimal | None]]) -> Decimal | None:
        """The mean over a family's members, weighted by revenue; an account without revenue weighs one unit."""
        weighted = [
            (max(self._converter.to_base(account.arr or Decimal(0), account.currency), ONE), fact)
            for account, fact in known
            if fact is not None
        ]
        if not weighted:
            return None
        total = sum((weight for weight, _ in weighted), Decimal(0))
        return (sum((weight * fact for weight, fact in weighted), Decimal(0)) / total).quantize(FACTOR)
