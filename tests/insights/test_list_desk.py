"""The list as somebody wants to see it: filters, columns, order and saved views, all in the address."""

import csv
import datetime as dt
import io
import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from customers.models import Account
from feedback.models import FeedbackItem, Source
from insights.models import Problem, Ranking, SavedView
from insights.services.edits import problems_edit


def problem(topic: str) -> Problem:
    """The problem of a topic."""
    found: Problem = Problem.objects.get(memberships__item__external_id=f"{topic}-0")
    return found


def shown(client: Client, **query: Any) -> list[str]:
    """The keys of the page, as they stand."""
    return re.findall(r'class="problem-title"[^>]*href="/problems/(P-\d+)/"', client.get("/", query).text)


def test_each_filter_leaves_only_what_meets_it(planner: Client, manager: User) -> None:
    topics = {topic: problem(topic) for topic in ("sso", "export", "dark", "invoice")}
    everything = {one.key for one in topics.values()}
    assert set(shown(planner)) == everything
    Account.objects.filter(external_id="A2").update(segment="Small")
    problems_edit(problems=[topics["dark"]], values={"area": "Look", "owner_id": manager.pk}, author=None)
    FeedbackItem.objects.exclude(external_id="invoice-3").update(said_at=timezone.now() - dt.timedelta(days=90))
    other = Source.objects.create(key="intercom")
    FeedbackItem.objects.filter(external_id="sso-3").update(source=other)
    named = topics["sso"].theme
    expected: dict[tuple[str, Any], set[str]] = {
        ("segment", "Small"): {topics["export"].key, topics["dark"].key},
        ("area", "Look"): {topics["dark"].key},
        ("owner", str(manager.pk)): {topics["dark"].key},
        ("owner", "nobody"): everything - {topics["dark"].key},
        ("since", str(timezone.localdate() - dt.timedelta(days=60))): {topics["invoice"].key},
        ("source", str(other.pk)): {topics["sso"].key},
        ("min_arr", "100000"): {topics["sso"].key},
        ("q", topics["sso"].key.lower()): {topics["sso"].key},
        ("q", topics["dark"].title.split()[-1].upper()): {topics["dark"].key},
        ("status", "planned"): set(),
        ("status", "all"): everything,
    }
    if named is not None:
        of_theme = {one.key for one in topics.values() if one.theme == named}
        expected["theme", str(named.pk)] = of_theme
    assert {(name, value): set(shown(planner, **{name: value})) for name, value in expected} == expected
    assert set(shown(planner, segment="Small", area="Look")) == {topics["dark"].key}
    # Both of one item: somebody said it there, and then.
    assert shown(planner, source=other.pk, since=str(timezone.localdate())) == []


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ({"status": "lost"}, "Status: Select a valid choice. lost is not one of the available choices."),
        ({"theme": "99999999"}, "Theme: Select a valid choice."),
        ({"theme": "x"}, "Theme: Select a valid choice."),
        ({"owner": "0"}, "Owner: Select a valid choice."),
        ({"since": "31.31.2026"}, "Said since: Enter a valid date."),
        ({"min_arr": "lots"}, "ARR at least: Enter a number."),
        ({"min_arr": "-1"}, "ARR at least: Ensure this value is greater than or equal to 0."),
        ({"min_arr": "1e30"}, "ARR at least: Ensure"),
        ({"segment": "<script>"}, "Segment that asks: Select a valid choice."),
        ({"col": "colour"}, "Columns: Select a valid choice."),
        ({"ordering": "luck"}, "Order: Select a valid choice."),
    ],
)
def test_a_filter_that_cannot_be_read_is_said_and_left_out(planner: Client, query: dict[str, str], why: str) -> None:
    answer = planner.get("/", query)
    assert answer.status_code == 200
    assert why in unescape(answer.text)
    assert len(shown(planner, **query)) == 4
    # A file has no place to say so.
    file = planner.get("/ranking.csv", query)
    assert file.status_code == 400
    assert why in file.text


def test_the_order_and_the_columns_are_chosen(planner: Client, company: Ranking) -> None:
    by_items = [entry.problem.key for entry in company.entries.order_by("-items", "rank")]
    assert shown(planner, ordering="items") == by_items
    page = planner.get("/", {"col": ["items", "theme"]}).text
    assert re.findall(r'title="[^"]+"[^>]*><a [^>]*>(Items)</a></th>', page)
    assert "Everything that was said about it" in page
    assert "Renewals 90 d" not in page


def test_the_file_holds_the_rows_of_the_page(planner: Client) -> None:
    query = {"min_arr": "1", "ordering": "items", "col": "items"}
    answer = planner.get("/ranking.csv", query)
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
    assert [row["key"] for row in rows] == shown(planner, **query)
    assert "/ranking.csv?min_arr=1" in unescape(planner.get("/", query).text)


def test_a_view_is_saved_found_by_all_and_taken_away(planner: Client, client: Client) -> None:
    query = "min_arr=100000&col=items"
    saved = planner.post("/views/", {"name": " Large  ones ", "query": query}, follow=True)
    assert saved.redirect_chain == [(f"/?{query}", 302)]
    view = SavedView.objects.get()
    assert view.name == "Large ones"
    again = planner.post("/views/", {"name": "Large ones", "query": ""}, follow=True)
    assert "There is a view “Large ones” already" in again.text
    viewer = Client()
    viewer.force_login(User.objects.create_user("viewer"))
    page = viewer.get("/").text
    assert f'href="?{query}"' in unescape(page)
    assert "Save the view" not in viewer.get("/?filters=open").text
    assert viewer.post("/views/", {"name": "Mine", "query": ""}).status_code == 403
    gone = planner.post(f"/views/{view.pk}/delete/", follow=True)
    assert "is gone" in gone.text
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
def test_a_view_needs_a_name(planner: Client, name: str) -> None:
    assert "A view needs a name" in planner.post("/views/", {"name": name, "query": "q=x"}, follow=True).text
    assert not SavedView.objects.exists()


def test_nothing_found_teaches(planner: Client) -> None:
    page = planner.get("/", {"q": "no such words"}).text
    assert "No problem is like this" in page
    assert "these filters with every status" in page


def test_a_look_at_a_receipt_adds_up(planner: Client, company: Ranking) -> None:
    entry = company.entries.get(rank=1)
    page = planner.get(f"/problems/{entry.problem.key}/peek/").text
    assert f"${entry.score:,}" in page
    assert planner.get("/problems/P-999/peek/").status_code == 404
    assert planner.get("/problems/x/peek/").status_code == 404
