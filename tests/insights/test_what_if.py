"""What-if: the list under other terms is what the list would be, and the list itself stays as it is."""

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal

import pytest

from customers.models import Account
from customers.services.families import family_heads
from feedback.models import FeedbackItem
from insights.engine.score import Weights
from insights.models import Ranking
from insights.services.benchmark_world import benchmark_world_create
from insights.services.ranking import ranking_publish
from insights.services.weights import weights_publish
from insights.services.what_if import Imagined, Terms, what_if
from tests.factories import dump

LIVE = Terms(weights=Weights())
OTHER = replace(
    Weights(),
    churn_weight=Decimal("0.25"),
    half_life_days=Decimal(33),
    severity={**Weights().severity, "low": Decimal("0.95")},
    free_floor_share=Decimal("0.4"),
)
SEGMENT = "Enterprise"


@pytest.fixture
def world(db: None) -> Ranking:
    """Hundreds of items, families, prospects and accounts without revenue, ranked."""
    benchmark_world_create(items=1200, problems=60, accounts=90)
    parent, child, prospect, *_ = Account.objects.order_by("pk")
    Account.objects.filter(pk=child.pk).update(parent=parent)
    Account.objects.filter(pk__gt=prospect.pk + 60).update(arr=None)
    Account.objects.filter(pk__lt=prospect.pk + 30).update(segment=SEGMENT)
    Account.objects.filter(pk=prospect.pk).update(
        stage="prospect", arr=None, pipeline=Decimal("90000.00"), win_probability=Decimal("0.3333")
    )
    ranking = ranking_publish()
    assert ranking is not None
    return ranking


def told(imagined: list[Imagined]) -> list[tuple[int, int | None, Decimal, int, Decimal, Decimal]]:
    """All that is imagined of who is asked for."""
    return [
        (one.problem_id, one.rank, one.score, one.customers, one.arr_total, one.revenue_at_risk)
        for one in imagined
        if one.rank is not None
    ]


def listed(ranking: Ranking) -> list[tuple[int, int | None, Decimal, int, Decimal, Decimal]]:
    """The same of a published list."""
    figures = ("problem_id", "rank", "score", "customers", "arr_total", "revenue_at_risk")
    return list(ranking.entries.order_by("rank").values_list(*figures))


def published(weights: Weights | None = None) -> Ranking:
    """The list as it is after a change."""
    if weights:
        weights_publish(weights=weights, reason="To compare", author=None)
    ranking = ranking_publish()
    assert ranking is not None
    return ranking


def test_under_its_own_terms_the_list_is_what_it_is(world: Ranking) -> None:
    imagined = what_if(ranking=world, terms=LIVE)
    assert told(imagined) == listed(world)
    assert [one.rank_delta for one in imagined] == [0] * len(imagined)
    assert [(one.live_rank, one.live_score) for one in imagined] == [(one.rank, one.score) for one in imagined]


def test_other_weights_give_what_publishing_them_gives(world: Ranking) -> None:
    imagined = told(what_if(ranking=world, terms=Terms(weights=OTHER)))
    assert imagined != listed(world)
    assert imagined == listed(published(OTHER))


def without_lines(world: Ranking, accounts: Collection[int | None]) -> dict[int, Decimal]:
    """The scores without what these accounts add, added up from the receipts; nobody left, no score."""
    found = {}
    for entry in world.entries.prefetch_related("receipt__lines"):
        left = [line.amount for line in entry.receipt.lines.all() if line.account_id not in accounts]
        if left:
            found[entry.problem_id] = sum(left, Decimal("0.00"))
    return found


def scores(terms: Terms, ranking: Ranking) -> dict[int, Decimal]:
    """What is imagined, of what is asked for."""
    return {one.problem_id: one.score for one in what_if(ranking=ranking, terms=terms) if one.rank is not None}


def test_without_an_account_its_family_is_not_heard(world: Ranking) -> None:
    child = Account.objects.filter(parent__isnull=False).order_by("pk")[0]
    head = family_heads()[child.pk]
    left = without_lines(world, {head})
    assert left != without_lines(world, set())
    for named in (head, child.pk):
        assert scores(replace(LIVE, without=frozenset([named])), world) == left


def test_prospects_can_be_left_out_and_a_segment_heard_alone(world: Ranking) -> None:
    prospects = set(Account.objects.filter(stage="prospect").values_list("pk", flat=True))
    assert scores(replace(LIVE, prospects=False), world) == without_lines(world, prospects)
    assert without_lines(world, prospects) != without_lines(world, set())

    heard = set(Account.objects.filter(segment=SEGMENT).values_list("pk", flat=True))
    others = {*Account.objects.values_list("pk", flat=True), None} - heard
    assert scores(replace(LIVE, segment=SEGMENT), world) == without_lines(world, others)


def test_what_nobody_asks_for_any_more_has_no_rank(world: Ranking) -> None:
    everybody = frozenset(Account.objects.values_list("pk", flat=True))
    FeedbackItem.objects.filter(account=None).delete()
    ranking = published()
    assert all(
        one.rank is None and one.rank_delta is None
        for one in what_if(ranking=ranking, terms=replace(LIVE, without=everybody))
    )


def test_nothing_is_written(world: Ranking) -> None:
    before = dump("insights", "feedback", "customers")
    what_if(ranking=world, terms=Terms(weights=OTHER, segment=SEGMENT, without=frozenset([1]), prospects=False))
    assert dump("insights", "feedback", "customers") == before
