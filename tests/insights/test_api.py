"""The API: who gets in, what it answers, how its pages hold still."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from customers.models import Account
from insights.models import ApiKey, Problem, Ranking
from insights.services.ranking import ranking_publish

LIST = "/api/v1/ranking/"
PATHS = (LIST, "/api/v1/problems/P-1/", "/api/v1/problems/P-1/receipt/")
ROW = {
    "key", "rank", "rank_delta", "rank_range", "score", "currency", "title", "job_statement", "theme", "status",
    "customers", "contacts", "items", "arr_total", "revenue_at_risk", "renewals_90d", "trend_30d", "effort",
    "impact", "confidence", "rice", "value_per_effort", "survey_answers", "opportunity", "blank_because", "depends_on",
    "evidence", "links", "updated_at",
}  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_nobody_gets_in_without_a_key(db: None, client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Api-Key"
    assert answer.json()["title"] == "Not signed in"


@pytest.mark.parametrize("spoil", ["unknown", "revoked", "expired", "cut"])
def test_a_spoiled_key_is_refused(client: Client, key: str, spoil: str) -> None:
    if spoil == "revoked":
        ApiKey.objects.update(revoked=True)
    if spoil == "expired":
        ApiKey.objects.update(expiry_date=timezone.now() - dt.timedelta(seconds=1))
    text = {"unknown": "abcdefgh.1234", "cut": key[:-1]}.get(spoil, key)
    assert client.get(LIST, headers={"Authorization": f"Api-Key {text}"}).status_code == 401


def test_a_key_reads_and_does_not_write(client: Client, key: str) -> None:
    headers = {"Authorization": f"Api-Key {key}"}
    assert client.get(LIST, headers=headers).status_code == 200
    assert client.post(LIST, headers=headers).status_code in {403, 405}


def test_a_signed_in_person_may_read_too(browser: Client) -> None:
    assert browser.get(LIST).json() == {"snapshot": None, "results": [], "next": None, "previous": None}


def test_the_key_itself_is_not_stored(key: str) -> None:
    assert key not in str(list(ApiKey.objects.values()))


def test_a_row_has_the_published_shape(company: Ranking, api: Any) -> None:
    body = api(LIST).json()
    assert set(body) == {"snapshot", "results", "next", "previous"}
    assert body["snapshot"]["number"] == company.number
    assert body["snapshot"]["weights_version"] == "1"
    for place, row in enumerate(body["results"], start=1):
        assert set(row) == ROW
        assert row["rank"] == place
        assert row["rank_range"][0] <= place <= row["rank_range"][1]
        assert 1 <= len(row["evidence"]) <= 3
        assert api(row["links"]["api"]).json() == row


def test_pages_hold_still_while_new_snapshots_are_published(company: Ranking, api: Any) -> None:
    keys, path, query = [], LIST, {"page_size": "1"}
    while path:
        body = api(path, **query).json()
        assert body["snapshot"]["number"] == company.number
        keys += [row["key"] for row in body["results"]]
        path, query = body["next"], {}
        Account.objects.filter(external_id="A2").update(arr=10_000_000 + len(keys))
        assert ranking_publish() is not None
    assert keys == [entry.problem.key for entry in company.entries.order_by("rank")]


@pytest.mark.parametrize(
    "ordering", ["rank", "revenue_at_risk", "arr_total", "customers", "contacts", "items", "trend_30d"]
)
@pytest.mark.parametrize("page_size", ["1", "2", "3"])
def test_every_order_lists_each_problem_once_forwards_and_backwards(
    company: Ranking, api: Any, ordering: str, page_size: str
) -> None:
    whole = [row["key"] for row in api(LIST, ordering=ordering).json()["results"]]
    assert len(whole) == company.entries.count()
    pages = [api(LIST, ordering=ordering, page_size=page_size).json()]
    while pages[-1]["next"]:
        pages.append(api(pages[-1]["next"]).json())
    assert [row["key"] for page in pages for row in page["results"]] == whole
    back = [pages[-1]]
    while back[-1]["previous"]:
        back.append(api(back[-1]["previous"]).json())
    assert [page["results"] for page in back] == [page["results"] for page in reversed(pages)]


def test_filters_narrow_the_list(company: Ranking, api: Any) -> None:
    planned = Problem.objects.get(memberships__item__external_id="sso-0")
    planned.status = "planned"
    planned.save()
    assert [row["key"] for row in api(LIST, status="planned").json()["results"]] == [planned.key]
    assert len(api(LIST, status="planned,new").json()["results"]) == company.entries.count()
    assert [row["key"] for row in api(LIST, min_arr="100000").json()["results"]] == [planned.key]
    assert api(LIST, updated_since="2099-01-01T00:00:00Z").json()["results"] == []
    assert len(api(LIST, updated_since="2020-01-01T00:00:00+00:00").json()["results"]) == company.entries.count()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "open"), ("theme", "Nothing"), ("theme", "\x00"), ("min_arr", "abc"), ("min_arr", "NaN"),
        ("min_arr", "-1"), ("min_arr", "1e308"), ("updated_since", "yesterday"),
        ("updated_since", "0001-01-01T00:00:00Z"),
        ("updated_since", "2026-13-40T00:00:00Z"), ("ordering", "title"), ("page_size", "0"), ("page_size", "ten"),
        ("page_size", "-5"), ("page_size", "²"), ("cursor", "forged"), ("cursor", "\x00"), ("rank", "1"),
        ("weight", "2"), ("status", ""), ("updated_since", ""),
    ],
)  # fmt: skip
def test_a_bad_parameter_is_named(company: Ranking, api: Any, name: str, value: str) -> None:
    answer = api(LIST, **{name: value})
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert list(answer.json()["errors"]) == [name]


def test_a_huge_page_is_capped(company: Ranking, api: Any) -> None:
    assert api(LIST, page_size="1000000000").status_code == 200


def test_a_parameter_given_twice_is_refused(company: Ranking, api: Any) -> None:
    assert api(f"{LIST}?page_size=1&page_size=2").status_code == 400


@pytest.mark.parametrize("wrong", ["P-0", "P-999999", "P-01", "12", "P-1e3", "P-" + "9" * 30, "P-²", "x"])
def test_a_problem_that_is_not_there_is_not_found(company: Ranking, api: Any, wrong: str) -> None:
    answer = api(f"/api/v1/problems/{wrong}/")
    assert answer.status_code == 404
    assert answer.json()["status"] == 404


def test_the_number_of_queries_does_not_grow_with_the_list(
    company: Ranking, api: Any, django_assert_num_queries: Any
) -> None:
    api(LIST)  # the first call notes when the key was used
    for page_size in ("1", "4"):
        with django_assert_num_queries(6):
            api(LIST, page_size=page_size)


def test_the_schema_describes_every_operation(client: Client, db: None) -> None:
    schema = client.get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    body = schema.json()
    assert body["openapi"].startswith("3.1")
    assert set(body["paths"]) == {
        LIST,
        "/api/v1/ranking/export/",
        "/api/v1/feedback/",
        "/api/v1/in/{connection}/",
        "/api/v1/problems/{key}/evidence/",
        "/api/v1/problems/{key}/",
        "/api/v1/problems/{key}/receipt/",
        "/api/v1/problems/{key}/history/",
        "/api/v1/problems/{key}/opportunity/",
        "/api/v1/problems/{key}/jira/",
        "/api/v1/jira/{site}/webhook/",
        "/api/v1/accounts/{reference}/",
        "/api/v1/accounts/{reference}/brief/",
        "/api/v1/survey-answers/",
        "/api/v1/scenarios/",
        "/api/v1/scenarios/{id}/",
        "/api/v1/scenarios/{id}/ranking/",
        *(f"/api/v1/{name}/" for name in ("accounts", "contacts", "usage", "nps", "invoices", "churn-events")),
    }
    assert set(body["components"]["schemas"]["RankedProblem"]["properties"]) == ROW
    assert body["components"]["securitySchemes"]["ApiKey"]["name"] == "Authorization"
    # With `fields` a row of the list lacks some; a problem by itself lacks none.
    assert set(body["components"]["schemas"]["RankedProblem"]["required"]) == ROW
    assert set(body["components"]["schemas"]["ListedProblem"]["properties"]) == ROW
    assert "required" not in body["components"]["schemas"]["ListedProblem"]
    assert all(
        call["requestBody"]["required"]
        for calls in body["paths"].values()
        for call in calls.values()
        if "requestBody" in call
    )
