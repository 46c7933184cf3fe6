"""Totals count each family once, whatever is merged into what."""

import datetime as dt
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from customers.models import Account
from customers.services.families import parents_assign
from customers.services.identity import MergeRefusedError, accounts_merge, accounts_merge_undo
from insights.engine.score import Weights
from insights.services.weighing import Book
from tests.customers.words import say
from tests.factories import make_account

DAY = dt.date(2026, 3, 1)
ACCOUNTS = st.lists(
    st.tuples(st.none() | st.decimals(0, 1000, places=2), st.integers(0, 9), st.booleans(), st.booleans()),
    min_size=1,
    max_size=8,
)
MERGES = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.booleans()), max_size=5)


def _total() -> Decimal:
    """The revenue of every family once."""
    book = Book(weights=Weights(), today=DAY)
    families = {
        book.family_of(account.pk).customer.key: book.family_of(account.pk) for account in Account.objects.all()
    }
    return sum((family.arr for family in families.values()), Decimal(0))


def _paid() -> Decimal:
    companies = Account.objects.filter(merged_into__isnull=True, churned_on__isnull=True)
    return sum((account.arr or Decimal(0) for account in companies), Decimal(0))


class AnyBook(TestCase):
    """Hypothesis needs a rollback around every example."""

    @given(accounts=ACCOUNTS, merges=MERGES)
    @settings(max_examples=60)
    def test_the_revenue_of_all_families_is_the_revenue_of_all_companies(
        self, accounts: list[tuple[Decimal | None, int, bool, bool]], merges: list[tuple[int, int, bool]]
    ) -> None:
        known: list[Account] = []
        for number, (arr, parent, churned, described) in enumerate(accounts):
            left = "2026-01-31" if churned else ""
            if described:
                say("crm", f"A{number}", arr="" if arr is None else str(arr), churned_on=left)
            else:
                stage = {"stage": "churned", "churned_on": dt.date(2026, 1, 31)} if churned else {}
                make_account(f"A{number}", arr=arr, **stage)
            known.append(Account.objects.get(external_id=f"A{number}"))
            parents_assign(wanted={known[-1].pk: known[parent].pk if parent < number else None})
        assert _total() == _paid()
        for kept, merged, undo in merges:
            with suppress(MergeRefusedError):
                merge = accounts_merge(
                    kept=known[kept % len(known)], merged=known[merged % len(known)], by=None, today=DAY
                )
                assert _total() == _paid()
                if undo:
                    accounts_merge_undo(merge=merge, by=None, today=DAY)
                    assert _total() == _paid()


@pytest.mark.django_db
def test_a_merged_account_adds_nothing_to_the_revenue_of_its_company() -> None:
    kept, merged = make_account("A1", arr=Decimal(100)), make_account("A2", arr=Decimal(70))
    assert _total() == 170
    accounts_merge(kept=kept, merged=merged, by=None, today=DAY)
    assert _total() == 100


@pytest.mark.django_db
def test_a_reseller_keeps_its_revenue_and_its_customers_keep_theirs() -> None:
    reseller = make_account("A1", arr=Decimal(100))
    sold = make_account("A2", arr=Decimal(70), reseller=reseller)
    book = Book(weights=Weights(), today=DAY)
    assert [book.family_of(account.pk).arr for account in (reseller, sold)] == [100, 70]
