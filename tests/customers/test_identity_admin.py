"""Deciding about duplicates, and taking decisions back, in the admin."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from customers.models import Account, AccountMerge, DuplicateProposal, DuplicateState
from tests.factories import dump, make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(client: Client) -> Client:
    """A browser in which a superuser is signed in."""
    client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.fixture
def proposals() -> list[DuplicateProposal]:
    """A1 and A2 may be one company, A3 and its subsidiary A4 too."""
    accounts = [make_account(f"A{n}") for n in range(1, 5)]
    Account.objects.filter(pk=accounts[3].pk).update(parent=accounts[2])
    return [
        DuplicateProposal.objects.create(left=accounts[at], right=accounts[at + 1], probability=Decimal("0.9"))
        for at in (0, 2)
    ]


def _act(client: Client, model: str, action: str, rows: Sequence[DuplicateProposal | AccountMerge]) -> list[str]:
    """Run an action on some rows; answers what is said about it."""
    form = {"action": action, "_selected_action": [row.pk for row in rows]}
    answer = client.post(reverse(f"admin:customers_{model}_changelist"), form)
    assert answer.status_code in {200, 302}
    return [str(message) for message in get_messages(answer.wsgi_request)]


@pytest.mark.parametrize(("action", "kept", "merged"), [("merge_into_left", 0, 1), ("merge_into_right", 1, 0)])
def test_a_pair_is_merged_into_the_account_that_was_chosen_and_taken_back(
    action: str, kept: int, merged: int, proposals: list[DuplicateProposal], root: Client
) -> None:
    before = dump("customers", without=("AccountMerge",))
    pair = [proposals[0].left, proposals[0].right]

    said = _act(root, "duplicateproposal", action, proposals[:1])

    assert said == ["1 decided. A merge is taken back under Account merges."]
    merge = AccountMerge.objects.get()
    assert (merge.kept, merge.merged, merge.merged_by) == (pair[kept], pair[merged], User.objects.get())
    assert DuplicateProposal.objects.get(pk=proposals[0].pk).decided_by == User.objects.get()

    assert _act(root, "accountmerge", "take_back", [merge])[-1] == "1 taken back: the accounts are as they were."
    assert dump("customers", without=("AccountMerge",)) == before


def test_what_cannot_be_merged_is_said_and_the_others_are_done(
    proposals: list[DuplicateProposal], root: Client
) -> None:
    said = _act(root, "duplicateproposal", "merge_into_right", proposals)
    assert any("belongs to the family of" in words and "take its parent away first" in words for words in said)
    assert said[-1] == "1 decided. A merge is taken back under Account merges."
    assert AccountMerge.objects.count() == 1

    again = _act(root, "duplicateproposal", "two_companies", proposals)
    assert "This proposal was accepted already." in again
    states = list(DuplicateProposal.objects.order_by("pk").values_list("state", flat=True))
    assert states == [DuplicateState.ACCEPTED, DuplicateState.REJECTED]


def test_several_merges_are_taken_back_at_once_the_newest_first(
    proposals: list[DuplicateProposal], root: Client
) -> None:
    before = dump("customers", without=("AccountMerge",))
    joined = DuplicateProposal.objects.create(
        left=proposals[0].right, right=proposals[1].left, probability=Decimal("0.8")
    )
    for row in (*proposals, joined):
        _act(root, "duplicateproposal", "merge_into_left", [row])
    assert Account.objects.unmerged().count() == 1

    assert _act(root, "accountmerge", "take_back", list(AccountMerge.objects.all()))[-1].startswith("3 taken back")

    joined.delete()
    assert dump("customers", without=("AccountMerge",)) == before


def test_who_may_only_look_decides_nothing(proposals: list[DuplicateProposal], client: Client) -> None:
    user = User.objects.create_user("looker", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(user)
    _act(client, "duplicateproposal", "merge_into_left", proposals)
    assert not AccountMerge.objects.exists()
    user.user_permissions.add(Permission.objects.get(codename="change_account"))
    _act(client, "duplicateproposal", "merge_into_left", proposals)
    assert AccountMerge.objects.count() == 2


def test_the_reasons_of_a_proposal_are_shown(proposals: list[DuplicateProposal], root: Client) -> None:
    proposals[0].reasons = [{"text": "same <b>domain</b>", "points": 3.0}, {"text": "same name", "points": 2.0}]
    proposals[0].save()
    page = root.get(reverse("admin:customers_duplicateproposal_changelist")).text
    assert "same &lt;b&gt;domain&lt;/b&gt;; same name" in page
