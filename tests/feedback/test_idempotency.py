"""A write that is sent again under its key is answered again and done once."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from feedback.api import rows
from feedback.models import FeedbackItem, IdempotentRequest
from feedback.services.idempotency import CLAIM, KEPT, KeyBusyError, request_begin
from feedback.tasks import idempotent_requests_clean
from insights.models import ApiKey, Scope

PATH = "/api/v1/feedback/"
ONE = {"external_id": "1", "body": "Please add single sign-on"}
Send = Callable[..., Any]


@pytest.fixture
def send(db: None, client: Client) -> Send:
    """Post under an `Idempotency-Key` with a key that may write."""
    _, key = ApiKey.objects.create_key(name="tests", scope=Scope.WRITE)

    def post(body: Any, name: str, path: str = PATH, api_key: str = key) -> Any:
        headers = {"Authorization": f"Api-Key {api_key}", "Idempotency-Key": name}
        return client.post(path, json.dumps(body), content_type="application/json", headers=headers)

    return post


def test_the_same_request_is_answered_again_and_done_once(send: Send) -> None:
    first = send(ONE, "k1")
    FeedbackItem.objects.all().delete()
    again = send(ONE, "k1")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotent-Replay"] == "true"
    assert "Idempotent-Replay" not in first.headers
    assert not FeedbackItem.objects.exists()


def test_another_request_under_the_key_is_refused(send: Send) -> None:
    send(ONE, "k1")
    for answer in (send({**ONE, "body": "Other"}, "k1"), send(ONE, "k1", "/api/v1/accounts/")):
        assert answer.status_code == 422
        assert "another request" in answer.json()["detail"]


def test_rows_take_a_key_too(send: Send) -> None:
    accounts = {"system": "crm", "rows": [{"account_id": "A1", "name": "One"}]}
    first = send(accounts, "k1", "/api/v1/accounts/").json()
    assert first["created"] == 1
    assert send(accounts, "k1", "/api/v1/accounts/").json() == first


def test_keys_of_one_caller_are_none_of_anothers(send: Send) -> None:
    _, other = ApiKey.objects.create_key(name="other", scope=Scope.WRITE)
    send(ONE, "k1")
    answer = send({**ONE, "external_id": "2"}, "k1", api_key=other)
    assert answer.status_code == 201


@pytest.mark.parametrize("name", ["", "x" * 256, "a\x00b", "a\x7fb", "é"])
def test_a_key_that_cannot_be_one_is_refused(send: Send, name: str) -> None:
    answer = send(ONE, name)
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["errors"]
    assert not FeedbackItem.objects.exists()


def test_a_refused_request_leaves_its_key_free(send: Send) -> None:
    assert send({**ONE, "body": " "}, "k1").status_code == 400
    assert send(ONE, "k1").status_code == 201


def test_a_request_that_broke_leaves_its_key_free(send: Send, monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    def broken(**_: Any) -> None:
        raise OSError("disk full")

    accounts = {"system": "crm", "rows": [{"account_id": "A1", "name": "One"}]}
    with monkeypatch.context() as patch:
        patch.setattr(rows, "import_rows", broken)
        with pytest.raises(OSError, match="disk"):
            send(accounts, "k1", "/api/v1/accounts/")
    assert send(accounts, "k1", "/api/v1/accounts/").json()["created"] == 1


def test_the_second_of_two_that_race_waits(send: Send) -> None:
    send(ONE, "k1")
    IdempotentRequest.objects.update(status=None)
    answer = send(ONE, "k1")
    assert answer.status_code == 409
    assert answer.headers["Retry-After"] == "1"


def test_the_key_of_a_process_that_died_is_taken_over_once(db: None) -> None:
    claim = {"caller": "key 1", "key": "k1", "request_hash": "h"}
    assert request_begin(**claim) is None
    IdempotentRequest.objects.update(started_at=timezone.now() - CLAIM)
    assert request_begin(**claim) is None
    with pytest.raises(KeyBusyError):
        request_begin(**claim)


def test_after_a_day_a_key_is_new_and_the_clock_forgets_it(send: Send) -> None:
    send(ONE, "k1")
    IdempotentRequest.objects.update(started_at=timezone.now() - KEPT)
    assert send(ONE, "k1").status_code == 200
    idempotent_requests_clean()
    assert IdempotentRequest.objects.count() == 1
    IdempotentRequest.objects.update(started_at=timezone.now() - KEPT - dt.timedelta(seconds=1))
    idempotent_requests_clean()
    assert not IdempotentRequest.objects.exists()
