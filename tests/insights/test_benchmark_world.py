"""The made-up world that benchmarks run in."""

from collections.abc import Callable

import pytest

from customers.models import Account, ExchangeRate
from feedback.models import FeedbackItem, ItemState, Source
from insights.models import Embedding, Membership, Problem, Run, Theme
from insights.services.benchmark_world import WorldRefusedError, benchmark_world_create
from insights.services.ranking import ranking_publish
from insights.services.receipts import receipts_check
from insights.services.triage import TriageSummary, regroup_is_due
from tests.factories import make_account, make_item


def _facts() -> list[tuple[object, ...]]:
    names = ("text", "severity", "account__name", "account__arr", "contact__email", "membership__confidence")
    return [*FeedbackItem.objects.order_by("pk").values_list(*names)]


def test_a_world_has_what_was_asked_for_and_can_be_ranked(db: None) -> None:
    world = benchmark_world_create(items=400, problems=30, accounts=50)
    assert (world.items, world.placed, world.problems, len(world.texts)) == (400, 380, 30, 30)
    assert FeedbackItem.objects.state_counts() == {ItemState.PLACED: 380, ItemState.UNPLACED: 20}
    assert Account.objects.filter(parent__isnull=False).exists()
    ranking = ranking_publish()
    assert ranking is not None
    assert ranking.entries.count() == 30
    assert receipts_check().wrong == ()
    assert not regroup_is_due()


def test_a_new_item_finds_its_problem(db: None, drain: Callable[[], TriageSummary]) -> None:
    world = benchmark_world_create(items=400, problems=30, accounts=50)
    titles = list(Problem.objects.order_by("pk").values_list("title", flat=True))
    items = [make_item(f"new-{place}", world.texts[place]) for place in range(30)]
    drain()
    found = dict(Membership.objects.filter(item__in=items).values_list("item_id", "problem__title"))
    assert [found.get(item.pk) for item in items] == titles


def test_the_same_seed_makes_the_same_world(db: None) -> None:
    benchmark_world_create(items=60, problems=5, accounts=10, seed=7)
    before = _facts()
    for model in (Membership, FeedbackItem, Source, Problem, Theme, Run, Embedding, Account, ExchangeRate):
        model._default_manager.all().delete()
    benchmark_world_create(items=60, problems=5, accounts=10, seed=7)
    assert _facts() == before


def test_a_database_in_use_is_refused_and_left_alone(db: None) -> None:
    make_account()
    with pytest.raises(WorldRefusedError, match="name an empty one"):
        benchmark_world_create(items=60, problems=5, accounts=10)
    assert FeedbackItem.objects.count() == 0


@pytest.mark.parametrize(("items", "problems", "accounts"), [(10, 20, 5), (100, 0, 5), (100, 5, 0)])
def test_numbers_that_do_not_go_together_are_refused(db: None, items: int, problems: int, accounts: int) -> None:
    with pytest.raises(WorldRefusedError, match="There can be no"):
        benchmark_world_create(items=items, problems=problems, accounts=accounts)
