"""Feedback sent by programs."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from feedback.models import FeedbackItem
from insights.models import ApiKey, Scope
from tests.factories import make_account

PATH = "/api/v1/feedback/"
Send = Callable[[Any], Any]


@pytest.fixture
def send(db: None, client: Client) -> Send:
    """Post with a key that may write."""
    _, key = ApiKey.objects.create_key(name="tests", scope=Scope.WRITE)
    return lambda body: client.post(
        PATH,
        body if isinstance(body, str | bytes) else json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Api-Key {key}"},
    )


def test_one_item_is_created_and_then_known(send: Send) -> None:
    make_account("A1")
    one = {"external_id": "t-1", "body": "Call me on +44 20 7946 0958", "account_id": "A1", "severity": "high"}
    answer = send(one)
    assert answer.status_code == 201
    item = FeedbackItem.objects.get()
    body = answer.json()
    assert (body["id"], body["state"], body["account"], body["notes"]) == (item.pk, "waiting", "A1", [])
    assert (body["text"], body["source"], body["external_id"]) == ("Call me on [phone]", "api", "t-1")
    again = send(one)
    assert again.status_code == 200
    assert again.json() == body


def test_rows_are_stored_and_answered_one_by_one(send: Send) -> None:
    rows = [{"external_id": "1", "body": "One"}, {"external_id": "2", "body": " "}]
    body = send({"system": "desk", "rows": rows}).json()
    assert (body["created"], body["refused"], body["notes"][0]["row"], body["notes"][0]["column"]) == (1, 1, 2, "body")
    assert FeedbackItem.objects.get().source.key == "desk"


def test_an_account_that_nobody_knows_is_noted(send: Send) -> None:
    answer = send({"external_id": "1", "body": "One", "account_id": "X9"})
    assert answer.status_code == 201
    assert answer.json()["account"] is None
    assert "X9" in answer.json()["notes"][0]


@pytest.mark.parametrize("text", ["🙂", "שלום עולם", "zero\u200bwidth", "Ünïcødé"])
def test_any_text_comes_back_as_it_was(send: Send, text: str) -> None:
    answer = send({"external_id": "1", "body": text})
    assert answer.status_code == 201
    assert answer.json()["text"] == text


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"external_id": "1", "body": "   \n\t"}, "body"),
        ({"external_id": "1", "body": "\u200b\u200b"}, "body"),
        ({"external_id": "1", "body": "a\u0000b"}, "body"),
        ({"external_id": "1", "body": "\ud800"}, "body"),
        ({"external_id": "1", "body": ["x"]}, "body"),
        ({"external_id": "1"}, "body"),
        ({"body": "One"}, "external_id"),
        ({"external_id": "x" * 201, "body": "One"}, "external_id"),
        ({"external_id": "1", "body": "One", "rank": 1}, "rank"),
        ({"external_id": "1", "body": "One", "severity": "huge"}, "severity"),
        ({"external_id": "1", "body": "One", "created_at": "0001-01-01"}, "created_at"),
        ({"external_id": "1", "body": "One", "created_at": "9999-12-31T00:00:00Z"}, "created_at"),
        ({"external_id": "1", "body": "One", "system": "C R M"}, "system"),
        ({"external_id": "1", "body": "One", "system": 7}, "system"),
        ({"external_id": "1", "body": "One", "system": "\x00"}, "system"),
        ({"external_id": "1", "body": "One", "source": "a b"}, "source"),
        ({"system": "desk", "rows": []}, "rows"),
        ({"system": "desk", "rows": [{"external_id": "1", "weight": 2}]}, "rows[1].weight"),
        ({}, "body"),
        ([{"external_id": "1", "body": "One"}], ""),
        ("7", ""),
        ('{"external_id": "1", "body": NaN}', ""),
        ("{", ""),
    ],
    ids=range(23),
)
def test_bad_bodies_are_refused(send: Send, body: Any, where: str) -> None:
    answer = send(body)
    assert answer.status_code == 400, answer.content
    if where:
        assert where in answer.json()["errors"]
    assert not FeedbackItem.objects.exists()
