"""One call out: to a checked machine, once, in bounded time, with a bounded answer."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from feedback.outbound.addresses import Target

CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 15.0
ANSWER_BYTES = 65_536


@dataclass(frozen=True)
class Answer:
    """How a call ended: the status and the beginning of the body, or the error of a call without an answer."""

    status: int | None
    body: str
    error: str
    seconds: float
    # By their names in lower case.
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Call:
    """What is sent, and how much of the answer is read."""

    method: str
    body: bytes
    headers: Mapping[str, str]
    answer_bytes: int


def call(
    target: Target,
    *,
    method: str = "POST",
    body: bytes = b"",
    headers: Mapping[str, str],
    whole_seconds: float = WHOLE_SECONDS,
    answer_bytes: int = ANSWER_BYTES,
) -> Answer:
    """Make one call. No redirect is followed, no proxy asked, and no name resolved a second time.

    Args:
        target: Whom to call; the connection goes to its addresses and nowhere else.
        method: Such as GET.
        body: What to send.
        headers: Sent as they are, beside the host and the length.
        whole_seconds: After this the connection is cut, however busy the other side keeps it.
        answer_bytes: No more than this is read of the answer.
    """
    started = time.monotonic()
    try:
        answer = _exchange(target, _Call(method, body, headers, answer_bytes), started, started + whole_seconds)
    except (OSError, http.client.HTTPException) as error:
        seconds = time.monotonic() - started
        words = "no answer in time" if seconds >= whole_seconds else f"{type(error).__name__}: {error}"
        return Answer(None, "", words, seconds)
    return answer


def _exchange(target: Target, sent: _Call, started: float, deadline: float) -> Answer:
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.default_port = 443 if target.scheme == "https" else 80  # decides the Host header
    with connected(target, deadline) as link:
        try:
            connection.sock = link
            connection.request(sent.method, target.path, body=sent.body or None, headers=dict(sent.headers))
            answer = connection.getresponse()
            text = answer.read(sent.answer_bytes).decode("utf-8", errors="replace")
            if time.monotonic() >= deadline:
                # What was cut looks like an answer that ended.
                raise TimeoutError
            told = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, text, "", time.monotonic() - started, told)
        finally:
            connection.close()


@contextmanager
def connected(target: Target, deadline: float) -> Iterator[socket.socket]:
    """A connection to the first machine that takes it, over TLS where the scheme says so, cut at the deadline.

    Raises:
        OSError: there is none to be had.
    """
    with _linked(target, deadline) as link:
        # A socket's own time-out starts anew with every byte: this one does not.
        cutter = threading.Timer(max(deadline - time.monotonic(), 0), _cut, [link])
        cutter.daemon = True
        cutter.start()
        try:
            link.settimeout(max(deadline - time.monotonic(), 0.001))
            if isinstance(link, ssl.SSLSocket):
                link.do_handshake()
            yield link
        finally:
            cutter.cancel()


def _linked(target: Target, deadline: float) -> socket.socket:
    """A connection to the first machine that takes it, over TLS not yet greeted."""
    failure: OSError = ConnectionError("no address")
    for address in target.addresses:
        seconds = min(CONNECT_SECONDS, deadline - time.monotonic())
        if seconds <= 0:
            break
        try:
            link = socket.create_connection((address, target.port), timeout=seconds)
        except OSError as error:
            failure = error
            continue
        if target.scheme == "http":
            return link
        context = ssl.create_default_context()
        return context.wrap_socket(link, server_hostname=target.host, do_handshake_on_connect=False)
    raise failure


def _cut(link: socket.socket) -> None:
    try:
        # The plain socket's method: that of TLS would first want a word with the other side.
        socket.socket.shutdown(link, socket.SHUT_RDWR)
    except OSError:
        return
