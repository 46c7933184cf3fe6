"""Calls as the systems send them, signed as their documentation says, and what became of them."""

import base64
import datetime as dt
import hashlib
import hmac
import json
from typing import Any

from django.test import Client
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from feedback.models import Connection, FeedbackItem, InboundDelivery, Job
from feedback.services.connections import connection_secret_set, connection_token_set
from feedback.services.jobs import job_lease, job_run

SECRET, TOKEN = "a secret that they showed", "a-token"
OWN_SECRET = f"whsec_{base64.b64encode(b'a secret that Heard made').decode()}"


def make_connection(system: str, slug: str = "desk", *, secret: str = SECRET, **facts: Any) -> Connection:
    """A connection whose webhook has a secret, and whose token works where it has an address."""
    connection = Connection.objects.create(slug=slug, system=system, **facts)
    connection_secret_set(connection=connection, secret=secret)
    if connection.url:
        connection_token_set(connection=connection, token=TOKEN)
    connection.refresh_from_db()
    return connection


def post(
    client: Client, slug: str, body: bytes, headers: dict[str, str], content_type: str = "application/json"
) -> Any:
    """One call."""
    return client.post(f"/api/v1/in/{slug}/", body, content_type=content_type, headers=headers)


def zendesk_headers(body: bytes, secret: str = SECRET, at: dt.datetime | None = None) -> dict[str, str]:
    """base64(HMAC-SHA256(timestamp + body))."""
    timestamp = (at or timezone.now()).strftime("%Y-%m-%dT%H:%M:%SZ")
    digest = hmac.new(secret.encode(), timestamp.encode() + body, hashlib.sha256).digest()
    return {
        "X-Zendesk-Webhook-Signature": base64.b64encode(digest).decode(),
        "X-Zendesk-Webhook-Signature-Timestamp": timestamp,
    }


def standard_headers(
    body: bytes, secret: str = OWN_SECRET, at: dt.datetime | None = None, delivery_id: str = "msg_1"
) -> dict[str, str]:
    """Standard Webhooks, signed by their own library."""
    moment = at or timezone.now()
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign(delivery_id, moment, body.decode()),
    }


def work() -> None:
    """What the workers do; no job may fail."""
    run()
    assert not Job.objects.exclude(state="done").exclude(kind__in=["place", "rank"]).exists()


def run() -> None:
    """What the workers do of what connections told, failures and all."""
    Job.objects.filter(kind__in=["place", "regroup", "rank"]).delete()
    Job.objects.filter(state="queued").update(due_at="2020-01-01T00:00Z")
    while (lease := job_lease()) is not None:
        job_run(lease=lease)
        Job.objects.filter(kind__in=["place", "regroup", "rank"]).delete()
        Job.objects.filter(state="queued").update(due_at="2020-01-01T00:00Z")


def stored(slug: str = "desk") -> dict[str, str]:
    """What is stored of a source: texts by external id."""
    return dict(FeedbackItem.objects.filter(source__key=slug).values_list("external_id", "text"))


def states(slug: str = "desk") -> dict[str, str]:
    """How deliveries stand, by what their sender knows them by."""
    return dict(InboundDelivery.objects.filter(connection__slug=slug).values_list("external_id", "state"))


def dumped(told: Any) -> bytes:
    """As a sender writes it."""
    return json.dumps(told).encode()


def intercom_headers(body: bytes, secret: str = SECRET) -> dict[str, str]:
    """HMAC-SHA1 by the client secret."""
    return {"X-Hub-Signature": "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()}


def slack_headers(body: bytes, secret: str = SECRET, at: dt.datetime | None = None) -> dict[str, str]:
    """HMAC-SHA256 of `v0:timestamp:body`."""
    timestamp = str(int((at or timezone.now()).timestamp()))
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Signature": f"v0={digest}", "X-Slack-Request-Timestamp": timestamp}
