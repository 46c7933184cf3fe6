"""Making two accounts one company, and taking that back bit for bit."""

from contextlib import suppress
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from customers.models import Account, AccountMerge, DuplicateProposal, DuplicateState
from customers.services.accounts import account_edit
from customers.services.activity import nps_store, usage_store
from customers.services.families import FamilyCycleError, family_heads, parent_check
from customers.services.identity import (
    MergeRefusedError,
    accounts_merge,
    accounts_merge_undo,
    duplicate_accept,
    duplicate_reject,
)
from customers.services.provenance import provenance
from customers.services.refresh import customers_refresh
from customers.sources.activity import NpsRecord, UsageRecord
from feedback.models import FeedbackItem
from feedback.services.items import feedback_ingest
from insights.engine.score import Weights
from insights.services.weighing import Book
from tests.customers.words import DAY, facts_of, say
from tests.factories import dump, make_account, make_contact, make_item, make_record

pytestmark = pytest.mark.django_db


def _account(external_id: str) -> Account:
    return Account.objects.get(external_id=external_id)


def _merge(kept: str, merged: str) -> AccountMerge:
    return accounts_merge(kept=_account(kept), merged=_account(merged), by=None, today=DAY)


def _undo(merge: AccountMerge) -> None:
    accounts_merge_undo(merge=merge, by=None, today=DAY)


def _stored() -> dict[str, list[dict[str, object]]]:
    """What is known of customers, but for the record of who was merged and what was proposed."""
    return dump("customers", without=("AccountMerge", "DuplicateProposal"))


def _describe() -> None:
    """Four accounts, each as one system describes it, with everything that can hang on an account."""
    say("crm", "C1", plan="Pro", arr="100", currency="USD", owner="Al", health_score=20, contract_start="2025-01-01")
    say(
        "billing", "B1", days=1, plan="Team", arr="90", currency="EUR", seats=100, active_seats=40, lifetime_value="700"
    )
    say("app", "P1", days=2, seats=50, active_seats=30, churned_on="2026-01-31", nps="-20", domain="one.example")
    say("crm", "C2", days=3, parent_id="C1", fit="0.7", fit_reasons="too small", tenure_months=3)
    make_contact(_account("B1"))
    usage_store(records=[UsageRecord("C1", DAY, 10, 4)], system="app", today=DAY)
    nps_store(records=[NpsRecord("B1", "N1", DAY, 10, "")], system="survey", today=DAY)
    customers_refresh(today=DAY)


def _by_name() -> dict[str, list[dict[str, object]]]:
    """What is known of customers and what they said, by the names of accounts and without times: for two books."""
    customers_refresh(today=DAY)
    names = dict(Account.objects.values_list("pk", "external_id"))
    tables = dump("customers", without=("AccountMerge", "AccountState"))
    tables["FeedbackItem"] = [dict(row) for row in FeedbackItem.objects.values("external_id", "account_id")]
    own = {"id", "created_at", "updated_at"}
    return {
        table: [
            {key: names.get(value) if key == "account_id" else value for key, value in row.items() if key not in own}
            for row in rows
        ]
        for table, rows in tables.items()
    }


@pytest.fixture
def book() -> None:
    """Four accounts as their systems describe them."""
    _describe()


def _proposal(kept: str, merged: str) -> DuplicateProposal:
    left, right = sorted([_account(kept), _account(merged)], key=lambda account: account.pk)
    return DuplicateProposal.objects.create(left=left, right=right, probability=Decimal("0.9"))


@pytest.mark.usefixtures("book")
def test_a_company_has_the_facts_of_all_its_systems() -> None:
    merge = _merge("C1", "B1")

    assert facts_of("C1", "plan", "arr", "currency", "owner") == ("Team", 90, "EUR", "Al")
    assert {word.system for word in provenance(account=_account("C1"))} == {"crm", "billing", "usage", "nps"}
    assert (_account("B1").company, _account("C1").company) == (_account("C1"), _account("C1"))
    assert (merge.kept, merge.merged) == (_account("C1"), _account("B1"))


@pytest.mark.usefixtures("book")
def test_a_merge_writes_to_the_two_accounts_and_nothing_else() -> None:
    before = _stored()
    _merge("C1", "B1")
    after = _stored()
    assert {table for table in before if before[table] != after[table]} == {"Account"}
    accounts = zip(before["Account"], after["Account"], strict=True)
    changed = {old["external_id"]: {field for field in old if old[field] != new[field]} for old, new in accounts}
    assert changed["B1"] == {"merged_into_id"}
    assert {account for account, fields in changed.items() if fields} == {"B1", "C1"}


@pytest.mark.usefixtures("book")
@pytest.mark.parametrize(("kept", "merged"), [("C1", "B1"), ("B1", "C1"), ("C1", "C2"), ("P1", "C2"), ("C2", "P1")])
def test_a_merge_taken_back_leaves_every_byte_as_it_was(kept: str, merged: str) -> None:
    before = _stored()
    merge = _merge(kept, merged)
    assert _stored() != before
    _undo(merge)
    assert _stored() == before


@pytest.mark.usefixtures("book")
def test_merges_inside_merges_are_taken_back_one_by_one() -> None:
    states = [_stored()]
    merges = [_merge("B1", "P1")]
    states.append(_stored())
    merges.append(_merge("C1", "B1"))
    assert {account.company for account in Account.objects.exclude(external_id="C2")} == {_account("C1")}

    with pytest.raises(MergeRefusedError, match=r"has since become part of .*: take that merge back first"):
        _undo(merges[0])
    for merge in reversed(merges):
        _undo(merge)
        assert _stored() == states.pop()


@pytest.mark.usefixtures("book")
def test_of_two_merges_into_one_account_either_can_be_taken_back_first() -> None:
    before = _stored()
    first = _merge("C1", "B1")
    alone = _stored()
    second = _merge("C1", "P1")
    _undo(first)
    assert facts_of("C1", "owner", "domain", "lifetime_value") == ("Al", "one.example", None)
    _undo(second)
    assert _stored() == before
    assert alone != before


@pytest.mark.usefixtures("book")
def test_what_was_said_while_two_accounts_were_one_stays_with_the_account_it_was_said_of() -> None:
    """Undone, the book is what it would be had nobody ever merged anything."""

    def speak() -> None:
        say("crm", "C1", days=10, plan="Enterprise", arr="1000", currency="USD")
        say("billing", "B1", days=10, plan="Solo", arr="9", currency="EUR")
        say("app", "P1", days=10, stage="adopting", nps=70)
        usage_store(records=[UsageRecord("B1", DAY, 10, 9)], system="app", today=DAY)
        nps_store(records=[NpsRecord("P1", "N2", DAY, 0, "")], system="survey", today=DAY)
        account = _account("B1")
        account.owner = "Typed"
        account_edit(account=account, changed=["owner"], today=DAY)
        make_item("F1", account_id="B1", source="billing")

    merges = [_merge("C1", "B1"), _merge("C1", "P1")]
    speak()
    assert facts_of("C1", "plan", "owner") == ("Enterprise", "Typed")
    for merge in merges:
        _undo(merge)
    undone = _by_name()

    FeedbackItem.objects.all().delete()
    AccountMerge.objects.all().delete()
    Account.objects.all().delete()
    _describe()
    speak()
    assert undone == _by_name()


@pytest.mark.usefixtures("book")
def test_what_cannot_be_merged_is_refused_with_its_reason() -> None:
    before = _stored()
    with pytest.raises(MergeRefusedError, match="are one company already"):
        _merge("C1", "C1")
    Account.objects.filter(external_id="C2").update(parent=_account("C1"))
    Account.objects.filter(external_id="P1").update(parent=_account("C2"))
    for below in ("C2", "P1"):
        with pytest.raises(MergeRefusedError, match=r"belongs to the family of .*: take its parent away first"):
            _merge(below, "C1")
    Account.objects.filter(external_id__in=["C2", "P1"]).update(parent=None)
    assert _stored() == before

    merge = _merge("C1", "B1")
    for one, other in (("B1", "C1"), ("C1", "B1")):
        with pytest.raises(MergeRefusedError, match="are one company already"):
            _merge(one, other)
    _undo(merge)
    with pytest.raises(MergeRefusedError, match="was taken back already"):
        _undo(merge)
    assert _stored() == before


@pytest.mark.usefixtures("book")
def test_merging_into_a_merged_account_merges_into_its_company() -> None:
    _merge("C1", "B1")
    merge = _merge("B1", "P1")
    assert merge.kept == _account("C1")
    assert _account("P1").company == _account("C1")


@pytest.mark.usefixtures("book")
def test_a_parent_may_be_merged_with_its_subsidiary() -> None:
    Account.objects.filter(external_id="C2").update(parent=_account("C1"))
    _merge("C1", "C2")
    assert len(set(family_heads().values())) == 3


@pytest.mark.usefixtures("book")
def test_a_merge_is_not_taken_back_into_a_circle_of_parents() -> None:
    """While merged, an account's own parent counts for nothing, so that the parent may come to stand below it."""
    Account.objects.filter(external_id="B1").update(parent=_account("P1"))
    merge = _merge("C1", "B1")
    parent = _account("P1")
    parent.parent = _account("B1")
    parent_check(account=parent)
    parent.save()
    before = _stored()

    with pytest.raises(MergeRefusedError, match="now belongs to the family of"):
        _undo(merge)

    assert _stored() == before
    Account.objects.filter(external_id="P1").update(parent=None)
    _undo(merge)
    assert _account("B1").company == _account("B1")


def test_an_account_below_a_merged_one_is_below_its_company() -> None:
    for name in ("A1", "A2", "A3"):
        make_account(name)
    Account.objects.filter(external_id="A3").update(parent=_account("A2"))
    _merge("A1", "A2")
    assert set(family_heads().values()) == {_account("A1").pk}
    account = _account("A1")
    account.parent = _account("A3")
    with pytest.raises(FamilyCycleError, match="choose another parent"):
        parent_check(account=account)


@pytest.mark.usefixtures("book")
def test_feedback_and_people_of_a_merged_account_count_for_the_company() -> None:
    item = make_item("F1", account_id="B1", contact_email="ann@one.example")
    _merge("C1", "B1")
    feedback_ingest(records=[make_record("F2", account_id="B1")])

    book = Book(weights=Weights(), today=DAY)

    families = {book.family_of(account.pk).customer.key for account in (_account("B1"), _account("C1"))}
    assert families == {f"family:{_account('C1').pk}"}
    accounts = {found.account for found in FeedbackItem.objects.all()}
    assert accounts == {item.account} == {_account("B1")}


def test_a_proposal_is_accepted_once_and_opened_again_when_the_merge_is_taken_back() -> None:
    make_account("A1")
    make_account("A2")
    proposal, user = _proposal("A1", "A2"), User.objects.create_user("sam")

    merge = duplicate_accept(proposal=proposal, kept=_account("A2"), by=user, today=DAY)

    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by) == (DuplicateState.ACCEPTED, user)
    assert proposal.decided_at is not None
    assert (merge.kept, merge.merged, merge.merged_by) == (_account("A2"), _account("A1"), user)
    for decide in (
        lambda: duplicate_accept(proposal=proposal, kept=_account("A1"), by=user, today=DAY),
        lambda: duplicate_reject(proposal=proposal, by=user),
    ):
        with pytest.raises(MergeRefusedError, match="was accepted already"):
            decide()

    accounts_merge_undo(merge=merge, by=user, today=DAY)
    proposal.refresh_from_db()
    merge.refresh_from_db()
    opened = DuplicateProposal.objects.open().get()
    assert (opened, opened.decided_at, opened.decided_by) == (proposal, None, None)
    assert (merge.undone_by, merge.undone_at is not None) == (user, True)


def test_a_rejected_proposal_stays_rejected_whatever_is_merged_and_taken_back() -> None:
    make_account("A1")
    make_account("A2")
    proposal = _proposal("A1", "A2")
    duplicate_reject(proposal=proposal, by=None)
    _undo(_merge("A1", "A2"))
    proposal.refresh_from_db()
    assert proposal.state == DuplicateState.REJECTED
    with pytest.raises(MergeRefusedError, match="was rejected already"):
        duplicate_reject(proposal=proposal, by=None)


def test_a_proposal_about_parts_of_companies_is_opened_again_with_the_merge_that_it_made() -> None:
    for name in ("A1", "A2", "A3"):
        make_account(name)
    first, second = _proposal("A1", "A2"), _proposal("A2", "A3")
    kept = duplicate_accept(proposal=first, kept=_account("A1"), by=None, today=DAY)
    joined = duplicate_accept(proposal=second, kept=_account("A2"), by=None, today=DAY)
    assert (joined.kept, joined.merged) == (_account("A1"), _account("A3"))

    _undo(joined)

    states = [DuplicateProposal.objects.get(pk=each.pk).state for each in (first, second)]
    assert states == [DuplicateState.ACCEPTED, DuplicateState.OPEN]
    _undo(kept)
    assert not DuplicateProposal.objects.exclude(state=DuplicateState.OPEN).exists()


def test_a_proposal_that_cannot_be_merged_stays_open() -> None:
    make_account("A1")
    Account.objects.create(external_id="A2", name="Two", parent=_account("A1"))
    proposal = _proposal("A1", "A2")
    with pytest.raises(MergeRefusedError, match="take its parent away first"):
        duplicate_accept(proposal=proposal, kept=_account("A2"), by=None, today=DAY)
    proposal.refresh_from_db()
    assert proposal.state == DuplicateState.OPEN
    assert not AccountMerge.objects.exists()


FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "plan": st.sampled_from(["Pro", "Team"]),
        "owner": st.sampled_from(["Al", "Bo"]),
        "arr": st.sampled_from(["5", "7.50"]),
        "seats": st.sampled_from(["3", "9"]),
        "active_seats": st.sampled_from(["2", "3"]),
        "health_score": st.sampled_from(["10", "90"]),
        "churned_on": st.just("2026-01-31"),
    },
)
STEPS = st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 4)), max_size=12)


def _refused(merge: AccountMerge) -> bool:
    """Take a merge back if that can be done."""
    try:
        _undo(merge)
    except MergeRefusedError:
        return True
    return False


class AnyMerges(TestCase):
    """Hypothesis needs a rollback around every example."""

    @given(facts=st.lists(FIELDS, min_size=5, max_size=5), parents=st.lists(st.integers(0, 4), max_size=3), steps=STEPS)
    @settings(max_examples=40)
    def test_any_merges_taken_back_in_any_order_leave_every_byte_as_it_was(
        self, facts: list[dict[str, str]], parents: list[int], steps: list[tuple[bool, int, int]]
    ) -> None:
        for number, values in enumerate(facts):
            say("crm", f"A{number}", days=number, **values)
        for child, parent in enumerate(parents):
            if parent > child:
                Account.objects.filter(external_id=f"A{child}").update(parent=_account(f"A{parent}"))
        customers_refresh(today=DAY)
        before, standing = _stored(), list[AccountMerge]()
        for undo, one, other in steps:
            if undo:
                standing = [merge for at, merge in enumerate(standing) if at != one or _refused(merge)]
            else:
                with suppress(MergeRefusedError):
                    standing.append(_merge(f"A{one}", f"A{other}"))
            merged = Account.objects.filter(merged_into__isnull=False)
            assert merged.count() == len(standing)
            assert not merged.filter(merged_into__merged_into__isnull=False).exists()
        while standing:
            undone = [merge for merge in standing if not _refused(merge)]
            assert undone, "whatever stands, some merge can be taken back"
            standing = [merge for merge in standing if merge not in undone]
        assert _stored() == before
