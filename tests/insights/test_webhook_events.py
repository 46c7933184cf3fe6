"""What is told: which events, when, with which payload, and never anything that a customer wrote or is."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import reverse

from feedback.models import FeedbackItem, Job
from feedback.services.items import feedback_ingest
from insights.models import Delivery, Event, EventType, Problem, Ranking, Theme
from insights.services.corrections import correction_undo, problem_merge, problem_rename, problem_split
from insights.services.due import regroup_queue
from insights.services.triage import TriageSummary
from tests.factories import make_record
from tests.insights.conftest import SAID
from tests.insights.receivers import make_endpoint

pytestmark = pytest.mark.django_db
Drain = Callable[[], TriageSummary]
# Emitted but not sent: nothing is called in these tests.
NOWHERE = "https://hooks.invalid/"


def told(*types: EventType) -> list[dict[str, Any]]:
    """The data of the events of some types, oldest first."""
    return [event.data for event in Event.objects.filter(type__in=types).order_by("pk")]


def test_what_comes_in_is_told_and_the_ranking_that_follows(company: Ranking, drain: Drain) -> None:
    make_endpoint(NOWHERE)
    records = [make_record(f"again-{n}", text) for n, text in enumerate(SAID["sso"])]
    feedback_ingest(records=records)
    (received,) = told(EventType.FEEDBACK_RECEIVED)
    assert received["count"] == len(records)
    assert set(received["item_ids"]) == set(
        FeedbackItem.objects.filter(external_id__startswith="again").values_list("pk", flat=True)
    )
    drain()
    (ranked,) = told(EventType.RANKING_PUBLISHED)
    ranking = Ranking.objects.latest()
    assert ranked["number"] == ranking.number
    assert ranked["items"] == FeedbackItem.objects.count()
    assert ranked["problems"] == ranking.entries.count()


def test_a_regrouping_tells_of_problems_that_appear_and_change_and_of_no_others(company: Ranking, drain: Drain) -> None:
    make_endpoint(NOWHERE, events=(EventType.PROBLEM_CREATED, EventType.PROBLEM_UPDATED))
    regroup_queue()
    drain()
    assert told(*EventType) == []
    topic = "Please let us see the shift calendar on the wall display in the hall"
    feedback_ingest(records=[make_record(f"hall-{n}", f"{topic} {n}") for n in range(6)])
    drain()
    regroup_queue()
    drain()
    (created,) = told(EventType.PROBLEM_CREATED)
    problem = Problem.objects.latest("pk")
    assert set(created) == {"key", "title", "status", "theme", "items"}
    assert (created["key"], created["title"], created["items"]) == (problem.key, problem.title, 6)


def test_corrections_tell_what_they_do_to_problems(company: Ranking) -> None:
    make_endpoint(NOWHERE)
    gone, kept = Problem.objects.order_by("pk")[:2]
    merge = problem_merge(problem=gone, target=kept, author=None)
    (merged,) = told(EventType.PROBLEM_MERGED)
    assert (merged["key"], merged["merged_into"], merged["items"]) == (gone.key, kept.key, 0)
    assert [data["key"] for data in told(EventType.PROBLEM_UPDATED)] == [kept.key]
    correction_undo(correction=merge)
    assert [data["key"] for data in told(EventType.PROBLEM_UPDATED)] == [kept.key, gone.key, kept.key]
    problem_rename(problem=kept, title="A better title", author=None)
    assert told(EventType.PROBLEM_UPDATED)[-1]["title"] == "A better title"
    item = kept.memberships.all()[0].item
    problem_split(problem=kept, items=[item], title="Its own", author=None)
    assert told(EventType.PROBLEM_CREATED)[0]["title"] == "Its own"


def test_a_status_set_in_the_admin_is_told(company: Ranking, client: Client) -> None:
    make_endpoint(NOWHERE)
    client.force_login(User.objects.create_superuser("root"))
    problem = Problem.objects.all()[0]
    theme = Theme.objects.create(name="Getting in")
    form = {"title": problem.title, "status": "planned", "theme": theme.pk}
    form |= {name: getattr(problem, name) for name in ("job_when", "job_want", "job_so")}
    answer = client.post(reverse("admin:insights_problem_change", args=[problem.pk]), form)
    assert answer.status_code == 302
    (changed,) = told(EventType.PROBLEM_STATUS_CHANGED)
    assert (changed["key"], changed["previous_status"], changed["status"]) == (problem.key, "new", "planned")
    (updated,) = told(EventType.PROBLEM_UPDATED)
    assert updated["theme"] == "Getting in"


def test_what_is_rolled_back_is_not_told() -> None:
    make_endpoint(NOWHERE)
    with transaction.atomic():
        feedback_ingest(records=[make_record()])
        assert Event.objects.count() == 1
        transaction.set_rollback(True)
    assert Event.objects.count() == Delivery.objects.count() == Job.objects.count() == 0


def test_only_what_somebody_listens_to_is_stored_and_only_they_get_it() -> None:
    feedback_ingest(records=[make_record("F1")])
    assert Event.objects.count() == 0
    listening, _ = make_endpoint(NOWHERE, events=(EventType.FEEDBACK_RECEIVED,))
    make_endpoint(NOWHERE, "other", events=(EventType.RANKING_PUBLISHED,))
    feedback_ingest(records=[make_record("F2")])
    assert [delivery.endpoint for delivery in Delivery.objects.all()] == [listening]


def test_payloads_hold_nobody_and_nothing_that_was_said(company: Ranking) -> None:
    make_endpoint(NOWHERE)
    feedback_ingest(records=[make_record("F9", "Call Ann at ann@one.example", contact_email="ann@one.example")])
    problem_merge(problem=Problem.objects.all()[0], target=Problem.objects.all()[1], author=None)
    text = json.dumps(told(*EventType))
    assert "ann" not in text.lower().replace("planned", "")
    for item in FeedbackItem.objects.all():
        assert item.text not in text
        assert item.external_id not in text
