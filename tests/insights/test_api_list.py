"""What integrators lean on: entity tags, sparse fields, segments, exports, evidence."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from customers.models import Account
from feedback.models import FeedbackItem
from insights.models import Membership, Problem, Ranking, Scenario
from insights.services.corrections import problem_rename
from insights.services.ranking import ranking_publish

LIST = "/api/v1/ranking/"
EXPORT = "/api/v1/ranking/export/"
Call = Callable[..., Any]


def _text(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode()


@pytest.fixture
def unchanged(client: Client, key: str) -> Callable[[str, str], int]:
    """Ask again for what has a tag; answers the status."""

    def ask(path: str, tag: str) -> int:
        answer = client.get(path, headers={"Authorization": f"Api-Key {key}", "If-None-Match": tag})
        assert answer.headers["ETag"] == tag or answer.status_code == 200
        assert bool(answer.content) == (answer.status_code == 200)
        return answer.status_code

    return ask


@pytest.mark.parametrize("path", [LIST, f"{LIST}?page_size=1", "P", "P/receipt/", "P/evidence/"])
def test_what_did_not_change_is_not_sent_again(
    company: Ranking, api: Call, unchanged: Callable[[str, str], int], path: str
) -> None:
    problem = company.entries.get(rank=1).problem
    path = path.replace("P", f"/api/v1/problems/{problem.key}").removesuffix("/") + "/" if "P" in path else path
    answer = api(path)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    tag = answer.headers["ETag"]
    assert tag.startswith('"')
    assert unchanged(path, tag) == 304
    assert unchanged(path, '"other"') == 200


def test_a_new_title_or_snapshot_has_another_tag(
    company: Ranking, api: Call, unchanged: Callable[[str, str], int]
) -> None:
    tag = api(LIST).headers["ETag"]
    problem_rename(problem=company.entries.get(rank=1).problem, title="Another title", author=None)
    assert unchanged(LIST, tag) == 200
    tag = api(LIST).headers["ETag"]
    Account.objects.filter(external_id="A2").update(arr=10_000_000)
    ranking_publish()
    assert unchanged(LIST, tag) == 200


def test_errors_have_no_tag(company: Ranking, api: Call) -> None:
    assert "ETag" not in api(LIST, ordering="title").headers


def test_only_the_fields_asked_for_are_answered(company: Ranking, api: Call) -> None:
    whole = api(LIST).json()
    sparse = api(LIST, fields="score,key,rank").json()
    assert sparse["results"] == [{name: row[name] for name in ("key", "rank", "score")} for row in whole["results"]]
    assert sparse["snapshot"] == whole["snapshot"]
    with_page = api(LIST, fields="key", page_size="1").json()
    assert [set(row) for row in api(with_page["next"]).json()["results"]] == [{"key"}]


@pytest.mark.parametrize("fields", ["title,secret", "key,", ",", " key", "KEY", "\x00"])
def test_an_unknown_field_is_refused(company: Ranking, api: Call, fields: str) -> None:
    answer = api(LIST, fields=fields)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["fields"]


def test_a_segment_shows_what_its_accounts_ask_for(company: Ranking, api: Call) -> None:
    Account.objects.filter(external_id="A2").update(segment="enterprise")
    Account.objects.filter(external_id="A0").update(segment="self-serve")
    expected = {
        f"P-{pk}"
        for pk in Membership.objects.filter(item__account__external_id="A2").values_list("problem_id", flat=True)
    }
    shown = [row["key"] for row in api(LIST, segment="enterprise").json()["results"]]
    assert set(shown) == expected
    assert 0 < len(shown) < company.entries.count()
    for unknown in ("nobody", "\x00"):
        assert api(LIST, segment=unknown).status_code == 400


def test_both_exports_hold_every_row_with_the_figures_of_the_list(company: Ranking, api: Call) -> None:
    rows = api(LIST).json()["results"]
    answer = api(EXPORT, **{"as": "jsonl"})
    assert [json.loads(line) for line in _text(answer).splitlines()] == rows
    answer = api(EXPORT)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f"ranking-{company.number}.csv" in answer.headers["Content-Disposition"]
    table = list(csv.DictReader(io.StringIO(_text(answer))))
    for line, row in zip(table, rows, strict=True):
        for name in ("key", "rank", "score", "title", "customers", "arr_total", "revenue_at_risk", "trend_30d"):
            assert line[name] == str(row[name])
        assert [int(line["rank_best"]), int(line["rank_worst"])] == row["rank_range"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_title_that_a_spreadsheet_would_run_is_neutralised(company: Ranking, api: Call, start: str) -> None:
    title = f'{start}HYPERLINK("http://evil.example")'
    Problem.objects.filter(pk=company.entries.get(rank=1).problem_id).update(title=title)
    table = list(csv.DictReader(io.StringIO(_text(api(EXPORT)), newline="")))
    assert table[0]["title"] == f"'{title}"
    assert json.loads(_text(api(EXPORT, **{"as": "jsonl"})).splitlines()[0])["title"] == title


def test_an_export_takes_the_filters_of_the_list(company: Ranking, api: Call) -> None:
    Problem.objects.filter(pk=company.entries.get(rank=2).problem_id).update(status="planned")
    table = list(csv.DictReader(io.StringIO(_text(api(EXPORT, status="planned")))))
    assert [line["rank"] for line in table] == ["2"]
    for wrong in ({"as": "xlsx"}, {"page_size": "1"}, {"ordering": "title"}):
        assert api(EXPORT, **wrong).status_code == 400


def test_the_page_of_the_list_has_the_same_file_and_a_browser_gets_the_export(
    company: Ranking, browser: Client
) -> None:
    assert 'href="/ranking.csv"' in browser.get("/").text
    answer = browser.get(EXPORT, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert _text(answer).startswith("key,rank,")
    assert _text(browser.get("/ranking.csv")) == _text(browser.get(EXPORT))


def test_the_evidence_holds_every_item_once_and_no_personal_data(company: Ranking, api: Call) -> None:
    problem = Problem.objects.get(memberships__item__external_id="sso-0")
    FeedbackItem.objects.filter(external_id="sso-0").update(said_at="2026-01-01T00:00:00Z")
    FeedbackItem.objects.filter(external_id="sso-1").update(said_at="2026-01-01T00:00:00Z")
    path, rows = f"/api/v1/problems/{problem.key}/evidence/", []
    page = api(path, page_size="1").json()
    while True:
        rows += page["results"]
        if not page["next"]:
            break
        page = api(page["next"]).json()
    assert sorted(row["external_id"] for row in rows) == sorted(
        problem.memberships.values_list("item__external_id", flat=True)
    )
    assert [row["said_at"] for row in rows] == sorted((row["said_at"] for row in rows), reverse=True)
    item = FeedbackItem.objects.get(external_id="sso-0")
    row = next(row for row in rows if row["external_id"] == "sso-0")
    assert item.account is not None
    assert row["account"] == {"id": item.account.external_id, "name": item.account.name}
    assert (row["text"], row["severity"], row["source"]) == (item.text, "high", item.source.key)
    assert 0 <= row["confidence"] <= 1


def test_evidence_of_an_unknown_account_names_none(company: Ranking, api: Call) -> None:
    problem = Problem.objects.get(memberships__item__external_id="invoice-0")
    rows = api(f"/api/v1/problems/{problem.key}/evidence/").json()["results"]
    assert {row["account"] for row in rows} == {None}


@pytest.mark.parametrize(
    ("name", "value"), [("cursor", "forged"), ("cursor", "\x00"), ("page_size", "0"), ("status", "new")]
)
def test_a_bad_parameter_of_the_evidence_is_named(company: Ranking, api: Call, name: str, value: str) -> None:
    problem = company.entries.get(rank=1).problem
    answer = api(f"/api/v1/problems/{problem.key}/evidence/", **{name: value})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [name]
    assert api("/api/v1/problems/P-999999/evidence/").status_code == 404


def test_a_cursor_of_another_list_is_refused(company: Ranking, api: Call) -> None:
    problem = company.entries.get(rank=1).problem
    cursor = api(LIST, page_size="1").json()["next"].partition("cursor=")[2]
    assert api(f"/api/v1/problems/{problem.key}/evidence/?cursor={cursor}").status_code == 400


def test_the_documentation_page_fetches_nothing_from_elsewhere(client: Client, db: None) -> None:
    page = client.get("/api/docs/").content.decode()
    assert "/static/drf_spectacular_sidecar/" in page
    assert "https://" not in page


@pytest.mark.parametrize("path", ["/api/v1/nothing/", "/api/v1/accounts/a%0Ab/", "/api/v1/problems/P-1/nothing/"])
def test_an_address_that_nothing_answers_says_so_in_the_terms_of_the_api(api: Call, client: Client, path: str) -> None:
    for answer, status in ((api(path), 404), (client.post(path), 401)):
        assert answer.status_code == status
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert client.get("/api/v1/ranking").headers["Location"] == LIST


HOSTILE = (
    "\x00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1e308", "-1", "NaN", "9" * 400, "²", "🙂\u200bש",
    "x" * 5000, "[]", "' OR 1=1 --", "<script>", "=HYPERLINK(1)",
)  # fmt: skip


def test_no_value_of_any_parameter_breaks_a_call(company: Ranking, api: Call) -> None:
    schema = api("/api/schema/?format=json").json()
    key = company.entries.get(rank=1).problem.key
    scenario = Scenario.objects.create(name="Louder")
    tried = 0
    for path, calls in schema["paths"].items():
        for parameter in calls.get("get", {}).get("parameters", []):
            if parameter["in"] != "query":
                continue
            for value in HOSTILE:
                address = path.replace("{key}", key).replace("{id}", str(scenario.pk))
                answer = api(address, **{parameter["name"]: value})
                b"".join(answer)  # an export reads its rows only as it is sent
                assert answer.status_code in {200, 400}, (path, parameter["name"], value)
                tried += 1
    assert tried >= 17 * len(HOSTILE)
