"""What a run leaves to people."""

from collections.abc import Callable

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.test import Client

from feedback.models import FeedbackItem
from insights.engine.changes import Kind, Suggestion
from insights.models import Correction, Decision, Membership, Problem, Proposal, Question, Ranking, Run
from insights.services.corrections import items_move
from insights.services.due import regroup_queue
from insights.services.proposals import (
    AlreadyDecidedError,
    proposal_accept,
    proposal_reject,
    proposals_replace,
    question_answer,
)
from insights.services.triage import TriageSummary

Drain = Callable[[], TriageSummary]


def propose(kind: Kind, problem: str, target: str | None, items: list[str]) -> Proposal:
    """A proposal of the latest run about the problems of these items."""
    ids = list(FeedbackItem.objects.order_by("pk").values_list("pk", flat=True))
    homes = dict(Membership.objects.values_list("item__external_id", "problem_id"))
    rows = [ids.index(FeedbackItem.objects.get(external_id=name).pk) for name in items]
    suggestion = Suggestion(kind, homes[problem], homes[target] if target else None, np.array(rows), 0.2)
    run = Run.objects.published().first()
    assert run is not None
    proposals_replace(run=run, suggestions=[suggestion], item_ids=ids)
    found: Proposal = Proposal.objects.get(state=Decision.OPEN)
    return found


def homes_of(*external_ids: str) -> list[int | None]:
    """The problems of items."""
    homes = dict(Membership.objects.values_list("item__external_id", "problem_id"))
    return [homes.get(external_id) for external_id in external_ids]


def test_a_run_on_the_same_items_proposes_nothing(company: Ranking, drain: Drain) -> None:
    regroup_queue()
    drain()
    assert not Proposal.objects.exists()


def test_a_run_proposes_instead_of_moving_what_is_placed(company: Ranking, manager: User, drain: Drain) -> None:
    dark = Problem.objects.get(memberships__item__external_id="dark-0")
    Membership.objects.filter(item__external_id="sso-0").update(problem=dark)
    regroup_queue()
    drain()
    assert homes_of("sso-0") == [dark.pk]
    proposal = Proposal.objects.get(state=Decision.OPEN, kind="move")
    assert proposal.item_ids == [FeedbackItem.objects.get(external_id="sso-0").pk]
    assert proposal.gain > 0
    proposal_accept(proposal=proposal, author=manager)
    assert homes_of("sso-0") == homes_of("sso-1")


def test_an_accepted_merge_makes_one_of_two(company: Ranking, manager: User) -> None:
    proposal = propose(Kind.MERGE, "dark-0", "sso-0", ["dark-0", "dark-1", "dark-2", "dark-3"])
    correction = proposal_accept(proposal=proposal, author=manager)
    assert homes_of("dark-0") == homes_of("sso-0")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.correction, proposal.decided_by) == ("accepted", correction, manager)


def test_an_accepted_split_makes_two_of_one(company: Ranking, manager: User) -> None:
    proposal = propose(Kind.SPLIT, "sso-0", None, ["sso-1", "sso-2"])
    proposal_accept(proposal=proposal, author=manager)
    one, two, three = homes_of("sso-1", "sso-2", "sso-0")
    assert one == two != three


def test_what_was_rejected_is_not_proposed_again(company: Ranking, manager: User) -> None:
    proposal = propose(Kind.MERGE, "dark-0", "sso-0", ["dark-0"])
    before = homes_of("dark-0", "sso-0")
    proposal_reject(proposal=proposal, author=manager)
    assert homes_of("dark-0", "sso-0") == before
    with pytest.raises(Proposal.DoesNotExist):
        propose(Kind.MERGE, "dark-0", "sso-0", ["dark-0"])


def test_a_proposal_is_decided_once(company: Ranking, manager: User) -> None:
    proposal = propose(Kind.MERGE, "dark-0", "sso-0", ["dark-0"])
    proposal_reject(proposal=proposal, author=manager)
    with pytest.raises(AlreadyDecidedError):
        proposal_accept(proposal=proposal, author=manager)
    assert homes_of("dark-0") != homes_of("sso-0")


def test_an_answer_to_a_question_binds(company: Ranking, manager: User, drain: Drain) -> None:
    questions = list(Question.objects.filter(state=Decision.OPEN))
    assert questions
    for number, question in enumerate(questions):
        question_answer(question=question, same=number % 2 == 0, author=manager)
    with pytest.raises(AlreadyDecidedError):
        question_answer(question=questions[0], same=True, author=manager)
    items_move(items=[questions[0].item], target=Problem.objects.order_by("pk")[0], author=manager)
    regroup_queue()
    drain()
    run = Run.objects.published()[0]
    assert run.figures["corrections"] == run.figures["corrections_honoured"] == len(questions) + 1
    answered = {(question.item_id, question.other_id) for question in questions}
    assert not answered & set(Question.objects.filter(state=Decision.OPEN).values_list("item_id", "other_id"))


def test_proposals_and_questions_can_be_decided_in_the_admin(company: Ranking, client: Client) -> None:
    client.force_login(User.objects.create_superuser("boss", password="a-long-password"))
    proposal = propose(Kind.MERGE, "dark-0", "sso-0", ["dark-0"])
    question = Question.objects.filter(state=Decision.OPEN)[0]
    for model, action, pk in (("proposal", "accept", proposal.pk), ("question", "same", question.pk)):
        path = f"/admin/insights/{model}/"
        assert client.get(path).status_code == 200
        client.post(path, {"action": action, "_selected_action": [pk]})
    proposal.refresh_from_db()
    question.refresh_from_db()
    assert (proposal.state, question.state) == ("accepted", "accepted")
    correction = Correction.objects.order_by("pk")[0]
    client.post("/admin/insights/correction/", {"action": "undo", "_selected_action": [correction.pk]})
    correction.refresh_from_db()
    assert correction.undone_at is not None
    assert homes_of("dark-0") != homes_of("sso-0")
