"""A ranking that scores only what was touched says what one that scores everything says."""

import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone

from customers.models import Account, Contact
from customers.services.identity import accounts_merge, accounts_merge_undo
from customers.services.refresh import customers_refresh
from customers.signals import customers_changed
from feedback.models import FeedbackItem
from feedback.services.imports import import_rows
from feedback.services.items import feedback_ingest
from insights.models import Correction, Membership, Problem, Ranking, Receipt, Touched
from insights.services.bindings import CorrectionRefusedError
from insights.services.corrections import correction_undo, items_move, problem_merge
from insights.services.due import rank_queue
from insights.services.priorities import COLUMNS
from insights.services.ranking import ranking_publish, ranking_refresh
from insights.services.touching import problems_touch
from insights.services.triage import TriageSummary
from tests.factories import make_account, make_record
from tests.insights.conftest import SAID

Drain = Callable[[], TriageSummary]
FIGURES = (
    "rank", "rank_low", "rank_high", "problem_id", "receipt_id", "score", "customers", "contacts", "items",
    "arr_total", "revenue_at_risk", "renewals_90d", "trend_30d", "weekly", "depends_on",
    *COLUMNS,
)  # fmt: skip


def rows(ranking: Ranking) -> list[Any]:
    """All that a snapshot says."""
    return list(ranking.entries.order_by("rank").values_list(*FIGURES))


def whole() -> list[Any]:
    """What scoring everything says, published for the comparison."""
    Ranking.objects.filter(pk=Ranking.objects.latest().pk).update(items=F("items") + 1)
    ranking = ranking_publish()
    assert ranking is not None
    return rows(ranking)


class Life:
    """What may happen to a company, at random."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 (the same life each time)
        self.said = 0

    def happen(self) -> str:
        """Let one thing happen; answers what."""
        things = [
            self.says, self.says, self.rewords, self.corrects, self.moves, self.merges, self.undoes, self.pays,
            self.joins, self.becomes_known, self.changes_role, self.turns_out_the_same, self.answers, self.answers,
            self.estimates,
        ]  # fmt: skip
        thing = self.chance.choice(things)
        thing()
        return thing.__name__

    def account(self) -> Account:
        """Somebody."""
        return self.chance.choice(list(Account.objects.unmerged().order_by("pk")))

    def problem(self) -> Problem:
        """Something that is asked for."""
        return self.chance.choice(list(Problem.objects.live().with_members().order_by("pk")))

    def says(self) -> None:
        self.said += 1
        text = f"{self.chance.choice(SAID[self.chance.choice(list(SAID))])}, {self.said}"
        who = self.chance.choice([self.account().external_id, "X9", f"Y{self.said}"])
        feedback_ingest(records=[make_record(f"new-{self.said}", text, account_id=who, severity="medium")])

    def rewords(self) -> None:
        old, new = self.chance.choice(list(SAID)), self.chance.choice(list(SAID))
        feedback_ingest(records=[make_record(f"{old}-1", SAID[new][2], account_id="A1")])
        # It is ranked where it was before it is read again.
        ranking_refresh()

    def corrects(self) -> None:
        topic = self.chance.choice(list(SAID))
        severity = self.chance.choice(["low", "medium", "high", "blocking"])
        known = FeedbackItem.objects.get(external_id=f"{topic}-0")
        record = make_record(
            known.external_id, SAID[topic][0], severity=severity, account_id=known.account_reference,
            contact_email=known.contact_reference,
        )  # fmt: skip
        feedback_ingest(records=[record])

    def moves(self) -> None:
        item = self.chance.choice(list(FeedbackItem.objects.filter(membership__isnull=False).order_by("pk")))
        items_move(items=[item], target=self.problem(), author=None)

    def merges(self) -> None:
        problem, target = self.problem(), self.problem()
        if problem != target:
            problem_merge(problem=problem, target=target, author=None)

    def undoes(self) -> None:
        last = Correction.objects.binding().last()
        if last is not None:
            correction_undo(correction=last)

    def pays(self) -> None:
        account = self.account()
        account.arr = self.chance.choice([None, Decimal(self.chance.randrange(1000, 900_000))])
        account.save()
        customers_refresh(today=timezone.localdate(), accounts=[account])

    def joins(self) -> None:
        child, parent = self.account(), self.account()
        if child != parent and parent.parent is None and not child.subsidiaries.exists():
            Account.objects.filter(pk=child.pk).update(parent=self.chance.choice([None, parent]))
            customers_refresh(today=timezone.localdate(), accounts=[child])

    def becomes_known(self) -> None:
        if not Account.objects.filter(external_id="X9").exists():
            account = make_account("X9", arr=self.chance.choice([None, 70_000]))
            customers_refresh(today=timezone.localdate(), accounts=[account])

    def answers(self) -> None:
        who = self.chance.choice(
            [
                {"account_id": self.account().external_id},
                {"contact_email": f"buyer@a{self.chance.randrange(3)}.example"},
            ]
        )
        asked = {"importance": str(self.chance.randint(1, 10)), "satisfaction": str(self.chance.randint(1, 10))}
        row = {
            **who, **asked, "answer_id": str(self.chance.randrange(12)), "problem": self.problem().key,
            "asked_on": f"2026-01-{self.chance.randint(1, 9):02}",
        }  # fmt: skip
        assert import_rows(kind="survey_answers", rows=[row], system="survey").refused == 0

    def estimates(self) -> None:
        problem = self.problem()
        problem.effort = self.chance.choice([None, Decimal("0.50"), Decimal("4.00")])
        problem.impact = self.chance.choice([None, Decimal("2.00"), Decimal("0.25")])
        problem.confidence = self.chance.choice([None, 80])
        problem.save()
        problems_touch(problem_ids=[problem.pk])
        rank_queue()

    def changes_role(self) -> None:
        Contact.objects.filter(pk=Contact.objects.order_by("pk")[0].pk).update(
            role=self.chance.choice(["user", "buyer"])
        )
        customers_changed.send(sender=Contact)

    def turns_out_the_same(self) -> None:
        lone = Account.objects.unmerged().filter(parent__isnull=True, subsidiaries__isnull=True).order_by("pk")
        if lone.count() > 2:
            today = timezone.localdate()
            merge = accounts_merge(kept=lone[0], merged=lone[1], by=None, today=today)
            if self.chance.random() < 0.5:
                accounts_merge_undo(merge=merge, by=None, today=today)


@pytest.mark.parametrize("seed", range(5))
def test_after_whatever_happens_it_says_what_scoring_everything_says(
    settings: Any, company: Ranking, drain: Drain, seed: int
) -> None:
    settings.HEARD_ODI_MIN_ANSWERS = 2
    ranking_refresh()
    life = Life(seed)
    happened = []
    for _ in range(14):
        try:
            happened.append(life.happen())
        except CorrectionRefusedError:
            continue
        drain()
        assert not Touched.objects.exists()
        assert rows(Ranking.objects.latest()) == whole(), happened


def test_only_what_was_touched_is_scored_again(company: Ranking, drain: Drain) -> None:
    receipts = set(Receipt.objects.values_list("pk", flat=True))
    feedback_ingest(records=[make_record("new", f"{SAID['dark'][0]} too", account_id="A2")])
    # A change that nobody noted shows that the others were not looked at.
    sso = Problem.objects.get(memberships__item__external_id="sso-0")
    Membership.objects.filter(item__external_id="sso-1").delete()
    drain()
    newest = Ranking.objects.latest()
    assert newest.number == company.number + 1
    assert newest.entries.get(problem=sso).items == 5
    new = Receipt.objects.exclude(pk__in=receipts).get()
    assert new.problem == Problem.objects.get(memberships__item__external_id="new")


def test_the_floor_stays_while_it_is_nearly_right(company: Ranking) -> None:
    assert company.floor == Decimal("400.00")
    middle = Account.objects.get(external_id="A1")
    for arr, floor in (("43000.00", "400.00"), ("45000.00", "450.00"), ("41000.00", "450.00"), ("40000.00", "400.00")):
        Account.objects.filter(pk=middle.pk).update(arr=Decimal(arr))
        customers_refresh(today=timezone.localdate(), accounts=[middle])
        ranking = ranking_refresh()
        assert ranking is not None
        assert ranking.floor == Decimal(floor)


def test_a_failure_leaves_the_notes_for_the_next_one(company: Ranking, monkeypatch: pytest.MonkeyPatch) -> None:
    items_move(
        items=[FeedbackItem.objects.get(external_id="sso-0")],
        target=Problem.objects.get(memberships__item__external_id="dark-0"),
        author=None,
    )
    noted = Touched.objects.count()
    with monkeypatch.context() as patch:
        patch.setattr("insights.services.ranking.ranking_tell", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            ranking_refresh()
    assert Touched.objects.count() == noted > 0
    ranking = ranking_refresh()
    assert ranking is not None
    assert rows(ranking) == whole()


def test_an_item_edited_in_the_admin_shows(company: Ranking, admin_client: Client, drain: Drain) -> None:
    item = FeedbackItem.objects.get(external_id="dark-0")
    form = {
        "kind": item.kind, "severity": "blocking", "language": item.language, "account": item.account_id,
        "contact": item.contact_id, "account_reference": item.account_reference,
        "contact_reference": item.contact_reference, "text_hash": item.text_hash, "attempts": 0,
        "said_at_0": "2026-10-01", "said_at_1": "09:30:00",
    }  # fmt: skip
    assert admin_client.post(f"/admin/feedback/feedbackitem/{item.pk}/change/", form).status_code == 302
    assert Touched.objects.exists()
    drain()
    assert rows(Ranking.objects.latest()) == whole()
