"""From accounts to customers: the families that the score counts, each once."""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from customers.models import Account, JourneyStage
from customers.services.churn import base_rate
from customers.services.families import family_heads
from customers.services.rates import CENT, Converter, converter_on
from insights.engine.score import FACTOR, ONE, UNKNOWN_NEARNESS, Customer, Weights, renewal_nearness

SMALLEST_FLOOR = ONE
# Within a day the median that the floor is taken from stays until it is off by more than this share.
DRIFT = Decimal("0.1")
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
    """A customer with what the ranked list says of it beside its weight. `known` is its value before the floor."""

    customer: Customer
    account_id: int | None
    known: Decimal
    arr: Decimal
    renews_soon: bool

    @property
    def at_risk(self) -> Decimal:
        """Revenue times churn risk, to the cent."""
        return (self.arr * self.customer.churn_risk).quantize(CENT)


@dataclass(frozen=True)
class Defaults:
    """What stands in for facts that nobody knows: the floor, in the base currency, and the churn risk.

    The floor is a share of `median_arr`, what paying accounts usually pay; 0 when none pays.
    """

    floor: Decimal
    median_arr: Decimal
    base_rate: Decimal


class Book:
    """Every customer of the company on one day, in the base currency."""

    def __init__(
        self, *, weights: Weights, today: dt.date, held: Defaults | None = None, among: Collection[int] | None = None
    ) -> None:
        """Read the accounts.

        Args:
            weights: What the floor is a share by.
            today: The day that renewals and rates are looked at.
            held: The defaults of an earlier ranking of the same day. The median stays while it is nearly right, so that
                one account's revenue does not move everybody who has none.
            among: Only the families of these accounts, at the defaults held, which then must be there.
        """
        self._today = today
        self._converter: Converter = converter_on(day=today)
        # Of all families, whatever is read of them.
        self.heads = family_heads()
        accounts = Account.objects.unmerged().only(*FACTS)
        if among is not None:
            wanted = {self.heads[account] for account in among}
            accounts = accounts.filter(pk__in=[account for account, head in self.heads.items() if head in wanted])
        members: dict[int, list[Account]] = {}
        for account in accounts.order_by("pk").iterator(chunk_size=2000):
            members.setdefault(self.heads[account.pk], []).append(account)
        arr = {head: self._arr(family) for head, family in members.items()}
        if held is not None and among is not None:
            self.defaults = held
        else:
            self.defaults = _defaults(arr.values(), weights, held, base_rate(today=today))
        self._families = {head: self._family(head, family, arr[head]) for head, family in members.items()}
        self._unknown: dict[str, Family] = {}

    @property
    def floor(self) -> Decimal:
        """What an account without revenue counts, in the base currency."""
        return self.defaults.floor

    @property
    def currency(self) -> str:
        """The base currency."""
        return self._converter.base

    def family_of(self, account_id: int) -> Family:
        """The family that an account belongs to."""
        return self._families[self.heads[account_id]]

    def fingerprints(self) -> dict[int, str]:
        """For every account that was read, a hash of all that the score takes from its family."""
        by_head = {head: _fingerprint(family) for head, family in self._families.items()}
        return {account: by_head[head] for account, head in self.heads.items() if head in by_head}

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
                self.defaults.base_rate,
                UNKNOWN_NEARNESS,
                ONE,
                defaults=("value", "churn_risk", "renewal_nearness", "fit"),
            )
            self._unknown[key] = Family(customer, None, Decimal("0.00"), Decimal("0.00"), renews_soon=False)
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
        known = arr + self._pipeline(family)
        if known < self.floor:
            defaults.append("value")
        risk = self._mean([(a, a.churn_risk) for a in active])
        fit = self._mean([(a, a.fit) for a in active])
        renewals = [a.renewal_date for a in active if a.renewal_date and a.renewal_date >= self._today]
        nearness = renewal_nearness(min(renewals), today=self._today) if renewals else None
        for factor, fact in (("churn_risk", risk), ("renewal_nearness", nearness), ("fit", fit)):
            if fact is None:
                defaults.append(factor)
        customer = Customer(
            key=f"family:{head}",
            name=name,
            value=max(known, self.floor),
            churn_risk=self.defaults.base_rate if risk is None else risk,
            renewal_nearness=UNKNOWN_NEARNESS if nearness is None else nearness,
            fit=ONE if fit is None else fit,
            defaults=tuple(defaults),
        )
        soon = bool(renewals) and min(renewals) <= self._today + SOON
        return Family(customer, head, known, arr, renews_soon=soon)

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


def floor_at(*, median_arr: Decimal, share: Decimal) -> Decimal:
    """What an account without revenue counts, in the base currency, where paying ones pay so much."""
    return max(median_arr * share, SMALLEST_FLOOR).quantize(CENT)


def _defaults(arr: Iterable[Decimal], weights: Weights, held: Defaults | None, base_rate: Decimal) -> Defaults:
    paying = [amount for amount in arr if amount > 0]
    median_arr = Decimal(median(paying)).quantize(CENT) if paying else Decimal("0.00")
    # The median is held, not the floor: other weights take another share of the same.
    if held is not None and abs(median_arr - held.median_arr) <= held.median_arr * DRIFT:
        median_arr = held.median_arr
    return Defaults(floor_at(median_arr=median_arr, share=weights.free_floor_share), median_arr, base_rate)


def _fingerprint(family: Family) -> str:
    customer = family.customer
    facts = (
        customer.key,
        customer.name,
        customer.value,
        customer.churn_risk,
        customer.renewal_nearness,
        customer.fit,
        customer.defaults,
        family.known,
        family.arr,
        family.renews_soon,
    )
    return hashlib.sha256("\x1f".join(str(fact) for fact in facts).encode()).hexdigest()
