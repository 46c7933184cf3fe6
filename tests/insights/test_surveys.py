"""Answers of surveys: sent, typed, imported, counted once, and what they say of a problem."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from customers.models import Account, Contact
from customers.services.identity import accounts_merge, accounts_merge_undo
from customers.services.refresh import customers_refresh
from insights.models import ApiKey, Problem, Ranking, Scope, SurveyAnswer
from insights.services.corrections import correction_undo, problem_merge
from insights.services.triage import TriageSummary
from tests.factories import make_account, make_contact

ANSWERS = "/api/v1/survey-answers/"
Call = Callable[..., Any]
Drain = Callable[[], TriageSummary]


@pytest.fixture(autouse=True)
def few(settings: Any) -> None:
    """Three answers are enough here."""
    settings.HEARD_ODI_MIN_ANSWERS = 3


@pytest.fixture
def send(db: None, client: Client) -> Call:
    """Post rows with a key that may write; answers the report."""
    _, key = ApiKey.objects.create_key(name="tests", scope=Scope.WRITE)

    def post(*rows: dict[str, Any], **more: Any) -> Any:
        headers = {"Authorization": f"Api-Key {key}"}
        body = json.dumps({"system": "survey", "rows": rows, **more})
        return client.post(ANSWERS, body, content_type="application/json", headers=headers).json()

    return post


def problem_of(topic: str) -> Problem:
    """The problem that a topic became."""
    found: Problem = Problem.objects.get(memberships__item__external_id=f"{topic}-0")
    return found


def rated(answer_id: str, problem: Problem, importance: int, satisfaction: int, **more: Any) -> dict[str, Any]:
    """One row of a survey."""
    return {
        "answer_id": answer_id, "problem": problem.key, "importance": importance, "satisfaction": satisfaction,
        "asked_on": "2026-05-01", **more,
    }  # fmt: skip


def by(n: int) -> str:
    """The address of the buyer of an account of the company."""
    return f"buyer@a{n}.example"


def told(api: Call, problem: Problem) -> tuple[int, str | None]:
    """What the row of the list says: how many answered, and the opportunity."""
    row = api(f"/api/v1/problems/{problem.key}/").json()
    return row["survey_answers"], row["opportunity"]


def test_enough_answers_show_with_the_next_ranking(company: Ranking, api: Call, send: Call, drain: Drain) -> None:
    sso = problem_of("sso")
    assert send(rated("1", sso, 9, 2, contact_email=by(0)), rated("2", sso, 7, 7, contact_email=by(1)))["created"] == 2
    drain()
    assert told(api, sso) == (2, None)
    row = api(f"/api/v1/problems/{sso.key}/").json()
    assert row["blank_because"]["opportunity"] == "2 of 3 survey answers needed"
    send(rated("3", sso, 6, 1, account_id="A2"))
    drain()
    # Two of three find it important, one of three is satisfied: 6.7 + (6.7 - 3.3).
    assert told(api, sso) == (3, "10.1")
    assert "opportunity" not in api(f"/api/v1/problems/{sso.key}/").json()["blank_because"]
    first = api("/api/v1/ranking/", ordering="opportunity", page_size=1).json()
    assert [row["key"] for row in first["results"]] == [sso.key]


def test_a_repeat_never_doubles_and_an_id_that_comes_again_corrects(
    company: Ranking, api: Call, send: Call, drain: Drain
) -> None:
    sso, dark = problem_of("sso"), problem_of("dark")
    rows = [rated(str(n), sso, 9, 2, contact_email=by(n)) for n in range(3)]
    assert send(*rows)["created"] == 3
    report = send(*rows)
    assert (report["created"], report["updated"], report["unchanged"]) == (0, 0, 3)
    drain()
    assert told(api, sso) == (3, "20.0")
    assert send(rated("0", dark, 9, 2, contact_email=by(0)))["updated"] == 1
    drain()
    assert (told(api, sso), told(api, dark)) == ((2, None), (1, None))
    assert send(*rows[1:], system="another")["created"] == 2
    assert SurveyAnswer.objects.count() == 5


def test_a_respondent_counts_once_by_the_latest_answer(company: Ranking, api: Call, send: Call, drain: Drain) -> None:
    sso = problem_of("sso")
    send(
        rated("old", sso, 1, 10, contact_email=by(0), asked_on="2026-01-01"),
        rated("new", sso, 9, 2, contact_email=by(0), asked_on="2026-03-01"),
        rated("middle", sso, 1, 10, contact_email=by(0), asked_on="2026-02-01"),
        rated("other", sso, 9, 2, contact_email=by(1)),
        rated("third", sso, 9, 2, account_id="A2"),
        rated("third-again", sso, 9, 2, account_id="A2"),
    )
    drain()
    assert told(api, sso) == (3, "20.0")


def test_accounts_of_one_family_are_one_respondent(company: Ranking, api: Call, send: Call, drain: Drain) -> None:
    """Also when they become one after they answered, whatever they ask for."""
    sso = problem_of("sso")
    lone, parent = make_account("L1", arr=None), Account.objects.get(external_id="A2")
    # Ranked with the newcomer: what follows moves no default, and so not everybody.
    customers_refresh(today=timezone.localdate(), accounts=[lone])
    drain()
    send(*(rated(str(n), sso, 9, 2, account_id=name) for n, name in enumerate(("A1", "A2", "L1"))))
    drain()
    assert told(api, sso) == (3, "20.0")
    Account.objects.filter(pk=lone.pk).update(parent=parent)
    customers_refresh(today=timezone.localdate(), accounts=[lone])
    drain()
    assert told(api, sso) == (2, None)
    Account.objects.filter(pk=lone.pk).update(parent=None)
    customers_refresh(today=timezone.localdate(), accounts=[lone])
    merge = accounts_merge(kept=parent, merged=lone, by=None, today=timezone.localdate())
    drain()
    assert told(api, sso) == (2, None)
    accounts_merge_undo(merge=merge, by=None, today=timezone.localdate())
    drain()
    assert told(api, sso) == (3, "20.0")


def test_a_merge_takes_the_answers_along_and_undoing_it_brings_them_back(
    company: Ranking, api: Call, send: Call, drain: Drain
) -> None:
    sso, dark, export = problem_of("sso"), problem_of("dark"), problem_of("export")
    send(*(rated(f"s{n}", sso, 9, 2, contact_email=by(n)) for n in range(2)))
    send(rated("d", dark, 9, 2, account_id="A1"))
    drain()
    before = [told(api, problem) for problem in (sso, dark)]
    first = problem_merge(problem=dark, target=sso, author=None)
    drain()
    assert told(api, sso) == (3, "20.0")
    second = problem_merge(problem=sso, target=export, author=None)
    # What still goes by an old key counts for what that became.
    assert send(rated("late", dark, 1, 9, contact_email=by(2)))["created"] == 1
    drain()
    assert told(api, export) == (4, "12.5")
    correction_undo(correction=second)
    correction_undo(correction=first)
    SurveyAnswer.objects.get(external_id="late").delete()
    drain()
    send(rated("d", dark, 10, 2, account_id="A1"))
    drain()
    assert [told(api, problem) for problem in (sso, dark)] == before


def test_answers_about_a_problem_that_holds_nothing_go_along_too(
    company: Ranking, api: Call, send: Call, drain: Drain
) -> None:
    sso, empty = problem_of("sso"), Problem.objects.create(title="Asked about, not asked for")
    send(*(rated(str(n), empty, 9, 2, contact_email=by(n)) for n in range(3)))
    drain()
    correction = problem_merge(problem=empty, target=sso, author=None)
    drain()
    assert told(api, sso) == (3, "20.0")
    correction_undo(correction=correction)
    drain()
    assert told(api, sso) == (0, None)


def test_the_opportunity_of_each_segment(company: Ranking, api: Call, send: Call) -> None:
    sso = problem_of("sso")
    Account.objects.filter(external_id="A0").update(segment="enterprise")
    Account.objects.filter(external_id="A1").update(segment="small", parent=Account.objects.get(external_id="A0"))
    make_contact(Account.objects.get(external_id="A0"), "user@a0.example")
    send(
        rated("1", sso, 9, 9, contact_email=by(0)),
        rated("2", sso, 9, 1, contact_email="USER@a0.example"),
        rated("3", sso, 9, 1, contact_email=by(1)),
        rated("4", sso, 1, 1, account_id="A2"),
    )
    body = api(f"/api/v1/problems/{sso.key}/opportunity/").json()
    assert body == {
        "key": sso.key,
        "answers_needed": 3,
        "overall": {
            "answers": 4, "customers": 2, "importance": "7.5", "satisfaction": "2.5", "opportunity": "12.5",
        },
        "segments": [
            {
                "answers": 1, "customers": 1, "importance": None, "satisfaction": None, "opportunity": None,
                "segment": "",
            },
            {
                "answers": 3, "customers": 1, "importance": "10.0", "satisfaction": "3.3", "opportunity": "16.7",
                "segment": "enterprise",
            },
        ],
    }  # fmt: skip
    assert api("/api/v1/problems/P-999999/opportunity/").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ({"importance": 0}, "importance"),
        ({"importance": 11}, "importance"),
        ({"importance": None}, "importance"),
        ({"satisfaction": 2.5}, "satisfaction"),
        ({"satisfaction": "x"}, "satisfaction"),
        ({"asked_on": "2099-01-01"}, "asked_on"),
        ({"asked_on": ""}, "asked_on"),
        ({"answer_id": ""}, "answer_id"),
        ({"problem": "P-999999"}, "problem"),
        ({"problem": "P-999999999999999999"}, "problem"),
        ({"problem": "12"}, "problem"),
        ({"problem": "x\x00"}, "problem"),
        ({"contact_email": "nobody@one.example"}, "contact_email"),
        ({"contact_email": ""}, "contact_email"),
        ({"contact_email": "", "account_id": "nobody"}, "account_id"),
    ],
    ids=str,
)
def test_bad_rows_are_answered_one_by_one(company: Ranking, send: Call, wrong: dict[str, Any], column: str) -> None:
    good = rated("good", problem_of("sso"), 9, 2, contact_email=by(0))
    report = send({**good, "answer_id": "bad", **wrong}, good)
    assert (report["created"], report["refused"]) == (1, 1)
    note = report["notes"][0]
    assert (note["row"], note["column"], note["kept"]) == (1, column, False)
    assert [answer.external_id for answer in SurveyAnswer.objects.all()] == ["good"]


def test_a_dry_run_stores_nothing(company: Ranking, send: Call, drain: Drain) -> None:
    assert send(rated("1", problem_of("sso"), 9, 2, contact_email=by(0)), dry_run=True)["created"] == 1
    assert not SurveyAnswer.objects.exists()


def test_a_file_is_imported_like_any_other(
    company: Ranking, api: Call, drain: Drain, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sso = problem_of("sso")
    path = tmp_path / "answers.csv"
    rows = [rated(str(n), sso, 9, 2, contact_email=by(n)) for n in range(3)]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [*rows[0]])
        writer.writeheader()
        writer.writerows([*rows, {**rows[0], "answer_id": "bad", "importance": 12}])
    with pytest.raises(CommandError, match="1 of 4 rows"):
        call_command("import_survey_answers", str(path), "--system", "survey")
    drain()
    assert told(api, sso) == (3, "20.0")


def test_answers_are_typed_changed_and_deleted_in_the_admin(
    company: Ranking, api: Call, admin_client: Client, drain: Drain, settings: Any
) -> None:
    settings.HEARD_ODI_MIN_ANSWERS = 1
    sso, dark = problem_of("sso"), problem_of("dark")
    add = "/admin/insights/surveyanswer/add/"
    form = {
        "problem": sso.pk, "contact": Contact.objects.get(email=by(0)).pk, "account": "", "importance": 9,
        "satisfaction": 2, "asked_on": "2026-05-01",
    }  # fmt: skip
    nobody = admin_client.post(add, {**form, "contact": ""})
    assert "either a contact or an account" in nobody.content.decode()
    assert admin_client.post(add, {**form, "asked_on": "2099-01-01"}).status_code == 200
    assert not SurveyAnswer.objects.exists()
    assert admin_client.post(add, form).status_code == 302
    drain()
    assert told(api, sso) == (1, "20.0")
    answer = SurveyAnswer.objects.get()
    assert (answer.system, len(answer.external_id)) == ("heard", 32)
    change = f"/admin/insights/surveyanswer/{answer.pk}/change/"
    assert admin_client.post(change, {**form, "problem": dark.pk, "satisfaction": 9}).status_code == 302
    drain()
    assert (told(api, sso), told(api, dark)) == ((0, None), (1, "10.0"))
    assert admin_client.post(f"/admin/insights/surveyanswer/{answer.pk}/delete/", {"post": "yes"}).status_code == 302
    drain()
    assert told(api, dark) == (0, None)
    admin_client.post(add, form)
    drain()
    selected = {"action": "delete_selected", "_selected_action": [SurveyAnswer.objects.get().pk], "post": "yes"}
    assert admin_client.post("/admin/insights/surveyanswer/", selected).status_code == 302
    drain()
    assert told(api, sso) == (0, None)


def test_a_stricter_setting_holds_with_the_next_ranking(
    company: Ranking, api: Call, send: Call, drain: Drain, settings: Any
) -> None:
    sso, dark = problem_of("sso"), problem_of("dark")
    send(*(rated(str(n), sso, 9, 2, contact_email=by(n)) for n in range(3)))
    drain()
    settings.HEARD_ODI_MIN_ANSWERS = 4
    send(rated("another", dark, 9, 2, contact_email=by(0)))
    drain()
    assert told(api, sso) == (3, None)


@pytest.mark.parametrize(
    "wrong",
    [{"importance": 0}, {"satisfaction": 11}, {"account": None}, {"external_id": ""}, {"system": ""}, {"contact": 1}],
    ids=str,
)
def test_the_database_refuses_what_is_no_answer(db: None, wrong: dict[str, Any]) -> None:
    account = make_account()
    facts = {
        "problem": Problem.objects.create(title="One"), "account": account, "system": "survey", "external_id": "1",
        "importance": 9, "satisfaction": 2, "asked_on": "2026-05-01",
    }  # fmt: skip
    if "contact" in wrong:
        wrong = {"contact": make_contact(account)}
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyAnswer.objects.create(**{**facts, **wrong})
