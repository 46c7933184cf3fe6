"""Proposals and questions: what a run leaves to people, and what their yes and no do."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from feedback.models import FeedbackItem
from insights.engine.changes import Kind, Suggestion
from insights.engine.questions import Question as Pair
from insights.models import Correction, Decision, Proposal, Question, Run
from insights.services.corrections import (
    By,
    correction_undo,
    items_move,
    pair_not_same,
    pair_same,
    problem_merge,
    problem_split,
)

QUESTIONS = 20


class AlreadyDecidedError(ValueError):
    """The proposal or question is no longer open."""


def proposals_replace(*, run: Run, suggestions: Sequence[Suggestion], item_ids: Sequence[int]) -> int:
    """The open proposals are those of this run; what was rejected is not proposed again. Answers how many there are."""
    Proposal.objects.filter(state=Decision.OPEN).update(state=Decision.OBSOLETE, decided_at=timezone.now())
    rejected = set(Proposal.objects.filter(state=Decision.REJECTED).values_list("kind", "problem_id", "target_id"))
    new = [
        Proposal(
            run=run,
            kind=suggestion.kind.value,
            problem_id=suggestion.problem,
            target_id=suggestion.target,
            item_ids=[item_ids[row] for row in suggestion.rows],
            gain=suggestion.gain,
        )
        for suggestion in suggestions
        if (suggestion.kind.value, suggestion.problem, suggestion.target) not in rejected
    ]
    return len(Proposal.objects.bulk_create(new, batch_size=500))


@transaction.atomic
def proposal_accept(*, proposal: Proposal, author: By) -> Correction:
    """Do what the proposal says; the correction that it becomes can be undone.

    Raises:
        AlreadyDecidedError: it is not open.
        CorrectionRefusedError: it contradicts corrections that were made since.
    """
    _close(proposal, Decision.ACCEPTED, author)
    items = list(FeedbackItem.objects.filter(pk__in=proposal.item_ids))
    if proposal.kind == Kind.SPLIT or proposal.target is None:
        title = f"{proposal.problem.title} (split off)"[:200]
        correction = problem_split(problem=proposal.problem, items=items, title=title, author=author)
    elif proposal.kind == Kind.MERGE:
        correction = problem_merge(problem=proposal.problem, target=proposal.target, author=author)
    else:
        correction = items_move(items=items, target=proposal.target, author=author)
    Proposal.objects.filter(pk=proposal.pk).update(correction=correction)
    return correction


@transaction.atomic
def proposal_reject(*, proposal: Proposal, author: By) -> None:
    """Leave everything as it is, and never propose the same again.

    Raises:
        AlreadyDecidedError: it is not open.
    """
    _close(proposal, Decision.REJECTED, author)


def questions_replace(*, run: Run, pairs: Sequence[Pair], item_ids: Sequence[int]) -> int:
    """The open questions are those of this run; a pair that was answered is not asked again."""
    Question.objects.filter(state=Decision.OPEN).update(state=Decision.OBSOLETE, decided_at=timezone.now())
    new = []
    for pair in pairs:
        first, second = sorted((item_ids[pair.first], item_ids[pair.second]))
        new.append(Question(run=run, item_id=first, other_id=second, gain=pair.gain))
    return len(Question.objects.bulk_create(new))


def questions_answered() -> set[tuple[int, int]]:
    """The pairs of items that were answered, smaller id first."""
    decided = Question.objects.filter(state__in=[Decision.ACCEPTED, Decision.REJECTED])
    return set(decided.values_list("item_id", "other_id"))


@transaction.atomic
def question_answer(*, question: Question, same: bool, author: By) -> Correction:
    """Record a person's answer to "same problem?".

    Raises:
        AlreadyDecidedError: it was answered, or is no longer asked.
        CorrectionRefusedError: the answer contradicts earlier corrections.
    """
    _close(question, Decision.ACCEPTED if same else Decision.REJECTED, author)
    answer = pair_same if same else pair_not_same
    correction = answer(item=question.item, other=question.other, author=author)
    Question.objects.filter(pk=question.pk).update(correction=correction)
    return correction


@transaction.atomic
def decision_take_back(*, decidable: Proposal | Question) -> None:
    """It waits for an answer again, and whatever the answer changed is as it was before.

    Raises:
        AlreadyDecidedError: nobody has answered it, or it was taken back already.
        CorrectionRefusedError: a later correction builds on the answer.
    """
    waiting = {"state": Decision.OPEN, "decided_by": None, "decided_at": None, "correction": None}
    answered = type(decidable).objects.filter(pk=decidable.pk, state__in=[Decision.ACCEPTED, Decision.REJECTED])
    if not answered.update(**waiting):
        raise AlreadyDecidedError(f"{decidable} waits for an answer: there is nothing to take back.")
    if decidable.correction is not None and decidable.correction.undone_at is None:
        correction_undo(correction=decidable.correction)


def _close(decidable: Proposal | Question, decision: Decision, author: By) -> None:
    changed = {"state": decision, "decided_by": author, "decided_at": timezone.now()}
    if not type(decidable).objects.filter(pk=decidable.pk, state=Decision.OPEN).update(**changed):
        raise AlreadyDecidedError(f"{decidable} is no longer open.")
