"""Connections in the admin: secrets shown once or never, tokens for one address, surprises shown and read again."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from feedback.models import Connection, FeedbackItem, InboundDelivery
from feedback.services.connections import connection_access, connection_secrets
from tests.feedback.sources.senders import SECRET, dumped, make_connection, post, standard_headers, stored, work
from tests.feedback.sources.test_json import IDEA, MAPPING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_broker")]
PAGES = "/admin/feedback/connection/"
DELIVERIES = "/admin/feedback/inbounddelivery/"


@pytest.fixture
def admin(client: Client) -> Client:
    """Somebody who may do everything."""
    client.force_login(User.objects.create_superuser("admin"))
    return client


def saved(admin: Client, path: str, **fields: str) -> Any:
    """Save the form; answers the page that follows, which must not be the form again."""
    told = {"slug": "desk", "system": "zendesk", "enabled": "on", "mapping": "{}", **fields}
    answer = admin.post(path, told, follow=True)
    assert answer.redirect_chain, answer.context["adminform"].form.errors
    return answer


def refused(admin: Client, path: str, **fields: str) -> dict[str, Any]:
    """Save the form; answers what was wrong with it."""
    told = {"slug": "desk", "system": "zendesk", "enabled": "on", "mapping": "{}", **fields}
    errors: dict[str, Any] = admin.post(path, told).context["adminform"].form.errors
    return errors


def act(admin: Client, path: str, action: str, pk: int) -> str:
    """Choose an action for one row."""
    return admin.post(path, {"action": action, "_selected_action": [pk]}, follow=True).content.decode()


def test_what_the_system_shows_is_typed_in_and_never_shown(admin: Client) -> None:
    url = "https://93.184.216.34"
    saved(admin, f"{PAGES}add/", new_secret=SECRET, new_token="a-token", url=url, login="heard@one.example")
    desk = Connection.objects.get()
    assert (connection_secrets(desk), connection_access(desk).token) == ([SECRET], "a-token")
    page = admin.get(f"{PAGES}{desk.pk}/change/").content.decode()
    assert "/api/v1/in/desk/" in page
    assert SECRET not in page
    assert "a-token" not in page
    assert SECRET not in desk.secret
    assert "a-token" not in desk.token
    saved(admin, f"{PAGES}{desk.pk}/change/", url=url, login="heard@one.example", new_secret="the new one")
    desk.refresh_from_db()
    assert connection_secrets(desk) == ["the new one", SECRET]
    assert connection_access(desk).token == "a-token", "blank leaves it as it is"


def test_a_token_goes_nowhere_but_to_the_address_it_was_given_for(admin: Client) -> None:
    url, elsewhere = "https://93.184.216.34", "https://93.184.216.35"
    assert "new_token" in refused(admin, f"{PAGES}add/", url=url)
    saved(admin, f"{PAGES}add/", url=url, new_token="a-token")
    path = f"{PAGES}{Connection.objects.get().pk}/change/"
    assert "new_token" in refused(admin, path, url=elsewhere)
    assert "new_token" in refused(admin, path, url=url, login="somebody@one.example")
    Connection.objects.update(cursor="far", read=9, notice="The token is refused.")
    saved(admin, path, url=elsewhere, new_token="another")
    desk = Connection.objects.get()
    assert (desk.cursor, desk.read, desk.notice) == ("", 0, "")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"url": "https://10.0.0.9", "new_token": "t"}, "url"),
        ({"url": "file:///etc/passwd", "new_token": "t"}, "url"),
        ({"slug": "Desk"}, "slug"),
        ({"slug": "desk/../x"}, "slug"),
        ({"system": "fax"}, "system"),
        ({"system": "json", "mapping": "{}"}, "mapping"),
        ({"system": "json", "mapping": "["}, "mapping"),
        ({"system": "json", "mapping": dumped(MAPPING).decode(), "new_secret": "x"}, "new_secret"),
        ({"system": "slack", "url": "https://93.184.216.34", "new_token": "t"}, "url"),
        ({"system": "email"}, "url"),
    ],
)
def test_what_could_never_work_is_refused_at_its_field(admin: Client, fields: dict[str, str], field: str) -> None:
    assert field in refused(admin, f"{PAGES}add/", **fields)
    assert Connection.objects.count() == 0


def test_items_keep_their_source(admin: Client) -> None:
    desk = make_connection("zendesk")
    for change in ({"slug": "other"}, {"system": "slack"}):
        assert "Name and system stay as they are" in str(refused(admin, f"{PAGES}{desk.pk}/change/", **change))


def test_from_the_form_to_the_item_and_back_from_a_mapping_that_missed(admin: Client) -> None:
    page = saved(admin, f"{PAGES}add/", slug="board", system="json", mapping='{"external_id": "id", "body": "text"}')
    found = re.search(r"whsec_[\w+/=]+", page.content.decode())
    assert found, "shown once"
    board = Connection.objects.get()
    assert found[0] not in admin.get(f"{PAGES}{board.pk}/change/").content.decode()
    body = dumped(IDEA)
    assert post(Client(), "board", body, standard_headers(body, found[0])).status_code == 200
    work()
    delivery = InboundDelivery.objects.get()
    assert "external_id is missing or blank." in admin.get(DELIVERIES).content.decode()
    assert "Nights are too bright" in admin.get(f"{DELIVERIES}{delivery.pk}/change/").content.decode()
    saved(admin, f"{PAGES}{board.pk}/change/", slug="board", system="json", mapping=dumped(MAPPING).decode())
    assert "1 deliveries are read again" in act(admin, DELIVERIES, "replay", delivery.pk)
    work()
    assert list(stored("board")) == ["7"]
    rotated = re.search(r"whsec_[\w+/=]+", act(admin, PAGES, "rotate", board.pk))
    assert rotated
    assert rotated[0] != found[0]
    for secret in (found[0], rotated[0]):
        assert post(Client(), "board", body, standard_headers(body, secret)).status_code == 200


def test_a_notice_stands_above_the_list_until_it_is_settled(admin: Client) -> None:
    desk = make_connection("zendesk", url="https://93.184.216.34")
    Connection.objects.update(notice="The token is refused.", failures=3, last_error="401")
    assert "desk: The token is refused." in admin.get(PAGES).content.decode().replace("&#x27;", "'")
    act(admin, PAGES, "read_now", desk.pk)
    desk.refresh_from_db()
    assert (desk.notice, desk.failures, desk.due_at) == ("", 0, None)
    Connection.objects.update(cursor="far")
    act(admin, PAGES, "read_everything", desk.pk)
    assert Connection.objects.get().cursor == ""


def test_what_customers_said_is_for_those_who_may_read_originals(client: Client) -> None:
    desk = make_connection("zendesk")
    delivery = InboundDelivery.objects.create(
        connection=desk, external_id="1", body=b"my phone is 555", state="quarantined"
    )
    agent = User.objects.create(username="agent", is_staff=True)
    agent.user_permissions.add(Permission.objects.get(codename="view_inbounddelivery"))
    client.force_login(agent)
    assert "555" not in client.get(f"{DELIVERIES}{delivery.pk}/change/").content.decode()
    act(client, DELIVERIES, "replay", delivery.pk)
    assert InboundDelivery.objects.get().state == "quarantined", "who may look may not have it read again"
    agent.user_permissions.add(Permission.objects.get(codename="view_feedbackoriginal"))
    client.force_login(User.objects.get())
    assert "555" in client.get(f"{DELIVERIES}{delivery.pk}/change/").content.decode()


def test_deleting_a_connection_asks_first_and_leaves_its_items(admin: Client) -> None:
    board = make_connection("json", "board", secret="whsec_eHg=", mapping=MAPPING)
    body = dumped(IDEA)
    post(Client(), "board", body, standard_headers(body, "whsec_eHg="))
    work()
    path = f"{PAGES}{board.pk}/delete/"
    assert "Are you sure" in admin.get(path).content.decode()
    admin.post(path, {"post": "yes"})
    assert (Connection.objects.count(), FeedbackItem.objects.count()) == (0, 1)
