"""How long snapshots are kept: all of a week, the last of each day for two years, and no receipt without a snapshot."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from customers.models import Account
from insights.models import Problem, Ranking, RankingEntry, Receipt, ReceiptLine
from insights.services.history import Thinned, rankings_thin
from insights.services.ranking import ranking_publish
from insights.tasks import rankings_thin_daily

TODAY = dt.date(2026, 11, 20)


def make_ranking(number: int, days_ago: int, receipt: Receipt | None = None) -> Ranking:
    """A snapshot of some days ago, with at most one row."""
    ranking = Ranking.objects.create(
        number=number,
        day=TODAY - dt.timedelta(days=days_ago),
        weights={},
        weights_version="1",
        currency="USD",
        items=0,
        placed=0,
        unplaced=0,
        quarantined=0,
    )
    if receipt:
        RankingEntry.objects.create(
            ranking=ranking, rank=1, rank_low=1, rank_high=1, problem=receipt.problem, receipt=receipt, score=0,
            customers=0, contacts=0, items=0, arr_total=0, revenue_at_risk=0, renewals_90d=0, trend_30d=0,
        )  # fmt: skip
    return ranking


def numbers() -> list[int]:
    """The numbers of the snapshots that are kept, oldest first."""
    return list(Ranking.objects.order_by("number").values_list("number", flat=True))


def test_a_week_is_kept_whole_and_then_the_last_of_each_day(db: None) -> None:
    for number, days_ago in enumerate([30, 30, 30, 29, 8, 8, 7, 7, 1, 0, 0], start=1):
        make_ranking(number, days_ago)
    assert rankings_thin(today=TODAY).rankings == 3
    assert numbers() == [3, 4, 6, 7, 8, 9, 10, 11]
    assert rankings_thin(today=TODAY) == Thinned(rankings=0, receipts=0)


def test_daily_snapshots_go_after_the_days_that_are_set(db: None, settings: Any) -> None:
    settings.HEARD_RANKINGS_KEPT_DAYS = 40
    for number, days_ago in enumerate([41, 40, 0], start=1):
        make_ranking(number, days_ago)
    rankings_thin(today=TODAY)
    assert numbers() == [2, 3]


def test_the_latest_snapshot_stays_however_old(db: None) -> None:
    make_ranking(1, 4001)
    make_ranking(2, 4000)
    rankings_thin(today=TODAY)
    assert numbers() == [2]


def test_receipts_go_with_the_last_snapshot_that_points_at_them(db: None) -> None:
    problem = Problem.objects.create(title="Export reports")
    shared, lonely = (Receipt.objects.create(problem=problem, score=0, fingerprint=name) for name in "ab")
    make_ranking(1, 30, shared)
    make_ranking(2, 30, lonely)
    make_ranking(3, 30, shared)
    assert rankings_thin(today=TODAY) == Thinned(rankings=2, receipts=1)
    assert list(Receipt.objects.all()) == [shared]


@pytest.mark.parametrize("batch", [1, 1000])
def test_every_unused_receipt_goes_with_its_lines(
    company: Ranking, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr("insights.services.history.BATCH", batch)
    Account.objects.update(arr=1)
    ranking = ranking_publish()
    assert ranking is not None
    company.delete()
    rankings_thin_daily()
    kept = set(ranking.entries.values_list("receipt", flat=True))
    assert set(Receipt.objects.values_list("pk", flat=True)) == kept
    assert set(ReceiptLine.objects.values_list("receipt", flat=True)) == kept


def test_a_cursor_of_a_snapshot_that_is_gone_is_answered(company: Ranking, browser: Client) -> None:
    following = browser.get("/api/v1/ranking/", {"page_size": "1"}).json()["next"]
    Account.objects.update(arr=1)
    assert ranking_publish() is not None
    company.delete()
    answer = browser.get(following)
    assert answer.status_code == 400
    assert answer.json()["errors"] == {"cursor": ["its snapshot is no longer kept; start again without it"]}
