"""How long snapshots are kept: every one of the last days, then the last of each day, then none."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from insights.models import Ranking, Receipt

EVERY_DAYS = 7
BATCH = 1000


@dataclass(frozen=True)
class Thinned:
    """How much went."""

    rankings: int
    receipts: int


def rankings_thin(*, today: dt.date) -> Thinned:
    """Delete the snapshots that nobody looks back at, and the receipts that no kept snapshot points at.

    The latest snapshot always stays.
    """
    busy_from = today - dt.timedelta(days=EVERY_DAYS)
    kept_from = today - dt.timedelta(days=settings.HEARD_RANKINGS_KEPT_DAYS)
    old = Ranking.objects.filter(day__lt=busy_from)
    last_of_day = old.order_by().values("day").annotate(last=Max("number"))
    kept = {row["last"] for row in last_of_day if row["day"] >= kept_from}
    latest = Ranking.objects.first()
    if latest is not None:
        kept.add(latest.number)
    thinned = [number for number in old.values_list("number", flat=True) if number not in kept]
    # One snapshot at a time: a publisher that waits does not wait long.
    for number in thinned:
        Ranking.objects.filter(number=number).delete()
    return Thinned(rankings=len(thinned), receipts=_receipts_delete())


def _receipts_delete() -> int:
    deleted = 0
    while True:
        with transaction.atomic():
            # A publisher takes up a receipt again when a problem is back where it was: never while it is deleted.
            Ranking.objects.select_for_update().first()
            unused = list(
                Receipt.objects.filter(entries__isnull=True).order_by("pk").values_list("pk", flat=True)[:BATCH]
            )
            if not unused:
                return deleted
            Receipt.objects.filter(pk__in=unused).delete()
        deleted += len(unused)
