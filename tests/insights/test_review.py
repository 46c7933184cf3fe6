"""The review inbox: one proposal or question at a time, its effect said before, its answer undone after."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from insights.models import Decision, Membership, Problem, Proposal, Question, Ranking, Run


@pytest.fixture
def planner(company: Ranking, browser: Client, manager: User) -> Client:
    """Somebody who decides about problems, with nothing to decide."""
    manager.groups.add(Group.objects.get(name="Product manager"))
    Question.objects.all().delete()
    return browser


def problem(external_id: str) -> Problem:
    """The problem that an item is in."""
    found: Problem = Problem.objects.get(memberships__item__external_id=external_id)
    return found


def proposed(kind: str, of: str, to: str, gain: float, count: int) -> Proposal:
    """A proposal of the last run about the first few items of a problem."""
    home = problem(of)
    items = list(home.memberships.order_by("pk").values_list("item_id", flat=True)[:count])
    target = problem(to) if to else None
    return Proposal.objects.create(
        run=Run.objects.published()[0], kind=kind, problem=home, target=target, item_ids=items, gain=gain
    )


def asked(one: str, other: str, gain: float) -> Question:
    """A question of the last run about two items."""
    first, second = sorted(Membership.objects.get(item__external_id=text).item_id for text in (one, other))
    return Question.objects.create(run=Run.objects.published()[0], item_id=first, other_id=second, gain=gain)


def homes() -> dict[int, int]:
    """Which problem each item is in."""
    return dict(Membership.objects.values_list("item_id", "problem_id"))


def test_the_inbox_goes_from_one_to_the_next(planner: Client) -> None:
    merge = proposed("merge", "dark-0", "sso-0", 0.3, 4)
    split = proposed("split", "export-0", "", 0.2, 2)
    move = proposed("move", "sso-0", "export-0", 0.1, 1)
    question = asked("sso-1", "dark-1", 5)
    page = planner.get("/review/").text
    assert f"Merge {merge.problem.key} into {problem('sso-0').key}?" in page
    assert "0 decided today, 4 waiting" in page
    for seen, then in ((merge, "Split 2 items off"), (split, "Move 1 item from")):
        page = planner.get("/review/", {"after": f"proposal-{seen.pk}"}).text
        assert then in page
    page = planner.get("/review/", {"after": f"proposal-{move.pk}"}).text
    assert "The same problem?" in page
    assert question.item.text in unescape(page)
    page = planner.get("/review/", {"after": f"question-{question.pk}"}).text
    assert "You have seen all that waits" in page
    assert "4 were skipped." in page


@pytest.mark.parametrize("kind", ["merge", "split", "move"])
def test_an_accepted_proposal_does_what_was_said_and_is_undone(planner: Client, kind: str) -> None:
    before = homes()
    proposal = proposed(kind, "dark-0", "" if kind == "split" else "sso-0", 0.3, 4 if kind == "merge" else 2)
    page = planner.get("/review/").text
    told = re.findall(r"→ <strong>(\d+|–)</strong></td>\s*<td class=\"n wide-only\">", page)
    assert homes() == before
    address = f"/review/proposal/{proposal.pk}/"
    answer = planner.post(address, {"answer": "accept"}, follow=True)
    assert "1 decided today, 0 waiting" in answer.text
    assert "You have seen" not in answer.text
    counts = {key: list(homes().values()).count(key) for key in {*homes().values(), *before.values()}}
    changed = [counts[key] for key in counts if counts[key] != list(before.values()).count(key)]
    assert sorted(told) == sorted(str(count or "–") for count in changed)
    assert "no longer open" in planner.post(address, {"answer": "reject"}, follow=True).text
    undone = planner.post(f"/undo/decision/proposal/{proposal.pk}/", follow=True)
    assert "Undone: it waits for an answer again." in undone.text
    assert "0 decided today, 1 waiting" in undone.text
    assert homes() == before
    again = planner.post(f"/undo/decision/proposal/{proposal.pk}/", follow=True)
    assert "there is nothing to take back" in again.text


def test_a_rejected_proposal_comes_back_when_it_is_undone(planner: Client) -> None:
    before = homes()
    proposal = proposed("merge", "dark-0", "sso-0", 0.3, 4)
    planner.post(f"/review/proposal/{proposal.pk}/", {"answer": "reject"})
    proposal.refresh_from_db()
    assert proposal.state == Decision.REJECTED
    planner.post(f"/undo/decision/proposal/{proposal.pk}/")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by, proposal.decided_at) == (Decision.OPEN, None, None)
    assert homes() == before


@pytest.mark.parametrize("answer", ["accept", "reject"])
def test_a_question_is_answered_and_undone(planner: Client, answer: str) -> None:
    before = homes()
    pair = ("sso-1", "dark-1") if answer == "accept" else ("sso-1", "sso-2")
    question = asked(*pair, 5)
    assert 'data-key="a"' in planner.get("/review/").text
    planner.post(f"/review/question/{question.pk}/", {"answer": answer})
    assert homes() != before
    planner.post(f"/undo/decision/question/{question.pk}/")
    assert homes() == before
    question.refresh_from_db()
    assert question.state == Decision.OPEN


def test_what_contradicts_earlier_answers_cannot_be_accepted(planner: Client) -> None:
    planner.post(f"/review/question/{asked('dark-0', 'sso-0', 3).pk}/", {"answer": "reject"})
    proposal = proposed("merge", "dark-0", "sso-0", 0.3, 4)
    page = planner.get("/review/").text
    assert "not to be the same" in page
    assert 'value="accept"' not in page
    before = homes()
    assert (
        "not to be the same" in planner.post(f"/review/proposal/{proposal.pk}/", {"answer": "accept"}, follow=True).text
    )
    assert homes() == before
    proposal.refresh_from_db()
    assert proposal.state == Decision.OPEN


def test_an_empty_inbox_teaches(planner: Client) -> None:
    page = planner.get("/review/").text
    assert "Nothing waits for you" in page
    for strange in ("proposal-x", "question-²", "lunch-3", "proposal-" + "9" * 40):
        assert planner.get("/review/", {"after": strange, "at": strange}).status_code == 200
    assert planner.post("/review/lunch/1/", {"answer": "accept"}).status_code == 404


def test_who_may_not_correct_has_no_inbox(company: Ranking, browser: Client) -> None:
    assert "Review" not in browser.get("/").text
    assert browser.get("/review/").status_code == 403
