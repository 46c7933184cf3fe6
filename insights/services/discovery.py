"""Discovery cards: answering, and taking an answer back."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from insights.models import DiscoveryAnswer, DiscoveryQuestion, Problem

MOST = 4000


class AnswerRefusedError(ValueError):
    """An answer that cannot be stored or taken back. The text says why."""


@dataclass(frozen=True)
class Answered:
    """A question with its newest answer, None where nobody knows."""

    question: DiscoveryQuestion
    answer: DiscoveryAnswer | None


def card_of(*, problem: Problem) -> list[Answered]:
    """Every question in its order. What was found out about problems that became part of this one counts, if it has
    no answer of its own.
    """
    newest: dict[tuple[int, str], DiscoveryAnswer] = {}
    for answer in DiscoveryAnswer.objects.filter(problem__in=problem.family()).select_related("author", "problem"):
        newest.setdefault((answer.problem_id, answer.question), answer)
    told = [answer for answer in newest.values() if answer.text]
    own_first = sorted(told, key=lambda answer: (answer.problem_id != problem.pk, -answer.pk))
    found: dict[str, DiscoveryAnswer] = {}
    for answer in own_first:
        found.setdefault(answer.question, answer)
    return [Answered(question, found.get(question)) for question in DiscoveryQuestion]


@transaction.atomic
def discovery_answer(*, problem: Problem, question: str, text: str, author: User) -> DiscoveryAnswer | None:
    """Answer a question anew; answers None when nothing changes.

    Raises:
        AnswerRefusedError: there is no such question, or the answer is too long.
    """
    if question not in DiscoveryQuestion.values:
        raise AnswerRefusedError("There is no such question.")
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text) > MOST:
        raise AnswerRefusedError(f"An answer has at most {MOST} characters.")
    last = problem.discovery.filter(question=question).first()
    if (last.text if last else "") == text:
        return None
    return DiscoveryAnswer.objects.create(problem=problem, question=question, text=text, author=author)


@transaction.atomic
def discovery_take_back(*, answer: DiscoveryAnswer) -> None:
    """The answer before counts again.

    Raises:
        AnswerRefusedError: somebody has answered anew since.
    """
    later = DiscoveryAnswer.objects.filter(problem=answer.problem_id, question=answer.question, pk__gt=answer.pk)
    if later.exists():
        raise AnswerRefusedError("Somebody has answered this anew since: take that back first.")
    answer.delete()
