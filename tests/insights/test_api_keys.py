"""Keys in use: last use, rotation, and how many calls each may make."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from insights.models import ApiKey, Scope
from insights.services.api_keys import KeyEndedError, key_rotate

LIST = "/api/v1/ranking/"
Call = Callable[..., Any]


def _made(**facts: Any) -> tuple[ApiKey, str]:
    key, text = ApiKey.objects.create_key(**{"name": "jira", **facts})
    assert isinstance(key, ApiKey)
    return key, text


def _status(client: Client, text: str) -> int:
    return client.get(LIST, headers={"Authorization": f"Api-Key {text}"}).status_code


def test_last_use_is_noted_once_a_minute(api: Call) -> None:
    assert ApiKey.objects.get().last_used_at is None
    api(LIST)
    first = ApiKey.objects.get().last_used_at
    assert first is not None
    api(LIST)
    assert ApiKey.objects.get().last_used_at == first
    ApiKey.objects.update(last_used_at=first - dt.timedelta(minutes=1))
    api(LIST)
    assert ApiKey.objects.get().last_used_at >= first


def test_after_a_rotation_both_keys_work_for_a_day(client: Client, db: None) -> None:
    old, text = _made(scope=Scope.WRITE)
    new = key_rotate(key=old)
    assert (_status(client, text), _status(client, new)) == (200, 200)
    old.refresh_from_db()
    assert old.expiry_date is not None
    assert dt.timedelta(hours=23) < old.expiry_date - timezone.now() <= dt.timedelta(hours=24)
    follower = ApiKey.objects.exclude(pk=old.pk).get()
    assert (follower.name, follower.scope, follower.expiry_date) == ("jira", Scope.WRITE, None)
    ApiKey.objects.filter(pk=old.pk).update(expiry_date=timezone.now() - dt.timedelta(seconds=1))
    assert (_status(client, text), _status(client, new)) == (401, 200)


def test_a_rotation_never_lengthens_a_life(db: None) -> None:
    soon = timezone.now() + dt.timedelta(hours=1)
    old, _ = _made(expiry_date=soon)
    key_rotate(key=old)
    old.refresh_from_db()
    assert old.expiry_date == soon
    follower = ApiKey.objects.exclude(pk=old.pk).get()
    assert abs(follower.expiry_date - soon) < dt.timedelta(minutes=1)


@pytest.mark.parametrize("how", [{"revoked": True}, {"expiry_date": timezone.now() - dt.timedelta(days=1)}])
def test_a_key_that_ended_is_not_rotated(db: None, how: dict[str, Any]) -> None:
    old, _ = _made(**how)
    with pytest.raises(KeyEndedError, match="make a new key"):
        key_rotate(key=old)
    assert ApiKey.objects.count() == 1


def test_the_admin_rotates_and_shows_the_new_key_once(admin_client: Client) -> None:
    old, _ = _made()
    address = "/admin/insights/apikey/"
    page = admin_client.post(address, {"action": "rotate", "_selected_action": [old.pk]}, follow=True)
    shown = re.search(r"The new key of jira is (\S+)", page.content.decode())
    assert shown is not None
    assert _status(admin_client, shown[1]) == 200
    assert shown[1] not in admin_client.get(address).content.decode()


def test_calls_over_the_rate_are_refused_and_counted_by_key(client: Client, key: str, settings: Any) -> None:
    cache.clear()
    settings.HEARD_API_RATE = 2
    headers = {"Authorization": f"Api-Key {key}"}
    answers = [client.get(LIST, headers=headers) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["RateLimit-Limit"] for answer in answers] == ["2", "2", "2"]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert 0 < int(answers[2].headers["RateLimit-Reset"]) <= 60
    assert 0 < int(answers[2].headers["Retry-After"]) <= 60
    assert answers[2].json()["title"] == "Too many requests"
    _, other = _made(name="other")
    assert _status(client, other) == 200
