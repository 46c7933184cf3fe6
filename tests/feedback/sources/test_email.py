"""A mailbox on a real IMAP server: every message once, what its writer wrote, nothing touched."""

import socket
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from feedback.models import Connection, FeedbackItem, FeedbackOriginal
from feedback.outbound import imap
from feedback.services.connections import connection_token_set
from feedback.sources import mailbox
from feedback.sources.contract import Reading, SchemaError
from feedback.sources.mailbox import read, written_in
from tests.factories import MOMENT, make_account, make_contact
from tests.feedback.sources.imap_server import PASSWORD, USER, ImapServer
from tests.feedback.sources.senders import make_connection, stored
from tests.feedback.sources.test_zendesk_pull import pull, wait_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_broker")]
READING = Reading("mail", MOMENT)


@pytest.fixture(scope="module")
def running() -> Iterator[ImapServer]:
    """One server for all tests."""
    with ImapServer() as server:
        yield server


@pytest.fixture
def server(running: ImapServer, settings: Any) -> ImapServer:
    """The server with an empty mailbox."""
    settings.HEARD_WEBHOOK_ALLOW = ["127.0.0.0/8"]
    running.clear()
    return running


@pytest.fixture
def inbox(server: ImapServer) -> Connection:
    """A connection to it."""
    connection = make_connection("email", "mail", url=server.address(), login=USER)
    connection_token_set(connection=connection, token=PASSWORD)
    return connection


def mail(number: int, text: str, *, html: bool = False, **headers: str) -> bytes:
    """A message."""
    message = EmailMessage()
    told = {
        "Subject": f"Wish {number}",
        "From": "Ann Example <Ann@one.example>",
        "Message-ID": f"<{number}@one.example>",
        "Date": "Thu, 01 Oct 2026 09:30:00 +0200",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    for name, value in told.items():
        message[name] = value
    message.set_content(text, subtype="html" if html else "plain")
    return message.as_bytes()


def bodies() -> list[str]:
    """What was kept of each message, in order."""
    return list(FeedbackOriginal.objects.order_by("pk").values_list("body", flat=True))


def test_mail_comes_in_once_and_stays_as_it_was(server: ImapServer, inbox: Connection) -> None:
    contact = make_contact(make_account(), "ann@one.example")
    server.deliver(*(mail(number, f"Please export table {number}") for number in range(60)))
    pull()
    assert len(stored("mail")) == 60
    item = FeedbackItem.objects.get(external_id="<7@one.example>")
    assert (item.contact, item.text, item.said_at.hour) == (contact, "Wish 7\nPlease export table 7", 7)
    assert Connection.objects.get().read == 60
    pull()
    assert Connection.objects.get().read == 60, "what was read is not fetched again"
    server.deliver(mail(60, "Please export table 60"), mail(7, "Please export table 7"))
    pull()
    assert len(stored("mail")) == 61
    assert not any(b"Seen" in flags for flags in server.flags())


def test_a_mailbox_that_is_numbered_anew_is_read_anew_and_nothing_doubles(
    server: ImapServer, inbox: Connection
) -> None:
    server.deliver(*(mail(number, f"Please export table {number}") for number in range(3)))
    pull()
    server.renumber()
    Connection.objects.update(url=server.address("Feedback"))
    before = Connection.objects.get().cursor
    pull()
    assert Connection.objects.get().cursor.partition(":")[0] != before.partition(":")[0]
    assert (len(stored("mail")), Connection.objects.get().read) == (3, 6)


def test_a_wrong_password_is_said_once(server: ImapServer, inbox: Connection) -> None:
    for password in ("wrong", "fälsch"):
        connection_token_set(connection=inbox, token=password)
        assert pull().notice.startswith("The token is refused.")
        assert pull().due_at is None
    connection_token_set(connection=inbox, token=PASSWORD)
    server.deliver(mail(1, "Dark mode"))
    assert pull().notice == ""
    assert bodies() == ["Dark mode"]


def test_an_address_that_leads_inside_is_never_called(server: ImapServer, inbox: Connection, settings: Any) -> None:
    settings.HEARD_WEBHOOK_ALLOW = []
    after = pull()
    assert ("is not a public address" in after.last_error, after.read) == (True, 0)


def test_a_folder_that_is_not_there_is_said(server: ImapServer, inbox: Connection) -> None:
    Connection.objects.update(url=server.address("No%20such%20folder"))
    assert "There is no folder No such folder" in pull().notice


@pytest.mark.parametrize("talk", [b"", b"* OK ready\r\n", b"SSH-2.0-x\r\n", b"* BYE\r\n"])
def test_a_server_that_breaks_off_is_asked_again_later(inbox: Connection, talk: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            link, _ = listener.accept()
            with link:
                link.sendall(talk)
                link.shutdown(socket.SHUT_WR)

        thread = threading.Thread(target=serve)
        thread.start()
        Connection.objects.update(url=f"imap://127.0.0.1:{listener.getsockname()[1]}/INBOX")
        after = pull()
        thread.join()
    assert after.last_error.startswith("The mail server")
    assert 0 < wait_of(after) < 6


def test_a_server_that_says_nothing_is_cut_off(inbox: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "WHOLE_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        Connection.objects.update(url=f"imap://127.0.0.1:{listener.getsockname()[1]}/INBOX")
        assert pull().last_error.startswith("The mail server")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "Write the address"),
        ("https://imap.example.com", "must begin with imaps://"),
        ("imap://imap.example.com@x/", "must not hold a user name"),
        ("imaps://10.0.0.9/INBOX", "not a public address"),
        ("imap://8.8.8.8/INBOX", "must be called over imaps"),
    ],
)
def test_an_address_that_must_not_be_called_is_refused(url: str, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Connection(slug="mail", system="email", url=url).full_clean()
    assert words in " ".join(refused.value.message_dict["url"])


ATTRIBUTION = "On Thu, Oct 1, 2026 at 9:30 AM Heard <heard@ours.example> wrote:\n> What do you miss most?\n> Tell us."


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (f"Dark mode, please.\n\n{ATTRIBUTION}", "Dark mode, please."),
        ("Dark mode, please.\n\n-- \nAnn Example\nCTO", "Dark mode, please."),
        ("Dark mode, please.\n\nKind regards,\nAnn", "Dark mode, please."),
        ("Dark mode, please.\n\nSent from my iPhone", "Dark mode, please."),
        ("Bitte Dunkelmodus.\n\nAm 01.10.2026 um 09:30 schrieb Heard <h@ours.example>:\n> Was?", "Bitte Dunkelmodus."),
        ("> What do you miss?\nDark mode\n> And?\nExports", "Dark mode\nExports"),
        ("We miss:\n- dark mode\n- exports", "We miss:\n- dark mode\n- exports"),
        ("Dark\n\n\n\n\nmode", "Dark\n\nmode"),
        ("", ""),
    ],
)
def test_quotes_and_signatures_are_cut(text: str, own: str) -> None:
    assert written_in(text) == own


@given(st.text(alphabet="On Wed,\n>-_:ab@", max_size=400))
def test_what_is_cut_out_was_there(text: str) -> None:
    own = written_in(text)
    assert len(own) <= len(text)
    assert not any(line.startswith(">") for line in own.split("\n"))


@pytest.mark.parametrize("text", ["\n" * 100_000, "On Wed " * 30_000, "> x\n" * 30_000, "Best regards,\n" * 9000])
def test_no_text_keeps_the_parser_busy(text: str) -> None:
    """It is looked at as far as anybody writes; were it looked at whole, this would take minutes."""
    written_in(text)
    assert mailbox.LOOKED_AT <= 10_000


def said(message: bytes) -> tuple[str, str, str] | None:
    """Who says what, as it is read."""
    changes: list[Any] = read(message, READING)
    return (changes[0].contact_email, changes[0].subject, changes[0].body) if changes else None


def test_html_is_read_where_there_is_nothing_else() -> None:
    told = said(mail(1, "<p>Dark <b>mode</b></p><blockquote>On x wrote:</blockquote>", html=True))
    assert told is not None
    assert told[2].startswith("Dark mode")


def test_a_customer_who_is_forwarded_is_who_says_it() -> None:
    text = "FYI\n\n---------- Forwarded message ---------\nFrom: Bo Buyer <Bo@two.example>\nDate: x\n\nWe need exports."
    told = said(mail(1, text, Subject="Fwd: Re: Exports"))
    assert told is not None
    assert told[:2] == ("bo@two.example", "Re: Exports")
    assert told[2].endswith("We need exports.")


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"Content_Type": 'multipart/report; boundary="x"'},
    ],
)
def test_machines_are_not_customers(headers: dict[str, str]) -> None:
    lines = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
    assert read(f"Subject: Out of office\nFrom: a@b.example\n{lines}\nI am away".encode(), READING) == []


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: =?utf-8?b?////?=\n\nx",
        b"Content-Type: text/plain; charset=klingon\n\nDark mode",
        b"Content-Type: multipart/mixed\n\nDark mode",
        b"From: \x00\nDate: never\nMessage-ID: " + b"x" * 5000 + b"\n\nDark mode",
        b"Date: Thu, 01 Oct 2999 09:30:00 +0000\n\nDark mode",
        b"Date: Thu, 01 Oct 2026 09:30:00 +9999\n\nDark mode",
        b"From: [\n\nDark mode",
    ],
)
def test_whatever_comes_is_read_or_named(message: bytes) -> None:
    try:
        changes = read(message, READING)
    except SchemaError as error:
        pytest.fail(f"{message[:40]!r}: {error}")
    assert all(one.external_id for one in changes)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(noise: bytes) -> None:
    changes = read(b"Subject: x\nMessage-ID: <1@x>\n" + noise, READING)
    assert all(one.source == "mail" for one in changes)
