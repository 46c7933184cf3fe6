"""The what-if desk: ranks under other terms, kept in the address or under a name; the list itself never moves."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.models import Account
from insights.models import Problem, Ranking, Scenario
from insights.models.weights import RANGES
from tests.factories import dump

HTMX = {"HX-Request": "true"}
HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(2)>', "\u202eabc", "x" * 10_000, "=cmd()", "\x00"]


@pytest.fixture
def planner(company: Ranking, browser: Client, manager: User) -> Client:
    """Somebody who may keep scenarios."""
    manager.groups.add(Group.objects.get(name="Product manager"))
    return browser


def ranks(client: Client, path: str) -> dict[str, str]:
    """The rank of each problem on a desk."""
    rows = re.findall(r"<tr data-row.*?</tr>", client.get(path).content.decode(), re.DOTALL)
    return {re.findall(r"P-\d+", row)[0]: re.findall(r'<td class="n">([^<]*)</td>', row)[0] for row in rows}


def test_the_desk_starts_where_the_live_list_is(company: Ranking, browser: Client) -> None:
    page = browser.get("/what-if/").text
    assert "the live list is unchanged" in page
    assert f"All {company.entries.count()} problems stand where they stand in the live list." in page
    assert ranks(browser, "/what-if/") == {
        entry.problem.key: str(entry.rank) for entry in company.entries.select_related("problem")
    }
    assert "Save" not in page  # who may not keep a scenario is not offered to


def test_other_terms_reorder_the_list_and_change_nothing(company: Ranking, browser: Client) -> None:
    before = dump("insights", "feedback", "customers")
    live = ranks(browser, "/what-if/")
    page = browser.get("/what-if/", {"without": "A0", "churn_weight": "9", "prospects": "no"}).text
    assert "▲" in page
    assert "▼" in page
    assert "was 1" in page
    assert ranks(browser, "/what-if/?without=A0") != live
    assert dump("insights", "feedback", "customers") == before


def test_a_slider_reaches_as_far_as_its_weight_may(company: Ranking, browser: Client) -> None:
    page = browser.get("/what-if/", {"prospects": "no"}).text
    for name, (low, high) in RANGES.items():
        slider = re.search(rf'<input type="range"[^>]*data-of="w-{name}">', page)
        assert slider
        assert f'min="{low}" max="{high}"' in slider[0]
    # What has no live figure says none.
    assert "live: </p>" not in page


def test_htmx_gets_what_changes_and_the_short_address(company: Ranking, browser: Client) -> None:
    query = {name: "0.5" if name.startswith("role") else "2" if name == "churn_weight" else "" for name in RANGES}
    answer = browser.get("/what-if/", {**query, "half_life_days": "30", "without": "A0", "drop": "acc"}, headers=HTMX)
    assert "<html" not in answer.text
    address = urlsplit(answer.headers["HX-Replace-Url"])
    assert address.path == "/what-if/"
    said = parse_qs(address.query)
    # The churn weight is the live one and need not be said, nor what cannot be read.
    assert said["half_life_days"] == ["30"]
    assert said["without"] == ["A0"]
    assert said["role_buyer"] == ["0.5"]
    assert {"churn_weight", "severity_low", "drop", "segment"}.isdisjoint(said)
    assert "Account A1" in answer.text


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    figures=st.dictionaries(st.sampled_from(sorted(RANGES)), st.decimals(0, 1, places=4).filter(lambda n: n > 0)),
    prospects=st.booleans(),
    without=st.sets(st.sampled_from(["A0", "A1", "A2"])),
)
def test_the_short_address_always_shows_the_same_desk(
    company: Ranking, browser: Client, *, figures: dict[str, Any], prospects: bool, without: set[str]
) -> None:
    figures.pop("half_life_days", None)
    query = {**figures, "without": sorted(without), **({} if prospects else {"prospects": "no"})}
    answer = browser.get("/what-if/", query, headers=HTMX)
    short = answer.headers["HX-Replace-Url"]
    again = browser.get(short, headers=HTMX)
    assert (again.text, again.headers["HX-Replace-Url"]) == (answer.text, short)


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ({"churn_weight": "11"}, "“11” is not a number from 0 to 10."),
        ({"half_life_days": "NaN"}, "“NaN” is not a number from 1 to 3,650."),
        ({"role_user": "1e400"}, "“1e400” is not a number from 0 to 1."),
        ({"role_user": ""}, "“” is not a number from 0 to 1."),
        ({"segment": "Nobodies"}, "No account is of a segment “Nobodies”."),
        ({"without": "A99"}, "There is no account “A99”."),
        ({"without": [str(n) for n in range(201)]}, "At most 200 accounts can be left out."),
    ],
)
def test_bad_terms_are_answered_at_the_field(
    company: Ranking, browser: Client, query: dict[str, Any], why: str
) -> None:
    field = next(iter(query))
    for headers in ({}, HTMX):
        answer = browser.get("/what-if/", query, headers=headers)
        assert answer.status_code == 200
        said = re.search(rf'<p class="field-note field-error" id="e-{field}"[^>]*>([^<]*)</p>', answer.text)
        assert said
        assert unescape(said[1]) == why
    assert ranks(browser, "/what-if/")  # what else was said still counts


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(planner: Client, text: str) -> None:
    Problem.objects.update(title=text[:200].replace("\x00", "") or "t")
    Account.objects.filter(external_id="A0").update(name=text[:200].replace("\x00", "") or "a")
    query = dict.fromkeys([*RANGES, "segment", "without", "drop", "show", "prospects"], text)
    for path in ("/what-if/", "/what-if/compare/"):
        page = planner.get(path, {**query, "a": text, "b": text}).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    answer = planner.post("/what-if/save/", {"name": text, "terms": text})
    assert answer.status_code in (302, 422)
    page = planner.get("/what-if/").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_a_scenario_is_saved_opened_changed_renamed_and_deleted(planner: Client) -> None:
    answer = planner.post("/what-if/save/", {"name": "Calm", "terms": "without=A0&churn_weight=0.5&prospects=no"})
    scenario = Scenario.objects.get()
    assert answer.headers["Location"] == f"/what-if/{scenario.pk}/"
    assert (scenario.weights, scenario.prospects, scenario.author and scenario.author.username) == (
        {"churn_weight": "0.5000"},
        False,
        "manager",
    )
    path = f"/what-if/{scenario.pk}/"
    assert ranks(planner, path) == ranks(planner, "/what-if/?without=A0&churn_weight=0.5&prospects=no")
    # Back to live and moved on, but not kept yet: the address says so, the scenario does not.
    assert "Not saved in “Calm”" in planner.get(path, {"reset": "live"}).text
    assert ranks(planner, f"{path}?reset=live") == ranks(planner, "/what-if/")
    planner.post(f"{path}save/", {"name": "Calmer", "terms": ""})
    scenario.refresh_from_db()
    assert (scenario.name, scenario.weights, scenario.without.count()) == ("Calmer", {}, 0)
    planner.post(f"{path}save/", {"name": "Calmer", "terms": "without=A1"})
    answer = planner.post(f"{path}delete/")
    assert answer.headers["Location"] == "/what-if/?without=A1"
    assert not Scenario.objects.exists()
    assert planner.get(path).status_code == 404


def test_a_name_that_cannot_be_is_answered_and_nothing_is_lost(planner: Client) -> None:
    planner.post("/what-if/save/", {"name": "Calm", "terms": ""})
    answer = planner.post("/what-if/save/", {"name": "CALM", "terms": "without=A0"})
    assert answer.status_code == 422
    assert "There is a scenario &#x27;CALM&#x27; already." in answer.text
    assert 'name="terms" id="terms" value="without=A0"' in answer.text
    assert 'name="name" value="CALM"' in answer.text
    assert Scenario.objects.count() == 1


def test_who_may_not_keep_scenarios_cannot(company: Ranking, browser: Client) -> None:
    scenario = Scenario.objects.create(name="Hers")
    assert browser.get(f"/what-if/{scenario.pk}/").status_code == 200
    assert "Delete" not in browser.get(f"/what-if/{scenario.pk}/").text
    for path in ("save/", f"{scenario.pk}/save/", f"{scenario.pk}/delete/"):
        assert browser.post(f"/what-if/{path}", {"name": "Mine", "terms": ""}).status_code == 403
    assert Scenario.objects.get().name == "Hers"


def test_two_scenarios_and_the_live_list_side_by_side(planner: Client) -> None:
    assert "No scenario is saved yet" in planner.get("/what-if/compare/").text
    planner.post("/what-if/save/", {"name": "Calm", "terms": "without=A0"})
    planner.post("/what-if/save/", {"name": "Loud", "terms": "churn_weight=9"})
    calm, loud = Scenario.objects.order_by("name")
    page = planner.get("/what-if/compare/", {"a": calm.pk, "b": loud.pk}).text
    assert "<td>Churn weight</td><td>2</td><td>9</td>" in page
    assert "<td>Left out</td><td>Account A0</td><td>nobody</td>" in page
    assert 'class="differs"' in page
    assert "▲" in page or "▼" in page
    same = planner.get("/what-if/compare/", {"a": calm.pk, "b": calm.pk}).text
    assert "Both have the same terms." in same
    assert "Every problem stands in the same place" in same
    assert 'class="differs"' not in same


def test_before_anything_is_ranked_the_desk_says_so(browser: Client) -> None:
    for path in ("/what-if/", "/what-if/compare/"):
        assert "Nothing is ranked yet" in browser.get(path).text


def test_a_scenario_that_is_not_there_is_answered(planner: Client) -> None:
    for number in (0, 2**63, 10**30):
        assert planner.get(f"/what-if/{number}/").status_code == 404
        for doing in ("save", "delete"):
            assert planner.post(f"/what-if/{number}/{doing}/", {"name": "Calm", "terms": ""}).status_code == 404
    assert not Scenario.objects.exists()
