"""What people decide: at once, for good, and back again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User

from feedback.models import FeedbackItem
from feedback.services.items import feedback_ingest
from insights.models import Correction, Membership, Problem, Ranking, Run
from insights.models.problems import Author
from insights.services.bindings import CorrectionRefusedError
from insights.services.corrections import (
    correction_undo,
    items_move,
    pair_not_same,
    pair_same,
    problem_merge,
    problem_rename,
    problem_split,
)
from insights.services.due import regroup_queue
from insights.services.triage import TriageSummary
from tests.factories import make_record

Drain = Callable[[], TriageSummary]


def item(external_id: str) -> FeedbackItem:
    """The item of an external id."""
    found: FeedbackItem = FeedbackItem.objects.get(external_id=external_id)
    return found


def home(external_id: str) -> int | None:
    """The problem that an item is in."""
    return Membership.objects.filter(item__external_id=external_id).values_list("problem_id", flat=True).first()


def problem(external_id: str) -> Problem:
    """The problem that an item is in, as a row."""
    found: Problem = Problem.objects.get(memberships__item__external_id=external_id)
    return found


def everything() -> list[tuple[Any, ...]]:
    """All that a correction may change."""
    members = Membership.objects.order_by("item_id").values_list(
        "item_id", "problem_id", "confidence", "placed_by", "placed_at"
    )
    items = FeedbackItem.objects.order_by("pk").values_list("pk", "state")
    problems = Problem.objects.order_by("pk").values_list("pk", "title", "titled_by", "merged_into")
    return [*members, *items, *problems]


def regrouped(drain: Drain) -> Run:
    """One more run."""
    regroup_queue()
    drain()
    run = Run.objects.order_by("pk").last()
    assert run is not None
    assert run.state == "published", run.error
    return run


def test_a_move_holds_through_every_later_run(company: Ranking, manager: User, drain: Drain) -> None:
    dark = problem("dark-0")
    items_move(items=[item("export-0")], target=dark, author=manager)
    assert home("export-0") == dark.pk
    for _ in range(2):
        run = regrouped(drain)
        assert (run.figures["corrections"], run.figures["corrections_honoured"]) == (1, 1)
        assert home("export-0") == dark.pk
    assert Membership.objects.get(item__external_id="export-0").placed_by == Author.PERSON


def test_a_merge_leaves_a_key_that_leads_on(company: Ranking, manager: User, drain: Drain) -> None:
    dark, sso = problem("dark-0"), problem("sso-0")
    problem_merge(problem=dark, target=sso, author=manager)
    dark.refresh_from_db()
    assert dark.merged_into == sso
    regrouped(drain)
    assert {home(f"dark-{n}") for n in range(4)} == {sso.pk}
    latest = Ranking.objects.first()
    assert latest is not None
    assert not latest.entries.filter(problem=dark).exists()


def test_a_split_holds_and_takes_newcomers_apart(company: Ranking, manager: User, drain: Drain) -> None:
    export = problem("export-0")
    leaving = [item("export-1"), item("export-3")]
    split = problem_split(problem=export, items=leaving, title="Schedule exports", author=manager)
    assert split.problem is not None
    assert home("export-1") == home("export-3") == split.problem.pk
    regrouped(drain)
    assert home("export-1") == home("export-3") == split.problem.pk
    assert home("export-0") == export.pk


def test_not_the_same_takes_the_less_sure_item_out(company: Ranking, manager: User, drain: Drain) -> None:
    sure, loose = sorted(
        Membership.objects.filter(problem=problem("sso-0")).select_related("item"), key=lambda one: -one.confidence
    )[:2]
    pair_not_same(item=sure.item, other=loose.item, author=manager)
    assert home(loose.item.external_id) is None
    regrouped(drain)
    assert home(loose.item.external_id) != home(sure.item.external_id)


def test_the_same_brings_the_less_sure_item_over(company: Ranking, manager: User, drain: Drain) -> None:
    pair_same(item=item("off-0"), other=item("dark-0"), author=manager)
    assert home("off-0") == home("dark-0")
    regrouped(drain)
    assert home("off-0") == home("dark-0")


def test_a_neighbour_that_waits_to_be_read_stops_no_correction(company: Ranking, manager: User) -> None:
    FeedbackItem.objects.filter(external_id="sso-1").update(text_hash="not read yet")
    items_move(items=[item("sso-0"), item("sso-1")], target=problem("dark-0"), author=manager)
    assert home("sso-0") == home("sso-1") == home("dark-0")
    assert problem("dark-0").vector_count == 5


def test_a_name_given_by_a_person_stays(company: Ranking, manager: User, drain: Drain) -> None:
    problem_rename(problem=problem("sso-0"), title="  Sign in   once ", author=manager)
    feedback_ingest(records=[make_record(f"more-{n}", "Single sign-on (SSO) through our provider") for n in range(3)])
    drain()
    regrouped(drain)
    assert problem("sso-0").title == "Sign in once"


def test_a_contradiction_is_refused_with_the_chain(company: Ranking, manager: User) -> None:
    for one, two in (("sso-0", "sso-1"), ("sso-1", "sso-2")):
        pair_same(item=item(one), other=item(two), author=manager)
    before = everything()
    with pytest.raises(CorrectionRefusedError, match=r"zendesk sso-0 = zendesk sso-1 = zendesk sso-2"):
        pair_not_same(item=item("sso-0"), other=item("sso-2"), author=manager)
    assert everything() == before
    assert Correction.objects.count() == 2


def test_items_held_apart_cannot_be_merged(company: Ranking, manager: User) -> None:
    pair_not_same(item=item("sso-0"), other=item("dark-0"), author=manager)
    with pytest.raises(CorrectionRefusedError, match="not to be the same"):
        problem_merge(problem=problem("dark-0"), target=problem("sso-0"), author=manager)


@pytest.mark.parametrize("title", ["", "   ", "x" * 201])
def test_a_title_has_to_be_one(company: Ranking, manager: User, title: str) -> None:
    with pytest.raises(CorrectionRefusedError):
        problem_rename(problem=problem("sso-0"), title=title, author=manager)


def test_a_split_needs_items_on_both_sides(company: Ranking, manager: User) -> None:
    for items in ([], [item(f"dark-{n}") for n in range(4)], [item("sso-0")]):
        with pytest.raises(CorrectionRefusedError):
            problem_split(problem=problem("dark-0"), items=items, title="Nothing", author=manager)


CORRECTIONS: dict[str, Callable[[User], Correction]] = {
    "move": lambda by: items_move(items=[item("export-0"), item("off-0")], target=problem("dark-0"), author=by),
    "merge": lambda by: problem_merge(problem=problem("dark-0"), target=problem("sso-0"), author=by),
    "split": lambda by: problem_split(problem=problem("sso-0"), items=[item("sso-1")], title="Okta", author=by),
    "same": lambda by: pair_same(item=item("sso-0"), other=item("export-0"), author=by),
    "not_same": lambda by: pair_not_same(item=item("sso-0"), other=item("sso-1"), author=by),
    "rename": lambda by: problem_rename(problem=problem("sso-0"), title="Another", author=by),
}


@pytest.mark.parametrize("kind", CORRECTIONS)
def test_undone_a_correction_has_never_been(company: Ranking, manager: User, drain: Drain, kind: str) -> None:
    before = everything()
    correction = CORRECTIONS[kind](manager)
    assert everything() != before
    correction_undo(correction=correction)
    split_off = {correction.problem_id} if kind == "split" else set()
    after = [row for row in everything() if not (len(row) == 4 and row[0] in split_off and row[1] == "Okta")]
    assert after == before
    correction.refresh_from_db()
    with pytest.raises(CorrectionRefusedError, match="undone already"):
        correction_undo(correction=correction)
    drain()
    latest = Ranking.objects.first()
    assert latest is not None
    assert [(e.rank, e.score) for e in latest.entries.order_by("rank")] == [
        (e.rank, e.score) for e in company.entries.order_by("rank")
    ]


def test_a_correction_that_others_build_on_is_undone_last(company: Ranking, manager: User) -> None:
    first = items_move(items=[item("off-0")], target=problem("dark-0"), author=manager)
    items_move(items=[item("off-0")], target=problem("sso-0"), author=manager)
    with pytest.raises(CorrectionRefusedError, match="later correction first"):
        correction_undo(correction=first)


def test_corrections_are_append_only(company: Ranking, manager: User) -> None:
    correction = CORRECTIONS["rename"](manager)
    with pytest.raises(TypeError, match="append-only"):
        correction.save()
