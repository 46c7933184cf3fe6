"""Regrouping: group everything anew, keep the keys of what is still the same, publish whole or not at all."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from django.db import IntegrityError, transaction
from django.utils import timezone
from numpy.typing import NDArray

from feedback.models import FeedbackItem, ItemState, Job
from feedback.services.item_states import items_settle
from feedback.services.jobs import Lease
from insights.engine.changes import suggestions
from insights.engine.constraints import Constraints, broken
from insights.engine.geometry import learned_map, mapped
from insights.engine.grouping import Grouping, group
from insights.engine.matching import matched
from insights.engine.placing import Groups
from insights.engine.questions import questions
from insights.models import Correction, Membership, Problem, Run, RunState
from insights.models.problems import Author
from insights.services.bindings import bindings_load
from insights.services.embedding import embedding_version, embeddings_store, vectors_of
from insights.services.mapping import problems_map
from insights.services.outbox import problems_watched
from insights.services.proposals import QUESTIONS, proposals_replace, questions_answered, questions_replace
from insights.services.spaces import map_of
from insights.services.theming import themes_assign
from insights.services.titling import Wording, names_of_themes, wordings
from insights.services.touching import everything_touch

BATCH = 500
EMBED_BATCH = 2000
NOWHERE = -1


class RegroupRefusedError(RuntimeError):
    """Another run is under way."""


class BrokenCorrectionError(RuntimeError):
    """The engine came out with something that people had ruled out."""


@dataclass(frozen=True)
class Corpus:
    """Every item that is grouped, row by row: ids, text hashes, vectors, the problem it is in (-1 for none), pins."""

    item_ids: NDArray[np.int64]
    hashes: Sequence[str]
    texts: Sequence[str]
    vectors: NDArray[np.float32]
    problems: NDArray[np.int64]
    pinned: NDArray[np.bool_]


def regroup(*, lease: Lease) -> Run:
    """Do one run. Old problems grow and new ones appear; whatever else the vectors suggest is left to people.

    Raises:
        RegroupRefusedError: another run is under way.
        BrokenCorrectionError: the result would break a correction. It is not published.
    """
    run = _run_start(lease)
    started = time.monotonic()
    try:
        _embed_missing(lease)
        corpus = corpus_load()
        constraints = bindings_load().over(corpus.item_ids)
        learned = learned_map(corpus.vectors, constraints)
        corpus = replace(corpus, vectors=mapped(corpus.vectors, learned))
        run.learned_map = b"" if learned is None else learned.tobytes()
        fresh = group(corpus.vectors, constraints=constraints)
        grouping = _grown(corpus, constraints) if (corpus.problems != NOWHERE).any() else fresh
        _refuse_broken(constraints, grouping)
        run.figures = _publish(run, corpus, grouping, fresh, lease, started)
        run.centre = grouping.groups.centre.tobytes()
        problems_map(run=run)
    except BaseException as error:
        Run.objects.filter(pk=run.pk, state=RunState.RUNNING).update(
            state=RunState.FAILED, error=f"{type(error).__name__}: {error}", finished_at=timezone.now()
        )
        raise
    return run


def _refuse_broken(constraints: Constraints, grouping: Grouping) -> None:
    lost = broken(constraints, grouping.labels)
    if lost:
        raise BrokenCorrectionError(f"{len(lost)} pairs of corrected items would come out wrong.")


def _grown(corpus: Corpus, constraints: Constraints) -> Grouping:
    """The published grouping with what is new in it."""
    _, numbered = np.unique(corpus.problems, return_inverse=True)
    unplaced = int((corpus.problems == NOWHERE).any())
    return group(corpus.vectors, constraints=constraints, previous=(numbered - unplaced).astype(np.int32))


def _embed_missing(lease: Lease) -> None:
    """After a change of model, every text is read anew here, while the old grouping goes on serving."""
    texts = FeedbackItem.objects.settled().order_by("pk").values_list("text_hash", "text")
    total = texts.count()
    for start in range(0, total, EMBED_BATCH):
        embeddings_store(texts=dict(texts[start : start + EMBED_BATCH]))
        lease.beat(done=min(start + EMBED_BATCH, total), total=total)


def corpus_load() -> Corpus:
    """Everything that triage has settled, in a fixed order."""
    rows = list(
        FeedbackItem.objects.settled()
        .order_by("pk")
        .values_list("pk", "text_hash", "text", "membership__problem_id", "membership__placed_by")
    )
    return Corpus(
        item_ids=np.array([pk for pk, *_ in rows], dtype=np.int64),
        hashes=[text_hash for _, text_hash, *_ in rows],
        texts=[text for _, _, text, _, _ in rows],
        vectors=vectors_of([text_hash for _, text_hash, *_ in rows]),
        problems=np.array([problem or NOWHERE for *_, problem, _ in rows], dtype=np.int64),
        pinned=np.array([author == Author.PERSON for *_, author in rows], dtype=np.bool_),
    )


def _run_start(lease: Lease) -> Run:
    """Open the one run that may be under way; one whose worker lost its lease is closed first."""
    for stale in Run.objects.running():
        if not Job.objects.alive(stale.lease_token).exists():
            Run.objects.filter(pk=stale.pk).update(
                state=RunState.FAILED, error="its worker died", finished_at=timezone.now()
            )
    try:
        with transaction.atomic():
            return Run.objects.create(model=embedding_version(), lease_token=lease.job.lease_token)
    except IntegrityError:
        raise RegroupRefusedError("Another regrouping is under way; wait for it to end.") from None


def _publish(
    run: Run, corpus: Corpus, grouping: Grouping, fresh: Grouping, lease: Lease, started: float
) -> dict[str, object]:
    """Write the grouping in one transaction, and ask people about the rest."""
    published = corpus.problems.astype(np.int32)
    keys = matched(published, grouping.labels)
    members = [np.flatnonzero(grouping.labels == label) for label in range(grouping.labels.max(initial=NOWHERE) + 1)]
    learned = map_of(run)
    words = wordings(texts=corpus.texts, vectors=corpus.vectors, members=members, learned=learned)
    themes = names_of_themes(
        texts=corpus.texts,
        vectors=corpus.vectors,
        members=members,
        theme=grouping.theme,
        words=words,
        learned=learned,
    )
    binding = Correction.objects.binding().count()
    figures: dict[str, object] = {
        "items": len(corpus.item_ids),
        "problems": len(members),
        "new_problems": len(members) - len(keys),
        "unplaced": int((grouping.labels == NOWHERE).sum()),
        # A run that would break one does not come as far as this.
        "corrections": binding,
        "corrections_honoured": binding,
    }
    with transaction.atomic(), problems_watched():
        lease.beat()
        new = [label for label in range(len(members)) if label not in keys]
        created = Problem.objects.bulk_create([Problem(title=words[label].title) for label in new], batch_size=BATCH)
        keys.update(zip(new, (problem.pk for problem in created), strict=True))
        _memberships_replace(corpus, grouping, keys)
        everything_touch()
        _problems_update(grouping.groups, keys, words)
        theme_of = {problem: int(grouping.theme[label]) for label, problem in keys.items()}
        figures["themes"] = themes_assign(theme_of=theme_of, names=themes)
        figures["proposals"] = proposals_replace(
            run=run,
            suggestions=suggestions(corpus.vectors, published, fresh.labels),
            item_ids=corpus.item_ids.tolist(),
        )
        figures["questions"] = _ask(run, corpus, grouping)
        figures["seconds"] = round(time.monotonic() - started, 1)
        Run.objects.filter(pk=run.pk).update(
            state=RunState.PUBLISHED,
            figures=figures,
            finished_at=timezone.now(),
            centre=grouping.groups.centre.tobytes(),
            learned_map=run.learned_map,
        )
    return figures


def _ask(run: Run, corpus: Corpus, grouping: Grouping) -> int:
    """Put the questions whose answers would help most."""
    row = {int(pk): number for number, pk in enumerate(corpus.item_ids)}
    asked = frozenset(
        (min(row[a], row[b]), max(row[a], row[b])) for a, b in questions_answered() if a in row and b in row
    )
    pairs = questions(corpus.vectors, grouping, QUESTIONS, asked)
    return questions_replace(run=run, pairs=pairs, item_ids=corpus.item_ids.tolist())


def _memberships_replace(corpus: Corpus, grouping: Grouping, keys: dict[int, int]) -> None:
    """Members as the grouping says, but for pinned items and for items that changed since the corpus was read."""
    now_hashes = dict(FeedbackItem.objects.settled().values_list("pk", "text_hash"))
    free = np.array(
        [now_hashes.get(pk) == text_hash for pk, text_hash in zip(corpus.item_ids, corpus.hashes, strict=True)],
        dtype=np.bool_,
    )
    free &= ~corpus.pinned
    homeless = [int(pk) for pk in corpus.item_ids[free & (grouping.labels == NOWHERE)]]
    for start in range(0, len(homeless), BATCH):
        Membership.objects.filter(item__in=homeless[start : start + BATCH]).delete()
    rows = np.flatnonzero(free & (grouping.labels != NOWHERE))
    moment = timezone.now()
    Membership.objects.bulk_create(
        [
            Membership(
                item_id=int(corpus.item_ids[row]),
                problem_id=keys[int(grouping.labels[row])],
                confidence=float(grouping.confidence[row]),
                placed_at=moment,
            )
            for row in rows
        ],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["item"],
        update_fields=["problem", "confidence", "placed_at"],
    )
    items_settle(item_ids=[int(pk) for pk in corpus.item_ids[rows]], state=ItemState.PLACED)
    items_settle(item_ids=homeless, state=ItemState.UNPLACED)


def _problems_update(groups: Groups, keys: dict[int, int], words: Sequence[Wording]) -> None:
    """Where each problem lies now, and better words where no person chose them."""
    label_of = {problem: label for label, problem in keys.items()}
    problems = list(Problem.objects.filter(pk__in=label_of))
    for problem in problems:
        label = label_of[problem.pk]
        problem.vector_sum = groups.sums[label].tobytes()
        problem.vector_count = int(groups.sizes[label])
        problem.usual = float(groups.usual[label])
        _reword(problem, words[label])
    fields = ["vector_sum", "vector_count", "usual", "title", "job_when", "job_want", "job_so", "updated_at"]
    Problem.objects.bulk_update(problems, fields, batch_size=BATCH)
    Problem.objects.exclude(pk__in=label_of).update(vector_sum=b"", vector_count=0)


def _reword(problem: Problem, words: Wording) -> None:
    before = (problem.title, problem.job_when, problem.job_want, problem.job_so)
    if problem.titled_by == Author.ENGINE:
        problem.title = words.title
    if problem.job_by == Author.ENGINE:
        problem.job_when, problem.job_want, problem.job_so = (
            words.statement.when,
            words.statement.want,
            words.statement.so,
        )
    if before != (problem.title, problem.job_when, problem.job_want, problem.job_so):
        problem.updated_at = timezone.now()
