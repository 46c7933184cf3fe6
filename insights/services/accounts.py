"""What to know of an account before acting: who it is, what it is worth, what it asked for, how it stands."""

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Max, Q, Window
from django.utils import timezone

from customers.models import Account, AccountState, Contact, NpsAnswer
from customers.services.families import family_members
from customers.services.provenance import Said, provenance
from customers.services.rates import Converter, MissingRateError, converter_on
from customers.services.references import accounts_find
from feedback.models import FeedbackItem, ItemState, Severity
from insights.models import Membership, Ranking, RankingEntry, ReceiptLine, Status

CONTACTS_SHOWN = SUBSIDIARIES_SHOWN = TICKETS_SHOWN = 25
PROBLEMS_SHOWN = 100
SETTLED = (Status.SHIPPED, Status.DECLINED)
PROMISED = (Status.PLANNED, Status.IN_PROGRESS)
OPEN_TICKETS = Q(kind__in=("ticket", "complaint")) & (
    Q(membership__isnull=True) | ~Q(membership__problem__status__in=SETTLED)
)


@dataclass(frozen=True)
class Asked:
    """A problem that the account asked about, and where it stands."""

    key: str
    title: str
    status: str
    status_label: str
    items: int
    blocking: bool
    last_said_at: dt.datetime
    rank: int | None
    # What the account's family adds to the problem's score; None while it is not ranked.
    amount: Decimal | None


@dataclass(frozen=True)
class Dossier:
    """Everything about one company, amounts in the base currency where it says so, else in the account's own."""

    account: Account
    today: dt.date
    # The snapshot that ranks and amounts are from.
    ranking: Ranking | None
    base: str
    arr: Decimal | None
    head: Account
    family_arr: Decimal
    subsidiaries: Sequence[Account]
    subsidiary_count: int
    also_known_as: Sequence[Account]
    contacts: Sequence[Contact]
    contact_count: int
    asked: Sequence[Asked]
    asked_count: int
    unplaced_count: int
    tickets: Sequence[FeedbackItem]
    ticket_count: int
    states: Sequence[AccountState]
    state_arr: Sequence[Decimal | None]
    last_nps: NpsAnswer | None
    said: Sequence[Said] = field(repr=False)

    @property
    def renewal_in_days(self) -> int | None:
        """Days until the renewal; negative when the date has passed."""
        return (self.account.renewal_date - self.today).days if self.account.renewal_date else None

    @property
    def log_odds(self) -> float:
        """What the reasons of the churn risk add up to."""
        return math.fsum(reason["points"] for reason in self.account.churn_reasons)

    @property
    def at_risk(self) -> Decimal | None:
        """Revenue times churn risk, in the base currency, to the cent."""
        if self.arr is None or self.account.churn_risk is None:
            return None
        return (self.arr * self.account.churn_risk).quantize(Decimal("0.01"))

    @property
    def open_blocking(self) -> list[Asked]:
        """Problems that hold the account up and are not settled."""
        return [asked for asked in self.asked if asked.blocking and asked.status not in SETTLED]

    @property
    def promises(self) -> list[Asked]:
        """Problems that the account asked about and that are planned or in progress."""
        return [asked for asked in self.asked if asked.status in PROMISED]

    @property
    def shipped(self) -> list[Asked]:
        """Problems that the account asked about and that are done."""
        return [asked for asked in self.asked if asked.status == Status.SHIPPED]


def account_find(*, reference: str) -> Account | None:
    """The company known by an id of ours or of any system."""
    if "\x00" in reference:
        return None
    found = accounts_find(references=[reference])
    if reference not in found:
        return None
    known = Account.objects.select_related("parent", "reseller", "merged_into__parent", "merged_into__reseller")
    return known.get(pk=found[reference]).company


def account_dossier(*, account: Account) -> Dossier:
    """Read all there is to know, in a number of queries that does not grow with the account."""
    today = timezone.localdate()
    converter = converter_on(day=today)
    family = family_members(account=account.pk)
    members = {member.pk: member for member in Account.objects.filter(pk__in=family.everyone)}
    below = [members[pk] for pk in family.below if members[pk].merged_into_id is None]
    also = [member for member in members.values() if member.merged_into_id == account.pk]
    company = [account.pk, *(member.pk for member in also)]
    asking = Q(item__account__in=company) | Q(item__account__isnull=True, item__contact__account__in=company)
    ranking = Ranking.objects.first()
    asked, asked_count = _asked(asking, family.head, ranking)
    theirs = Q(account__in=company) | Q(account__isnull=True, contact__account__in=company)
    tickets = (
        FeedbackItem.objects.filter(theirs)
        .filter(OPEN_TICKETS)
        .select_related("contact", "source", "membership__problem")
    )
    counts = FeedbackItem.objects.filter(theirs).aggregate(
        unplaced=Count("pk", filter=Q(state=ItemState.UNPLACED)), tickets=Count("pk", filter=OPEN_TICKETS)
    )
    people = Contact.objects.filter(account__in=company).annotate(everyone=Window(Count("pk")))
    contacts = list(people.order_by("role", "email")[:CONTACTS_SHOWN])
    states = list(AccountState.objects.filter(account=account).order_by("recorded_on", "pk"))
    return Dossier(
        account=account,
        today=today,
        ranking=ranking,
        base=converter.base,
        arr=_in_base(converter, account.arr, account.currency),
        head=members[family.head],
        family_arr=_family_arr(converter, members.values()),
        subsidiaries=below[:SUBSIDIARIES_SHOWN],
        subsidiary_count=len(below),
        also_known_as=also,
        contacts=contacts,
        contact_count=contacts[0].everyone if contacts else 0,
        asked=asked,
        asked_count=asked_count,
        unplaced_count=counts["unplaced"],
        tickets=list(tickets[:TICKETS_SHOWN]),
        ticket_count=counts["tickets"],
        states=states,
        state_arr=[_in_base(converter, state.arr, state.currency) for state in states],
        last_nps=NpsAnswer.objects.filter(account__in=company).order_by("-answered_on", "-pk").first(),
        said=provenance(account=account),
    )


def _asked(asking: Q, head: int, ranking: Ranking | None) -> tuple[list[Asked], int]:
    """The problems asked about, those that weigh most first, and how many there are."""
    rows = (
        Membership.objects.filter(asking)
        .values("problem_id", "problem__title", "problem__status")
        .annotate(
            items=Count("pk"),
            last_said_at=Max("item__said_at"),
            blocking=Count("pk", filter=Q(item__severity=Severity.BLOCKING)),
        )
        .order_by()
    )
    found = list(rows)
    problems = [row["problem_id"] for row in found]
    entries = RankingEntry.objects.filter(ranking=ranking, problem__in=problems)
    ranks: dict[int, tuple[int, int]] = {
        problem: (rank, receipt) for problem, rank, receipt in entries.values_list("problem_id", "rank", "receipt_id")
    }
    receipts = [receipt for _, receipt in ranks.values()]
    amounts: Mapping[int, Decimal] = dict(
        ReceiptLine.objects.filter(receipt__in=receipts, account=head).values_list("receipt_id", "amount")
    )
    asked = []
    for row in found:
        rank, receipt = ranks.get(row["problem_id"], (None, None))
        asked.append(
            Asked(
                key=f"P-{row['problem_id']}",
                title=row["problem__title"],
                status=row["problem__status"],
                status_label=Status(row["problem__status"]).label,
                items=row["items"],
                blocking=bool(row["blocking"]),
                last_said_at=row["last_said_at"],
                rank=rank,
                amount=amounts.get(receipt) if receipt is not None else None,
            )
        )
    asked.sort(key=lambda one: (-(one.amount or Decimal(0)), one.key))
    return asked[:PROBLEMS_SHOWN], len(asked)


def _in_base(converter: Converter, amount: Decimal | None, currency: str) -> Decimal | None:
    """None for an unknown amount, and for one in a currency without a rate."""
    if amount is None:
        return None
    try:
        return converter.to_base(amount, currency)
    except MissingRateError:
        return None


def _family_arr(converter: Converter, members: Iterable[Account]) -> Decimal:
    amounts = (
        _in_base(converter, member.arr, member.currency)
        for member in members
        if member.merged_into_id is None and not member.churned_on
    )
    return sum((amount for amount in amounts if amount is not None), Decimal("0.00"))
