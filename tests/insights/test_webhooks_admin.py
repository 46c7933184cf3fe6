"""Webhooks in the admin: endpoints, secrets shown once, notices, telling again."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from insights.models import Attempt, Delivery, DeliveryState, Endpoint
from insights.services.endpoints import secrets_of
from tests.insights.receivers import make_endpoint, send, tell

pytestmark = pytest.mark.django_db
FORM: dict[str, Any] = {"name": "Jira", "url": "http://127.0.0.1:9/", "events": ["problem.updated"], "enabled": "on"}


@pytest.fixture(autouse=True)
def _loopback(settings: Any) -> None:
    settings.HEARD_WEBHOOK_ALLOW = ["127.0.0.0/8"]


@pytest.fixture
def root(client: Client) -> Client:
    """A browser in which a superuser is signed in."""
    client.force_login(User.objects.create_superuser("root"))
    return client


def act(client: Client, model: str, action: str, rows: Sequence[Any]) -> list[str]:
    """Run an action on some rows; answers what is said about it."""
    form = {"action": action, "_selected_action": [row.pk for row in rows]}
    answer = client.post(reverse(f"admin:insights_{model}_changelist"), form)
    assert answer.status_code in {200, 302}
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_a_secret_is_shown_once_when_an_endpoint_is_made(root: Client) -> None:
    answer = root.post(reverse("admin:insights_endpoint_add"), FORM)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    endpoint = Endpoint.objects.get()
    (secret,) = secrets_of(endpoint)
    assert secret in "".join(str(message) for message in get_messages(answer.wsgi_request))
    page = root.get(reverse("admin:insights_endpoint_change", args=[endpoint.pk]))
    page = root.get(reverse("admin:insights_endpoint_change", args=[endpoint.pk]))
    assert secret not in page.content.decode()


def test_an_address_inside_is_refused_with_the_reason(root: Client, settings: Any) -> None:
    settings.HEARD_WEBHOOK_ALLOW = []
    answer = root.post(reverse("admin:insights_endpoint_add"), FORM)
    assert answer.status_code == 200
    assert "which is not a public address" in answer.content.decode()
    assert Endpoint.objects.count() == 0


def test_rotating_shows_the_new_secret(root: Client) -> None:
    endpoint, old = make_endpoint(FORM["url"])
    (said,) = act(root, "endpoint", "rotate", [endpoint])
    endpoint.refresh_from_db()
    new, kept = secrets_of(endpoint)
    assert new in said
    assert kept == old


def test_an_endpoint_that_was_switched_off_is_announced_until_it_is_switched_on(root: Client) -> None:
    endpoint, _ = make_endpoint(FORM["url"])
    Endpoint.objects.update(
        enabled=False, disabled_reason="Gone.", failures=3, failing_since=timezone.now(), retry_at=timezone.now()
    )
    page = root.get(reverse("admin:insights_endpoint_changelist")).content.decode()
    assert "jira is switched off. Gone." in page
    root.post(reverse("admin:insights_endpoint_change", args=[endpoint.pk]), FORM)
    endpoint.refresh_from_db()
    assert (endpoint.enabled, endpoint.failures, endpoint.failing_since, endpoint.retry_at) == (True, 0, None, None)
    assert "switched off" not in root.get(reverse("admin:insights_endpoint_changelist")).content.decode()


def test_the_log_of_a_delivery_shows_each_call(root: Client) -> None:
    make_endpoint(FORM["url"])
    tell("P-1")
    send()
    delivery = Delivery.objects.get()
    page = root.get(reverse("admin:insights_delivery_change", args=[delivery.pk])).content.decode()
    assert Attempt.objects.get().error in page
    assert "P-1" in page
    assert root.get(reverse("admin:insights_event_changelist")).status_code == 200


def test_deliveries_are_sent_again(root: Client) -> None:
    endpoint, _ = make_endpoint(FORM["url"])
    tell("P-1", "P-2")
    Delivery.objects.update(state=DeliveryState.FAILED, attempts=13)
    first, second = Delivery.objects.order_by("pk")
    assert act(root, "delivery", "replay", [first]) == ["1 deliveries queued again."]
    first.refresh_from_db()
    assert (first.state, first.attempts) == (DeliveryState.WAITING, 0)
    act(root, "endpoint", "send_failed", [endpoint])
    second.refresh_from_db()
    assert second.state == DeliveryState.WAITING


def test_who_may_only_look_cannot_send_again(client: Client) -> None:
    make_endpoint(FORM["url"])
    tell("P-1")
    Delivery.objects.update(state=DeliveryState.FAILED)
    agent = User.objects.create_user("agent", is_staff=True)
    agent.user_permissions.add(Permission.objects.get(codename="view_delivery"))
    client.force_login(agent)
    act(client, "delivery", "replay", list(Delivery.objects.all()))
    assert Delivery.objects.get().state == DeliveryState.FAILED


def test_an_endpoint_is_deleted_with_its_deliveries(root: Client) -> None:
    endpoint, _ = make_endpoint(FORM["url"])
    tell("P-1")
    send()
    root.post(reverse("admin:insights_endpoint_delete", args=[endpoint.pk]), {"post": "yes"})
    assert Endpoint.objects.count() == Delivery.objects.count() == Attempt.objects.count() == 0
