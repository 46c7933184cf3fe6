"""What sources tell, put in the order of their own clocks: an older word never undoes a newer one."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from feedback.models import FeedbackItem, Source, Withdrawn
from feedback.services.items import Ingested, feedback_ingest
from feedback.signals import feedback_ingested
from feedback.sources.contract import Change, Withdrawal
from feedback.sources.records import FeedbackRecord


@dataclass(frozen=True)
class Told:
    """As of when the last word about an item was, and whether it was a deletion."""

    as_of: dt.datetime
    gone: bool


@dataclass
class Changed:
    """What became of changes."""

    ingested: Ingested = field(default_factory=Ingested)
    withdrawn: int = 0
    # Told before by a newer word.
    outdated: int = 0


@transaction.atomic
def changes_apply(*, source: str, changes: Sequence[Change]) -> Changed:
    """Store what one source tells, some hundreds of changes at a time: all of it or nothing.

    Of several words about one item the newest by the source's clock counts, of equally new ones the one told last. What
    was deleted stays away until a newer word speaks of it.
    """
    Source.objects.bulk_create([Source(key=source)], ignore_conflicts=True)
    # One at a time for each source: a deletion finds nothing of an item that another process is about to store.
    home = Source.objects.select_for_update().get(key=source)
    newest: dict[str, Change] = {}
    for change in changes:
        before = newest.get(change.external_id)
        if before is None or not _older(change, before):
            newest[change.external_id] = change
    told = _told(home, newest)
    current = [one for one in newest.values() if one.external_id not in told or not _behind(one, told[one.external_id])]
    outcome = Changed(outdated=len(newest) - len(current))
    outcome.withdrawn = items_withdraw(home, [one for one in current if isinstance(one, Withdrawal)])
    records = [one for one in current if isinstance(one, FeedbackRecord)]
    Withdrawn.objects.filter(source=home, external_id__in=[one.external_id for one in records]).delete()
    if records:
        outcome.ingested = feedback_ingest(records=records)
    return outcome


def _told(home: Source, external_ids: Iterable[str]) -> dict[str, Told]:
    """The last word about items, by their external ids."""
    ids = list(external_ids)
    items = FeedbackItem.objects.filter(source=home, external_id__in=ids).exclude(as_of=None)
    gone = Withdrawn.objects.filter(source=home, external_id__in=ids)
    told = {item.external_id: Told(item.as_of, gone=False) for item in items.only("external_id", "as_of") if item.as_of}
    return told | {one.external_id: Told(one.as_of, gone=True) for one in gone}


def _older(change: Change, before: Change) -> bool:
    return change.as_of is not None and before.as_of is not None and change.as_of < before.as_of


def _behind(change: Change, told: Told) -> bool:
    """Whether a newer word was heard before; to bring back what was deleted it takes one that is newer indeed."""
    if change.as_of is None:
        return False
    returns = told.gone and isinstance(change, FeedbackRecord)
    return change.as_of <= told.as_of if returns else change.as_of < told.as_of


def items_withdraw(home: Source, withdrawals: Sequence[Withdrawal]) -> int:
    """Take items away, and remember that; answers how many there were."""
    Withdrawn.objects.bulk_create(
        [Withdrawn(source=home, external_id=one.external_id, as_of=one.as_of) for one in withdrawals],
        update_conflicts=True,
        unique_fields=["source", "external_id"],
        update_fields=["as_of"],
    )
    items = FeedbackItem.objects.filter(source=home, external_id__in=[one.external_id for one in withdrawals])
    ids = list(items.values_list("pk", flat=True))
    if ids:
        # While they are still there: whoever counts them looks where they were.
        feedback_ingested.send(sender=FeedbackItem, item_ids=[], changed_ids=ids)
        FeedbackItem.objects.filter(pk__in=ids).delete()
    return len(ids)
