"""Rows sent by programs: stored by the ids of their system, answered one by one."""

import json
from typing import Any

import pytest
from django.test import Client

from customers.models import Account, Contact, Invoice, NpsAnswer, UsageReading
from insights.models import ApiKey, Scope

ACCOUNTS = "/api/v1/accounts/"


@pytest.fixture
def send(db: None, client: Client) -> Any:
    """Post rows with a key that may write."""
    _, key = ApiKey.objects.create_key(name="tests", scope=Scope.WRITE)

    def post(path: str, body: Any, **more: Any) -> Any:
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        return client.post(
            path, text, content_type="application/json", headers={"Authorization": f"Api-Key {key}"}, **more
        )

    return post


def _rows(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"system": "crm", "rows": list(rows), **more}


def test_rows_of_every_kind_come_in(send: Any) -> None:
    answer = send(ACCOUNTS, _rows({"account_id": "A1", "name": "One", "arr": 1200.5, "seats": None}))
    assert answer.status_code == 200
    assert answer.json() == {"rows": 1, "created": 1, "updated": 0, "unchanged": 0, "refused": 0, "notes": []}
    sent: dict[str, dict[str, Any]] = {
        "contacts": {"email": "ann@one.example", "account_id": "A1", "role": "buyer", "influence": 0.9},
        "usage": {"account_id": "A1", "measured_on": "2026-10-01", "seats": 10, "active_seats": 4},
        "nps": {"answer_id": "n1", "account_id": "A1", "answered_on": "2026-10-01", "score": 9},
        "invoices": {"number": "I1", "account_id": "A1", "amount": "99.00", "due_on": "2026-10-01"},
        "churn-events": {"account_id": "A1", "happened_on": "2026-11-01"},
    }
    for name, row in sent.items():
        assert send(f"/api/v1/{name}/", _rows(row)).json()["created"] == 1, name
    account = Account.objects.get()
    assert (account.active_seats, account.nps, account.stage) == (4, 100, "churned")
    assert account.overdue_days
    assert [model.objects.count() for model in (Contact, UsageReading, NpsAnswer, Invoice)] == [1, 1, 1, 1]


def test_a_column_that_a_row_lacks_stays_as_it_was(send: Any) -> None:
    send(ACCOUNTS, _rows({"account_id": "A1", "name": "One", "plan": "Pro"}, {"account_id": "A2", "name": "Two"}))
    answer = send(
        ACCOUNTS, _rows({"account_id": "A1", "name": "Renamed"}, {"account_id": "A2", "name": "Two", "plan": "Basic"})
    )
    assert answer.json()["updated"] == 2
    assert [(account.name, account.plan) for account in Account.objects.order_by("external_id")] == [
        ("Renamed", "Pro"),
        ("Two", "Basic"),
    ]


def test_good_rows_are_kept_and_bad_ones_answered_by_number(send: Any) -> None:
    rows = [{"account_id": "A1", "name": "One"}, {"account_id": "A2", "name": "Two", "arr": "-1"}, {"name": "Three"}]
    body = send(ACCOUNTS, _rows(*rows)).json()
    assert (body["created"], body["refused"]) == (1, 2)
    assert [(note["row"], note["column"], note["kept"]) for note in body["notes"]] == [
        (2, "arr", False),
        (3, "account_id", False),
    ]


def test_a_dry_run_stores_nothing_and_answers_the_same(send: Any) -> None:
    rows = _rows({"account_id": "A1", "name": "One"}, {"account_id": "", "name": "Two"})
    dry = send(ACCOUNTS, {**rows, "dry_run": True}).json()
    assert not Account.objects.exists()
    assert dry == send(ACCOUNTS, rows).json()


@pytest.mark.parametrize(
    ("body", "status", "where"),
    [
        ("{", 400, ""),
        ("[]", 400, ""),
        ('{"system": "crm", "rows": [{"account_id": NaN, "name": "One"}]}', 400, ""),
        ("[" * 100_000, 400, ""),
        ({"system": "crm"}, 400, "rows"),
        ({"system": "crm", "rows": []}, 400, "rows"),
        ({"system": "crm", "rows": [1]}, 400, "rows"),
        ({"system": "", "rows": [{"account_id": "A1"}]}, 400, "system"),
        ({"system": "usage", "rows": [{"account_id": "A1", "name": "One"}]}, 400, "system"),
        ({"system": "C R M", "rows": [{"account_id": "A1"}]}, 400, "system"),
        ({"system": "crm", "rows": [{"account_id": "A1"}], "rank": 1}, 400, "rank"),
        ({"system": "crm", "rows": [{"account_id": "A1", "churn_risk": 0}]}, 400, "rows[1].churn_risk"),
        ({"system": "crm", "rows": [{"account_id": ["A1"]}]}, 400, "rows[1].account_id"),
        ({"system": "crm", "rows": [{"account_id": True}]}, 400, "rows[1].account_id"),
        ({"system": "crm", "rows": [{"account_id": "A"}] * 1001}, 400, "rows"),
        ({"system": 7, "rows": [{"account_id": "A1", "name": "One"}]}, 400, "system"),
        ({"system": "crm", "rows": [{"account_id": "A1", "name": "One"}], "dry_run": 0}, 400, "dry_run"),
        ({"system": "crm", "rows": [{"account_id": "A1", "name": "One"}], "dry_run": "no"}, 400, "dry_run"),
        ("x" * 11_000_000, 413, ""),
    ],
    ids=range(19),
)
def test_bad_bodies_are_refused_whole(send: Any, body: Any, status: int, where: str) -> None:
    answer = send(ACCOUNTS, body)
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    if where:
        assert where in answer.json()["errors"]
    assert not Account.objects.exists()


@pytest.mark.parametrize("name", ["\x00", "\ud800", "x" * 201])
def test_bad_text_is_answered_for_its_row(send: Any, name: str) -> None:
    body = send(ACCOUNTS, _rows({"account_id": "A1", "name": name})).json()
    assert (body["refused"], body["notes"][0]["column"]) == (1, "name")


def test_any_other_text_comes_back_as_it_was(send: Any) -> None:
    name = "Ünïcødé 🙂 שלום \u200bzero"
    send(ACCOUNTS, _rows({"account_id": "A1", "name": name}))
    assert Account.objects.get().name == name


def test_only_json_is_read(send: Any, client: Client) -> None:
    _, key = ApiKey.objects.create_key(name="more", scope=Scope.WRITE)
    answer = client.post(ACCOUNTS, {"system": "crm"}, headers={"Authorization": f"Api-Key {key}"})
    assert answer.status_code == 415


def test_a_key_that_only_reads_does_not_write(client: Client, key: str) -> None:
    headers = {"Authorization": f"Api-Key {key}"}
    answer = client.post(ACCOUNTS, "{}", content_type="application/json", headers=headers)
    assert answer.status_code == 403


def test_a_person_who_is_no_staff_member_does_not_write(browser: Client) -> None:
    assert browser.post(ACCOUNTS, "{}", content_type="application/json").status_code == 403


def test_nobody_writes_without_a_key(db: None, client: Client) -> None:
    assert client.post(ACCOUNTS, "{}", content_type="application/json").status_code == 401
