"""Placing items: embed them, find the nearest problem, or leave them unplaced. Seconds after intake."""

import numpy as np
from django.db import transaction
from django.utils import timezone

from feedback.models import FeedbackItem, ItemState
from feedback.services.item_states import item_failed, items_settle, items_start, items_still_waiting
from feedback.services.jobs import Lease
from insights.engine.placing import Groups, place
from insights.models import Membership, Problem, Run
from insights.models.problems import Author
from insights.services.embedding import embedding_version, embeddings_store
from insights.services.spaces import vectors_in
from insights.services.touching import items_touch, problems_touch


def items_place(*, lease: Lease) -> None:
    """Work on the waiting items of a job.

    The first attempt takes them all at once. A later one goes item by item, so that one item which fails, or kills its
    process, is found out and set aside while its neighbours finish.

    Raises:
        RuntimeError: some items failed; they have attempts left and the job should run again.
    """
    ids = lease.job.payload["item_ids"]
    waiting = list(FeedbackItem.objects.waiting().filter(pk__in=ids).order_by("pk"))
    lease.beat(done=len(ids) - len(waiting), total=len(ids))
    if lease.job.attempts == 1:
        _place(items_start(items=waiting), lease)
        lease.beat(done=len(ids))
        return
    failures: list[str] = []
    settled = len(ids) - len(waiting)
    for item in waiting:
        try:
            _place(items_start(items=[item]), lease)
        except Exception as error:  # noqa: BLE001 (whatever is wrong with one item must not stop its neighbours)
            failures.append(f"item {item.pk}: {type(error).__name__}: {error}")
            item_failed(item=item, reason=failures[-1])
        else:
            settled += 1
            lease.beat(done=settled)
    if failures:
        raise RuntimeError("; ".join(failures))


def groups_of(run: Run) -> tuple[list[int], Groups]:
    """The ids of the live problems and where they lie in the space of a run."""
    rows = list(
        Problem.objects.live().filter(vector_count__gt=0).values_list("pk", "vector_sum", "vector_count", "usual")
    )
    centre = np.frombuffer(bytes(run.centre), dtype=np.float32)
    sums = np.frombuffer(b"".join(bytes(row[1]) for row in rows), dtype=np.float32).reshape(len(rows), len(centre))
    groups = Groups(
        centre=centre,
        sums=sums,
        sizes=np.array([row[2] for row in rows], dtype=np.int64),
        usual=np.array([row[3] for row in rows], dtype=np.float32),
    )
    return [row[0] for row in rows], groups


def _place(items: list[FeedbackItem], lease: Lease) -> None:
    if not items:
        return
    embeddings_store(texts={item.text_hash: item.text for item in items})
    problems: list[int] = []
    nearest, confidence = np.full(len(items), -1, dtype=np.int32), np.zeros(len(items), dtype=np.float32)
    run = Run.objects.published().first()
    # Vectors of two models cannot be compared: after a change of model the next run places what came in meanwhile.
    if run is not None and run.model == embedding_version():
        problems, groups = groups_of(run)
        nearest, confidence = place(vectors_in(run, [item.text_hash for item in items]), groups)
    placed = {
        item.pk: Membership(item=item, problem_id=problems[row], confidence=float(sure), placed_at=timezone.now())
        for item, row, sure in zip(items, nearest, confidence, strict=True)
        if row >= 0
    }
    with transaction.atomic():
        # Still ours? Whoever lost the lease writes nothing.
        lease.beat()
        same = items_still_waiting(items=items)
        pinned = set(
            Membership.objects.filter(item__in=same, placed_by=Author.PERSON).values_list("item_id", flat=True)
        )
        free = [item.pk for item in same if item.pk not in pinned]
        homes = [placed[pk] for pk in free if pk in placed]
        items_touch(item_ids=[item.pk for item in same])
        unplaced = [pk for pk in free if pk not in placed]
        Membership.objects.filter(item__in=unplaced).delete()
        Membership.objects.bulk_create(
            homes, update_conflicts=True, unique_fields=["item"], update_fields=["problem", "confidence", "placed_at"]
        )
        problems_touch(problem_ids=[home.problem_id for home in homes])
        items_settle(item_ids=[*pinned, *(home.item_id for home in homes)], state=ItemState.PLACED)
        items_settle(item_ids=unplaced, state=ItemState.UNPLACED)
