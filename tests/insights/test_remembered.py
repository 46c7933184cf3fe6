"""Pages of the list are kept ready, and nobody sees an old one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers.models import Account
from customers.services.refresh import customers_refresh
from feedback.models import FeedbackItem
from feedback.services.items import feedback_ingest
from insights.models import Problem, Ranking, Status, Theme, Touched
from insights.services.corrections import items_move, problem_rename
from insights.services.ranking import ranking_refresh
from insights.services.statuses import problem_status_set
from insights.services.touching import shown_state
from insights.services.triage import TriageSummary
from tests.factories import MOMENT, make_record
from tests.insights.conftest import SAID

Change = Callable[[Problem], object]


def sso() -> Problem:
    """The problem at the top."""
    return Problem.objects.get(memberships__item__external_id="sso-0")


def reworded(_: Problem) -> None:
    """The customer's words change, not what they are about."""
    feedback_ingest(records=[make_record("sso-0", f"{SAID['sso'][0]} now", account_id="A0", severity="high")])


def renamed_account(_: Problem) -> None:
    """A company has another name."""
    account = Account.objects.get(external_id="A0")
    account.name = "Another name"
    account.save()
    customers_refresh(today=MOMENT.date(), accounts=[account])
    assert ranking_refresh() is not None


def moved(_: Problem) -> None:
    """A quote goes elsewhere."""
    target = Problem.objects.create(title="Elsewhere")
    items_move(items=[FeedbackItem.objects.get(external_id="sso-0")], target=target, author=None)


def renamed_theme(problem: Problem) -> None:
    """Its theme is renamed in the admin."""
    assert problem.theme is not None
    client = Client()
    client.force_login(_administrator())
    address = f"/admin/insights/theme/{problem.theme.pk}/change/"
    assert client.post(address, {"name": "Another theme"}).status_code == 302


def edited(problem: Problem) -> None:
    """Its status is changed in the admin."""
    client = Client()
    client.force_login(_administrator())
    form = {"title": problem.title, "status": "planned", "theme": problem.theme_id or ""}
    assert client.post(f"/admin/insights/problem/{problem.pk}/change/", form).status_code == 302


def _administrator() -> User:
    return User.objects.create_superuser("administrator")


CHANGES: dict[str, Change] = {
    "title": lambda problem: str(problem_rename(problem=problem, title="Another title", author=None)),
    "status": lambda problem: problem_status_set(problem=problem, status=Status.PLANNED),
    "quote": reworded,
    "account": renamed_account,
    "member": moved,
    "theme": renamed_theme,
    "form": edited,
}


def test_the_second_time_the_list_is_not_worked_out(company: Ranking, api: Any) -> None:
    first = api("/api/v1/ranking/")
    with CaptureQueriesContext(connection) as queries:
        second = api("/api/v1/ranking/")
    assert second.content == first.content
    assert second["ETag"] == first["ETag"]
    # Who calls, and how the list stands.
    assert len(queries) <= 3
    assert not any("rankingentry" in query["sql"] for query in queries)


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_shows_at_once(company: Ranking, api: Any, change: str) -> None:
    problem = sso()
    problem.theme = Theme.objects.create(name="Access")
    problem.save()
    before = api("/api/v1/ranking/").content
    assert api("/api/v1/ranking/").content == before
    CHANGES[change](problem)
    assert api("/api/v1/ranking/").content != before


def test_what_came_back_to_where_it_was_is_not_taken_for_the_page_of_before(company: Ranking, api: Any) -> None:
    states = [shown_state()]
    for title in ("One", "Two"):
        problem_rename(problem=sso(), title=title, author=None)
        states.append(shown_state())
        assert api("/api/v1/ranking/").json()["results"][0]["title"] == title
        # The notes are taken away and nothing is published.
        assert ranking_refresh() is None
        states.append(shown_state())
        assert api("/api/v1/ranking/").json()["results"][0]["title"] == title
    assert len(set(states)) == 5


def test_a_note_that_is_committed_late_is_seen(company: Ranking) -> None:
    late, early = (Touched.objects.create(kind="words").pk for _ in range(2))
    both = shown_state()
    Touched.objects.filter(pk=late).delete()
    one = shown_state()
    assert one != both
    Touched.objects.create(pk=late, kind="words")
    assert shown_state() == both
    assert early > late


def test_what_is_kept_ready_opens_no_door(company: Ranking, api: Any, client: Client) -> None:
    assert api("/api/v1/ranking/").status_code == 200
    assert client.get("/api/v1/ranking/").status_code == 401
    assert api("/api/v1/ranking/", ordering="score").status_code == 400


def test_the_entity_tag_of_a_kept_page_saves_its_bytes(company: Ranking, client: Client, key: str, api: Any) -> None:
    tag = api("/api/v1/ranking/")["ETag"]
    again = client.get("/api/v1/ranking/", headers={"Authorization": f"Api-Key {key}", "If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)


def test_whoever_asks_with_a_tag_first_leaves_the_page_for_the_next(company: Ranking, client: Client, key: str) -> None:
    headers = {"Authorization": f"Api-Key {key}"}
    tag = client.get("/api/v1/ranking/", {"page_size": "2"}, headers=headers)["ETag"]
    problem_status_set(problem=Problem.objects.create(title="Elsewhere"), status=Status.SHIPPED)
    asked = client.get("/api/v1/ranking/", {"page_size": "2"}, headers={**headers, "If-None-Match": tag})
    assert asked.status_code == 304
    assert len(client.get("/api/v1/ranking/", {"page_size": "2"}, headers=headers).json()["results"]) == 2


def test_an_empty_service_has_an_empty_list(db: None, api: Any, drain: Callable[[], TriageSummary]) -> None:
    assert [api("/api/v1/ranking/").json()["results"] for _ in range(2)] == [[], []]
