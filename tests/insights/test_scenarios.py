"""Scenarios over the API: saved, named, changed, compared; the list never moves."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from customers.models import Account
from insights.models import ApiKey, Ranking, Scenario, Scope
from insights.services.ranking import ranking_publish
from tests.factories import dump

ADDRESS = "/api/v1/scenarios/"
Call = Callable[..., Any]


@pytest.fixture
def call(company: Ranking, client: Client) -> Call:
    """Call with a key that may write."""
    _, key = ApiKey.objects.create_key(name="planner", scope=Scope.WRITE)

    def send(method: str, path: str = ADDRESS, body: object = None, **headers: str) -> Any:
        headers = {"Authorization": f"Api-Key {key}", **headers}
        way = getattr(client, method)
        if method in {"get", "delete"}:
            return way(path, body, headers=headers)
        return way(path, body, content_type="application/json", headers=headers)

    return send


def made(call: Call, **wish: object) -> dict[str, Any]:
    """A new scenario as it was answered."""
    answer = call("post", body={"name": "Loud", **wish})
    assert answer.status_code == 201, answer.content
    body: dict[str, Any] = answer.json()
    return body


def test_a_scenario_is_saved_read_changed_and_deleted(call: Call) -> None:
    wish = {"weights": {"churn_weight": "4.5"}, "prospects": False, "without": ["A0"]}
    scenario = made(call, **wish)
    assert {name: scenario[name] for name in wish} == {**wish, "weights": {"churn_weight": "4.5000"}}
    assert (scenario["name"], scenario["segment"], scenario["author"]) == ("Loud", "", None)
    path = scenario["links"]["api"]
    assert call("get", path).json() == call("get").json()["results"][0] == scenario
    changed = call("patch", path, {"name": "Louder", "without": []}).json()
    assert (changed["name"], changed["without"], changed["prospects"]) == ("Louder", [], False)
    assert changed["weights"] == scenario["weights"]
    assert call("delete", path).status_code == 204
    assert call("get", path).status_code == 404


def test_somebody_who_is_signed_in_is_its_author(call: Call, client: Client) -> None:
    client.force_login(User.objects.create_user("ann", is_staff=True))
    assert client.post(ADDRESS, {"name": "Hers"}, content_type="application/json").json()["author"] == "ann"


@pytest.mark.parametrize(
    ("wish", "field", "why"),
    [
        ({"name": " "}, "name", "blank"),
        ({"name": "LOUD"}, "name", "there is a scenario 'LOUD' already"),
        ({"name": "x" * 121}, "name", "120"),
        ({"name": "a", "weights": {"churn_weight": "11"}}, "weights", "10"),
        ({"name": "a", "weights": {"churn_weight": "loud"}}, "weights", "number"),
        ({"name": "a", "weights": {"charm": "1"}}, "weights", "is not a field of this call"),
        ({"name": "a", "segment": "Nobodies"}, "segment", "no account is of a segment 'Nobodies'"),
        ({"name": "a", "without": ["A99"]}, "without", "there is no account 'A99'"),
        ({"name": "a", "colour": "red"}, "colour", "is not a field of this call"),
    ],
)
def test_what_cannot_be_kept_is_answered(call: Call, wish: dict[str, object], field: str, why: str) -> None:
    made(call)
    answer = call("post", body=wish)
    assert answer.status_code == 400, answer.content
    assert why in str(answer.json()["errors"][field])
    assert Scenario.objects.count() == 1


def test_the_list_as_a_scenario_would_have_it(call: Call, company: Ranking) -> None:
    before = dump("insights", "feedback", "customers", without=("ApiKey", "Scenario"))
    scenario = made(call, without=["A0"], weights={"half_life_days": "10"})
    answer = call("get", scenario["links"]["ranking"]).json()
    assert answer["snapshot"]["number"] == company.number
    assert (answer["currency"], answer["against"], answer["next"]) == ("USD", None, None)
    rows = answer["results"]
    live = {row["key"]: row for row in call("get", "/api/v1/ranking/").json()["results"]}
    assert {row["key"] for row in rows} == set(live)
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        listed = live[row["key"]]
        assert (row["live_rank"], row["live_score"], row["title"]) == (listed["rank"], listed["score"], listed["title"])
        assert row["rank_delta"] == row["live_rank"] - row["rank"]
        assert float(row["score"]) < float(row["live_score"])
    assert any(row["rank_delta"] for row in rows)
    assert dump("insights", "feedback", "customers", without=("ApiKey", "Scenario")) == before


def test_two_scenarios_are_held_side_by_side(call: Call) -> None:
    one = made(call, without=["A0"])
    other = made(call, name="As it is")
    rows = call("get", one["links"]["ranking"], {"against": other["id"]}).json()["results"]
    assert [(row["against_rank"], row["against_score"]) for row in rows] == [
        (row["live_rank"], row["live_score"]) for row in rows
    ]
    answer = call("get", one["links"]["ranking"], {"against": 99})
    assert (answer.status_code, answer.json()["errors"]) == (400, {"against": ["there is no scenario '99'"]})


def test_pages_stay_within_the_snapshot_they_began_in(call: Call) -> None:
    path = made(call, weights={"churn_weight": "0"})["links"]["ranking"]
    whole = call("get", path).json()["results"]
    seen, page = [], call("get", path, {"page_size": 1}).json()
    while page["next"]:
        seen += page["results"]
        Account.objects.filter(external_id="A0").update(arr=str(1_000_000 * len(seen)))
        assert ranking_publish()
        page = call("get", page["next"]).json()
    assert [*seen, *page["results"]] == whole
    Ranking.objects.earliest().delete()
    answer = call("get", call("get", path, {"page_size": 1}).json()["next"])
    assert answer.status_code == 200
    Ranking.objects.all().delete()
    gone = call("get", answer.request["PATH_INFO"] + "?" + answer.request["QUERY_STRING"])
    assert "no longer kept" in str(gone.json()["errors"]["cursor"])


def test_a_key_that_may_only_read_changes_nothing(call: Call, api: Call, key: str, client: Client) -> None:
    path = made(call)["links"]["api"]
    headers = {"Authorization": f"Api-Key {key}"}
    assert client.delete(path, headers=headers).status_code == 403
    assert client.patch(path, {"name": "x"}, content_type="application/json", headers=headers).status_code == 403
    assert api(path).status_code == 200


def test_before_anything_is_ranked_there_is_nothing_to_imagine(db: None, client: Client) -> None:
    client.force_login(User.objects.create_user("ann", is_staff=True))
    scenario = client.post(ADDRESS, {"name": "Early"}, content_type="application/json").json()
    answer = client.get(scenario["links"]["ranking"]).json()
    assert (answer["snapshot"], answer["results"], answer["next"]) == (None, [], None)
