"""From words to problems, with the real model."""

from collections.abc import Callable

import pytest

from feedback.models import FeedbackItem, Job
from feedback.services.items import feedback_ingest
from insights.models import Embedding, Membership, Problem, Ranking, Run
from insights.models.problems import Author
from insights.services.due import regroup_queue
from insights.services.triage import TriageSummary
from tests.factories import make_record
from tests.insights.conftest import SAID

Drain = Callable[[], TriageSummary]


def topic_problems() -> dict[str, set[int]]:
    """The problems that the items of each topic are in."""
    homes: dict[str, set[int]] = {}
    for membership in Membership.objects.select_related("item"):
        homes.setdefault(membership.item.external_id.split("-")[0], set()).add(membership.problem_id)
    return homes


def test_items_about_one_thing_end_in_one_problem_and_off_topic_items_in_none(company: Ranking) -> None:
    homes = topic_problems()
    assert set(homes) == set(SAID)
    assert all(len(problems) == 1 for problems in homes.values())
    assert len(set.union(*homes.values())) == len(SAID)
    assert set(FeedbackItem.objects.unplaced().values_list("external_id", flat=True)) == {"off-0", "off-1"}


def test_every_item_is_placed_unplaced_or_quarantined(company: Ranking) -> None:
    counts = FeedbackItem.objects.state_counts()
    assert counts == {"placed": Membership.objects.count(), "unplaced": 2}
    assert (company.items, company.placed, company.unplaced, company.quarantined) == (20, 18, 2, 0)
    assert Embedding.objects.count() == len({item.text_hash for item in FeedbackItem.objects.all()})


def test_a_second_triage_changes_nothing(company: Ranking, drain: Drain) -> None:
    before = list(Membership.objects.order_by("item_id").values_list("item_id", "problem_id"))
    drain()
    assert list(Membership.objects.order_by("item_id").values_list("item_id", "problem_id")) == before
    assert Ranking.objects.count() == 1
    assert Run.objects.count() == 1


def test_a_new_item_joins_its_problem_without_a_regrouping(company: Ranking, drain: Drain) -> None:
    feedback_ingest(records=[make_record("new-1", "Please support single sign-on (SSO) with our identity provider")])
    drain()
    home = Membership.objects.get(item__external_id="new-1")
    assert {home.problem_id} == topic_problems()["sso"]
    assert 0.5 < home.confidence <= 1
    assert Run.objects.count() == 1
    assert Ranking.objects.count() == 2


def test_a_regrouping_keeps_the_keys(company: Ranking, drain: Drain) -> None:
    before = topic_problems()
    regroup_queue()
    drain()
    assert Run.objects.published().count() == 2
    assert topic_problems() == before
    assert Problem.objects.count() == len(SAID)


def test_a_pinned_item_stays_where_a_person_put_it(company: Ranking, drain: Drain) -> None:
    dark = Problem.objects.get(memberships__item__external_id="dark-0")
    Membership.objects.filter(item__external_id="export-0").update(problem=dark, placed_by=Author.PERSON)
    regroup_queue()
    drain()
    assert Membership.objects.get(item__external_id="export-0").problem_id == dark.pk


def test_a_changed_text_is_read_again(company: Ranking, drain: Drain) -> None:
    feedback_ingest(records=[make_record("dark-1", SAID["sso"][0])])
    drain()
    assert {Membership.objects.get(item__external_id="dark-1").problem_id} == topic_problems()["sso"]


def test_an_empty_database_is_ranked_as_nothing(db: None, drain: Drain) -> None:
    assert drain() == TriageSummary(items=0, placed=0, unplaced=0, quarantined=0, problems=0, seconds=0.0)


@pytest.mark.parametrize("texts", [["One lonely request"], ["The same words"] * 12])
def test_very_little_feedback_is_settled_too(db: None, drain: Drain, texts: list[str]) -> None:
    feedback_ingest(records=[make_record(f"F{n}", text) for n, text in enumerate(texts)])
    summary = drain()
    assert summary.items == summary.placed + summary.unplaced == len(texts)
    assert not Job.objects.open().exists()
