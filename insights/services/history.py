"""How long snapshots are kept: all of the last hours, then one of each hour, then one of each day, then none."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from insights.models import Ranking, RankingEntry, Receipt

# Who walks through a snapshot has this long before it may go.
WHOLE = dt.timedelta(hours=2)
HOURLY_DAYS = 7
BATCH = 1000


@dataclass(frozen=True)
class Thinned:
    """How much went."""

    rankings: int
    receipts: int


def rankings_thin(*, now: dt.datetime) -> Thinned:
    """Delete the snapshots that nobody looks back at, and the receipts that no kept snapshot points at.

    Days and hours are those of the site's time zone. The latest snapshot always stays, and so does every one that was
    the latest at some moment of the last hours.
    """
    snapshots = list(Ranking.objects.order_by("number").values_list("number", "day", "computed_at"))
    kept = _kept(snapshots, now)
    thinned = [number for number, *_ in snapshots if number not in kept]
    receipts = sum(_ranking_delete(number) for number in thinned)
    return Thinned(rankings=len(thinned), receipts=receipts)


def _kept(snapshots: list[tuple[int, dt.date, dt.datetime]], now: dt.datetime) -> set[int]:
    """The numbers of those that stay. Snapshots come oldest first: the last of a kind replaces those before it."""
    zone = timezone.get_current_timezone()
    today = now.astimezone(zone).date()
    hourly_from = today - dt.timedelta(days=HOURLY_DAYS)
    daily_from = today - dt.timedelta(days=settings.HEARD_RANKINGS_KEPT_DAYS)
    last: dict[object, int] = {}
    for number, day, computed_at in snapshots:
        if computed_at > now - WHOLE:
            last[number] = number
        else:
            last["when the last hours began"] = number
        if day >= daily_from:
            last[day] = number
        if day >= hourly_from:
            local = computed_at.astimezone(zone)
            # An hour comes twice when the clocks go back: the offset tells the two apart.
            last[day, local.date(), local.hour, local.utcoffset()] = number
    return set(last.values())


@transaction.atomic
def _ranking_delete(number: int) -> int:
    """Delete one snapshot with the receipts that it alone points at; answers how many.

    In a transaction of its own: a publisher that waits does not wait long.
    """
    # A publisher takes up a receipt again when a problem is back where it was: never while it is deleted.
    Ranking.objects.select_for_update().first()
    elsewhere = RankingEntry.objects.filter(receipt=OuterRef("receipt")).exclude(ranking__number=number)
    its_own = RankingEntry.objects.filter(~Exists(elsewhere), ranking__number=number).order_by()
    unused = list(its_own.values_list("receipt_id", flat=True))
    Ranking.objects.filter(number=number).delete()
    for start in range(0, len(unused), BATCH):
        Receipt.objects.filter(pk__in=unused[start : start + BATCH]).delete()
    return len(unused)
