"""How long snapshots are kept: all of two hours, the last of each hour for a week, of each day for two years.

And no receipt without a snapshot.
"""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client, override_settings
from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from customers.models import Account
from insights.models import Problem, Ranking, RankingEntry, Receipt, ReceiptLine
from insights.services.history import Thinned, rankings_thin
from insights.services.ranking import ranking_publish
from insights.tasks import rankings_thin_hourly

NOW = dt.datetime(2026, 11, 20, 14, 30, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
KEPT_DAYS = 30


def make_ranking(number: int, moment: dt.datetime, receipts: list[Receipt] | None = None) -> Ranking:
    """A snapshot of a moment, with a row for each receipt."""
    ranking = Ranking.objects.create(
        number=number,
        day=timezone.localdate(moment),
        weights={},
        weights_version="1",
        currency="USD",
        items=0,
        placed=0,
        unplaced=0,
        quarantined=0,
    )
    Ranking.objects.filter(pk=ranking.pk).update(computed_at=moment)
    for rank, receipt in enumerate(receipts or [], start=1):
        RankingEntry.objects.create(
            ranking=ranking, rank=rank, rank_low=1, rank_high=1, problem=receipt.problem, receipt=receipt, score=0,
            customers=0, contacts=0, items=0, arr_total=0, revenue_at_risk=0, renewals_90d=0, trend_30d=0,
        )  # fmt: skip
    return ranking


def make_receipts(count: int) -> list[Receipt]:
    """Receipts of as many problems."""
    problems = [Problem.objects.create(title=f"Problem {n}") for n in range(count)]
    return [Receipt.objects.create(problem=problem, score=0, fingerprint="a") for problem in problems]


def numbers() -> list[int]:
    """The numbers of the snapshots that are kept, oldest first."""
    return list(Ranking.objects.order_by("number").values_list("number", flat=True))


def thinned_from(*ago: dt.timedelta) -> list[int]:
    """What is left of snapshots that were made so long ago, numbered from 1."""
    for number, past in enumerate(ago, start=1):
        make_ranking(number, NOW - past)
    rankings_thin(now=NOW)
    left = numbers()
    assert rankings_thin(now=NOW) == Thinned(rankings=0, receipts=0)
    return left


def minutes(*ago: int) -> list[dt.timedelta]:
    """So many minutes each."""
    return [dt.timedelta(minutes=past) for past in ago]


def test_two_hours_are_kept_whole_and_then_the_last_of_each_hour(db: None) -> None:
    # 11:10, 11:50 (the latest when the two hours began), 12:31, 12:32, 14:30.
    assert thinned_from(*minutes(200, 160, 119, 118, 0)) == [2, 3, 4, 5]


def test_what_the_last_hours_began_with_stays(db: None) -> None:
    # Of the hour of noon the last is young; 12:29 was the latest when the two hours began.
    assert thinned_from(*minutes(122, 121, 119, 0)) == [2, 3, 4]


def test_after_a_week_the_last_of_each_day_is_kept(db: None) -> None:
    week = 7 * DAY
    assert thinned_from(week + DAY + HOUR, week + DAY, week + 2 * HOUR, week + HOUR, week) == [2, 3, 4, 5]


def test_daily_snapshots_go_after_the_days_that_are_set(db: None, settings: Any) -> None:
    settings.HEARD_RANKINGS_KEPT_DAYS = 40
    assert thinned_from(41 * DAY, 40 * DAY, dt.timedelta(0)) == [2, 3]


def test_the_latest_snapshot_stays_however_old(db: None) -> None:
    assert thinned_from(4001 * DAY, 4000 * DAY) == [2]


def test_one_that_was_the_latest_until_now_stays_however_old(db: None) -> None:
    assert thinned_from(4001 * DAY, 4000 * DAY, dt.timedelta(0)) == [2, 3]


@pytest.mark.parametrize(("zone", "left"), [("UTC", [2]), ("Asia/Kolkata", [1, 2])])
def test_hours_are_those_of_the_site(db: None, zone: str, left: list[int]) -> None:
    """10:15 and 10:45 in London are 15:45 and 16:15 in Delhi."""
    with timezone.override(ZoneInfo(zone)):
        assert thinned_from(*minutes(255, 225)) == left


gaps = st.one_of(
    st.integers(0, 90),
    st.integers(60, 3600),
    st.integers(3600, 9000),
    st.integers(80_000, 90_000),
    st.just(86_400 * 20),
)
zones = st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata", "Pacific/Chatham"])
# Meanwhile the clocks of Berlin go back, and those of the Chatham Islands go forward.
AUTUMN, BACK = dt.datetime(2026, 9, 24, tzinfo=dt.UTC), dt.datetime(2026, 10, 25, 9, tzinfo=dt.UTC)
moments = st.integers(0, 40 * 86_400).map(lambda seconds: AUTUMN + dt.timedelta(seconds=seconds))


def still_wanted(now: dt.datetime, zone: ZoneInfo, made: list[dt.datetime]) -> list[bool]:
    """Which snapshots stay, told of each from those after it. Made oldest first."""

    def hour(moment: dt.datetime) -> int:
        offset = moment.astimezone(zone).utcoffset()
        assert offset is not None
        return int(moment.timestamp() + offset.total_seconds() % 3600) // 3600

    def wanted(moment: dt.datetime, later: list[dt.datetime]) -> bool:
        if not later or later[0] > now - 2 * HOUR:
            return True
        days = [one.astimezone(zone).date() for one in (now, moment, *later)]
        age = (days[0] - days[1]).days
        last_of_day, last_of_hour = days[1] not in days[2:], hour(moment) not in map(hour, later)
        return (last_of_day and age <= KEPT_DAYS) or (last_of_hour and age <= 7)

    return [wanted(moment, made[n + 1 :]) for n, moment in enumerate(made)]


@override_settings(HEARD_RANKINGS_KEPT_DAYS=KEPT_DAYS)
class ThinningTest(TestCase):
    """Random pasts in random places."""

    @settings(max_examples=60, deadline=None)
    @given(moments, zones, st.lists(st.tuples(gaps, st.sets(st.integers(0, 3))), max_size=40))
    @example(BACK, "Europe/Berlin", [(25 * 60, {0})] * 30)
    def test_what_must_stay_stays_and_what_must_go_goes(
        self, now: dt.datetime, zone_name: str, past: list[tuple[int, set[int]]]
    ) -> None:
        zone = ZoneInfo(zone_name)
        made, moment = [], now
        for gap, _ in past:
            moment -= dt.timedelta(seconds=gap)
            made.append(moment)
        made.reverse()
        receipts = make_receipts(4)
        with timezone.override(zone):
            for number, (moment, (_, its)) in enumerate(zip(made, past, strict=True), start=1):
                make_ranking(number, moment, [receipts[n] for n in sorted(its)])
            wanted = still_wanted(now, zone, made)
            pointed_at = {receipts[n].pk for (_, its), stays in zip(past, wanted, strict=True) for n in its if stays}
            had = {receipts[n].pk for _, its in past for n in its}
            thinned = rankings_thin(now=now)
            assert numbers() == [number for number, stays in enumerate(wanted, start=1) if stays]
            assert set(Receipt.objects.filter(pk__in=had).values_list("pk", flat=True)) == pointed_at
            assert thinned == Thinned(rankings=wanted.count(False), receipts=len(had - pointed_at))

    @settings(max_examples=30, deadline=None)
    @given(moments, zones, st.lists(gaps, min_size=1, max_size=20), st.integers(1, 5))
    def test_thinning_often_keeps_what_thinning_once_keeps(
        self, now: dt.datetime, zone_name: str, waits: list[int], every: int
    ) -> None:
        """However often the clock came by meanwhile."""
        zone = ZoneInfo(zone_name)
        made = [now]
        for wait in waits:
            made.append(made[-1] + dt.timedelta(seconds=wait))
        end = made[-1] + HOUR
        with timezone.override(zone):
            for number, moment in enumerate(made, start=1):
                make_ranking(number, moment)
                if number % every == 0:
                    rankings_thin(now=moment)
            rankings_thin(now=end)
            wanted = still_wanted(end, zone, made)
            assert numbers() == [number for number, stays in enumerate(wanted, start=1) if stays]


def test_receipts_go_with_the_last_snapshot_that_points_at_them(db: None) -> None:
    shared, lonely = make_receipts(2)
    for number, receipt in enumerate([shared, lonely, shared], start=1):
        make_ranking(number, NOW - 30 * DAY, [receipt])
    assert rankings_thin(now=NOW) == Thinned(rankings=2, receipts=1)
    assert list(Receipt.objects.all()) == [shared]


def test_where_nothing_goes_receipts_are_not_looked_at(db: None, django_assert_num_queries: Any) -> None:
    make_ranking(1, NOW, make_receipts(1))
    with django_assert_num_queries(1):
        rankings_thin(now=NOW)


@pytest.mark.parametrize("batch", [1, 1000])
def test_every_unused_receipt_goes_with_its_lines(
    company: Ranking, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr("insights.services.history.BATCH", batch)
    Ranking.objects.update(computed_at=timezone.now() - 41 * DAY, day=timezone.localdate() - 41 * DAY)
    for arr in (1, 2):
        Account.objects.update(arr=arr)
        assert ranking_publish() is not None
    receipts = Receipt.objects.count()
    # Now the first two are of one day, long ago.
    Ranking.objects.filter(number=2).update(computed_at=timezone.now() - 41 * DAY, day=timezone.localdate() - 41 * DAY)
    rankings_thin_hourly()
    assert numbers() == [2, 3]
    kept = set(RankingEntry.objects.values_list("receipt", flat=True))
    assert set(Receipt.objects.values_list("pk", flat=True)) == kept
    assert set(ReceiptLine.objects.values_list("receipt", flat=True)) == kept
    assert 0 < len(kept) < receipts


def test_a_cursor_of_a_snapshot_that_is_gone_is_answered(company: Ranking, browser: Client) -> None:
    following = browser.get("/api/v1/ranking/", {"page_size": "1"}).json()["next"]
    Account.objects.update(arr=1)
    assert ranking_publish() is not None
    company.delete()
    answer = browser.get(following)
    assert answer.status_code == 400
    assert answer.json()["errors"] == {"cursor": ["its snapshot is no longer kept; start again without it"]}
