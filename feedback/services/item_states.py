"""How far triage has come with items: the one place that moves an item from state to state."""

from collections.abc import Sequence

from django.db.models import F

from feedback.models import FeedbackItem, ItemState

ITEM_ATTEMPTS = 3
REASON_CHARACTERS = 2000
BATCH = 10_000


def items_start(*, items: Sequence[FeedbackItem]) -> list[FeedbackItem]:
    """Count an attempt before the work begins; items that have had theirs are set aside and not answered."""
    for item in items:
        if item.attempts >= ITEM_ATTEMPTS:
            reason = item.state_reason or "the process died each time this item was worked on"
            items_quarantine(item_ids=[item.pk], reason=f"Given up after {item.attempts} attempts: {reason}")
    fresh = [item for item in items if item.attempts < ITEM_ATTEMPTS]
    FeedbackItem.objects.filter(pk__in=[item.pk for item in fresh]).update(attempts=F("attempts") + 1)
    return fresh


def items_still_waiting(*, items: Sequence[FeedbackItem]) -> list[FeedbackItem]:
    """Those of the items that wait with the same text as when they were read, locked until the transaction ends.

    The others were changed or removed while work on them went on: what was found out about their old text is void.
    """
    waiting = FeedbackItem.objects.waiting().filter(pk__in=[item.pk for item in items]).select_for_update()
    texts = dict(waiting.values_list("pk", "text_hash"))
    return [item for item in items if texts.get(item.pk) == item.text_hash]


def item_failed(*, item: FeedbackItem, reason: str) -> None:
    """Keep the reason of the latest failure with the item."""
    FeedbackItem.objects.filter(pk=item.pk).update(state_reason=reason[:REASON_CHARACTERS])


def items_settle(*, item_ids: Sequence[int], state: ItemState) -> None:
    """Items are placed or unplaced now, and their failures forgotten."""
    for start in range(0, len(item_ids), BATCH):
        FeedbackItem.objects.filter(pk__in=item_ids[start : start + BATCH]).exclude(state=ItemState.QUARANTINED).update(
            state=state, state_reason="", attempts=0
        )


def items_release(*, item_ids: Sequence[int]) -> int:
    """Let quarantined items wait again, their attempts forgotten; answers how many."""
    return (
        FeedbackItem.objects.quarantined()
        .filter(pk__in=item_ids)
        .update(state=ItemState.WAITING, state_reason="", attempts=0)
    )


def items_quarantine(*, item_ids: Sequence[int], reason: str) -> int:
    """Set aside those of the items that still wait, with the reason; answers how many."""
    return (
        FeedbackItem.objects.waiting()
        .filter(pk__in=item_ids)
        .update(state=ItemState.QUARANTINED, state_reason=reason[:REASON_CHARACTERS])
    )
