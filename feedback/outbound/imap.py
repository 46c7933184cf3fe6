"""Reading a mailbox by IMAP: a few messages at a time, none of them touched."""

import datetime as dt
import imaplib
import re
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from feedback.outbound.addresses import AddressRefusedError, Target, target_of
from feedback.outbound.posting import connected
from feedback.outbound.rest import AwayError, RefusedError, TokenRefusedError

# How an address of a mailbox is checked as one of the web, and its usual port.
SCHEMES = {"imaps": ("https", 993), "imap": ("http", 143)}
WHOLE_SECONDS = 120.0
# No more is read of a message: what somebody wrote stands before what they attached.
MESSAGE_BYTES = 1_000_000
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FETCHED_UID = re.compile(rb"UID (\d+)")


@dataclass(frozen=True)
class Mails:
    """Messages behind a number, in the mailbox of one `validity`, within which numbers stay what they are."""

    validity: int
    messages: tuple[tuple[int, bytes], ...]
    more: bool


class _Checked(imaplib.IMAP4):
    """A client over a connection that was made for it."""

    def __init__(self, link: socket.socket) -> None:
        self._link = link
        super().__init__()

    def _create_socket(self, _timeout: float | None) -> socket.socket:
        return self._link


def mailbox_target(url: str, *, allow: Sequence[str]) -> Target:
    """Check the address of a mailbox, `imaps://imap.example.com/INBOX`, as any address is checked.

    Raises:
        AddressRefusedError: it must not be called.
    """
    scheme, _, rest = url.partition("://")
    if scheme not in SCHEMES:
        raise AddressRefusedError("The address must begin with imaps://.")
    web, port = SCHEMES[scheme]
    try:
        target = target_of(f"{web}://{rest}", allow=allow)
        told = urlsplit(url).port
    except AddressRefusedError as refused:
        raise AddressRefusedError(str(refused).replace("https", "imaps")) from None
    return Target(target.scheme, target.host, told or port, target.path, target.addresses)


def mails_behind(
    url: str,
    *,
    allow: Sequence[str],
    login: str,
    password: str,
    validity: int,
    uid: int,
    since: dt.datetime | None,
    limit: int,
) -> Mails:
    """The first messages behind a number; from the beginning when the mailbox numbers anew.

    Args:
        url: Where the mailbox is; its path is the folder, INBOX where there is none.
        allow: Hosts and networks that may be called although they are not public.
        login: Whose mailbox it is.
        password: Of the login.
        validity: Of the mailbox in which `uid` was seen; 0 for none yet.
        uid: The number behind which to read.
        since: Messages of days before are left out.
        limit: How many messages at most.

    Raises:
        RestError: there are none to be had now.
    """
    try:
        target = mailbox_target(url, allow=allow)
    except AddressRefusedError as refused:
        raise AwayError(str(refused)) from None
    try:
        with _signed_in(target, login, password) as client:
            now = _opened(client, unquote(target.path.strip("/")) or "INBOX")
            found = _numbers(client, uid if now == validity else 0, since)
            wanted = found[:limit]
            return Mails(now, tuple(_fetched(client, wanted)), more=len(found) > len(wanted))
    except imaplib.IMAP4.abort as error:
        raise AwayError(f"The mail server broke off: {_words(error)}") from None
    except imaplib.IMAP4.error as error:
        raise AwayError(f"The mail server does not do as it should: {_words(error)}") from None
    except OSError as error:
        raise AwayError(f"The mail server did not answer: {type(error).__name__}: {error}") from None


@contextmanager
def _signed_in(target: Target, login: str, password: str) -> Iterator[imaplib.IMAP4]:
    if not (login + password).isascii():
        raise TokenRefusedError("User name and password of a mailbox are plain ASCII.")
    with connected(target, time.monotonic() + WHOLE_SECONDS) as link:
        client = _Checked(link)
        try:
            client.login(_quoted(login), password)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise TokenRefusedError(f"The mail server says: {_words(error)}") from None
        yield client
        with suppress(imaplib.IMAP4.error, OSError):
            client.logout()


def _opened(client: imaplib.IMAP4, folder: str) -> int:
    """Open a folder to look only; answers the validity of its numbers."""
    status, told = client.select(_quoted(folder), readonly=True)
    if status != "OK":
        raise RefusedError(f"There is no folder {folder}. The mail server says: {_words(told)}")
    _, validity = client.response("UIDVALIDITY")
    return int(validity[0] or 0) if validity else 0


def _numbers(client: imaplib.IMAP4, uid: int, since: dt.datetime | None) -> list[int]:
    """The numbers behind a number, in their order. A server answers its last message for `n:*` whatever n is."""
    criteria = ["UID", f"{uid + 1}:*"]
    if since is not None:
        criteria += ["SINCE", f"{since.day}-{MONTHS[since.month - 1]}-{since.year}"]
    _, told = client.uid("SEARCH", *criteria)
    return sorted(number for number in map(int, (told[0] or b"").split()) if number > uid)


def _fetched(client: imaplib.IMAP4, numbers: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    if not numbers:
        return
    _, told = client.uid("FETCH", ",".join(map(str, numbers)), f"(UID BODY.PEEK[]<0.{MESSAGE_BYTES}>)")
    messages = {}
    for part in told:
        number = FETCHED_UID.search(part[0]) if isinstance(part, tuple) else None
        if number:
            messages[int(number[1])] = part[1]
    # What was deleted between the search and now is not there.
    yield from sorted(messages.items())


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _words(told: Any) -> str:
    """What a server says, for a reader."""
    parts = told.args if isinstance(told, Exception) else told
    texts = [part.decode("utf-8", "replace") if isinstance(part, bytes) else str(part) for part in parts if part]
    return " ".join(" ".join(texts).split())[:300]
