"""Families: the head is right in any tree, and no order of wishes closes a circle."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from customers.models import Account
from customers.services.families import (
    FamilyCycleError,
    ancestor_of,
    family_heads,
    parent_check,
    parents_assign,
)
from customers.services.references import account_links_store
from tests.factories import make_account

# At each place the number of an earlier account, or none: always a forest.
FORESTS = st.lists(st.integers(0, 50), min_size=1, max_size=12).map(
    lambda wishes: [None if at == 0 or wish % 3 == 0 else wish % at for at, wish in enumerate(wishes)]
)


def _head(at: int, forest: list[int | None]) -> int:
    parent = forest[at]
    return at if parent is None else _head(parent, forest)


def _book(size: int) -> list[Account]:
    return [make_account(f"A{n}") for n in range(size)]


def _has_circle(parents: Mapping[int, int | None]) -> bool:
    for first in parents.values():
        at, steps = first, 0
        while at is not None and steps <= len(parents):
            at, steps = parents[at], steps + 1
        if at is not None:
            return True
    return False


class AnyForest(TestCase):
    """Hypothesis needs a rollback around every example."""

    @given(forest=FORESTS, data=st.data())
    def test_every_account_finds_the_head_of_its_family(self, forest: list[int | None], data: st.DataObject) -> None:
        accounts = _book(len(forest))
        order = data.draw(st.permutations(range(len(forest))))
        wanted = {accounts[at].pk: None if (parent := forest[at]) is None else accounts[parent].pk for at in order}
        assert parents_assign(wanted=wanted) == []
        assert family_heads() == {account.pk: accounts[_head(at, forest)].pk for at, account in enumerate(accounts)}

    @given(before=FORESTS, after=FORESTS, data=st.data())
    def test_any_family_can_become_any_other_in_any_order(
        self, before: list[int | None], after: list[int | None], data: st.DataObject
    ) -> None:
        size = min(len(before), len(after))
        accounts = _book(size)
        renamed = data.draw(st.permutations(accounts))
        first = {accounts[at].pk: None if (up := before[at]) is None else accounts[up].pk for at in range(size)}
        second = {renamed[at].pk: None if (up := after[at]) is None else renamed[up].pk for at in range(size)}
        order = data.draw(st.permutations(list(second)))
        assert parents_assign(wanted=first) == []

        assert parents_assign(wanted={account: second[account] for account in order}) == []
        assert dict(Account.objects.values_list("pk", "parent_id")) == second

    @given(wishes=st.lists(st.tuples(st.integers(0, 5), st.none() | st.integers(0, 5)), max_size=12))
    def test_no_wishes_ever_close_a_circle(self, wishes: list[tuple[int, int | None]]) -> None:
        accounts = _book(6)
        for child, parent in wishes:
            wanted = {accounts[child].pk: None if parent is None else accounts[parent].pk}
            account = Account.objects.get(pk=accounts[child].pk)
            account.parent_id = wanted[account.pk]
            refused = parents_assign(wanted=wanted)
            parents = dict(Account.objects.values_list("pk", "parent_id"))
            assert not _has_circle(parents)
            assert refused == ([] if parents[account.pk] == wanted[account.pk] else [account.pk])
            assert bool(refused) == _has_circle({**parents, **wanted})
            if refused:
                with pytest.raises(FamilyCycleError, match="choose another parent"):
                    parent_check(account=account)
            else:
                parent_check(account=account)


@pytest.mark.django_db
def test_wishes_that_close_a_circle_together_are_refused_where_it_closes() -> None:
    first, second, third = _book(3)
    refused = parents_assign(wanted={first.pk: second.pk, second.pk: third.pk, third.pk: first.pk})
    assert refused == [third.pk]
    assert family_heads() == {first.pk: third.pk, second.pk: third.pk, third.pk: third.pk}


@pytest.mark.django_db
def test_a_refused_parent_is_told_by_external_id_and_the_others_are_set() -> None:
    _book(3)
    trouble = account_links_store(system="csv", parents={"A0": "A1", "A1": "A0", "A2": "A9", "A9": "A0"}, resellers={})
    assert [(one.external_id, one.reason.split(";")[0]) for one in trouble] == [
        ("A2", "no account 'A9'"),
        ("A1", "'A0' belongs to this account's own family"),
    ]
    assert Account.objects.get(external_id="A0").parent == Account.objects.get(external_id="A1")


def test_an_account_without_a_parent_is_its_own_family() -> None:
    assert ancestor_of(7, {}) == ancestor_of(7, {7: None}) == 7


@pytest.mark.django_db
def test_a_family_whose_head_is_erased_falls_into_its_parts() -> None:
    head, first, second = _book(3)
    parents_assign(wanted={first.pk: head.pk, second.pk: head.pk})
    head.delete()
    assert family_heads() == {first.pk: first.pk, second.pk: second.pk}
