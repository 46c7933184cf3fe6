"""One call out: to a checked machine, once, in bounded time, with a bounded answer."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

from insights.outbound.addresses import Target

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


def post(target: Target, *, body: bytes, headers: Mapping[str, str], whole_seconds: float = WHOLE_SECONDS) -> Answer:
    """Send a body. No redirect is followed, no proxy asked, and no name resolved a second time.

    Args:
        target: Whom to call; the connection goes to its addresses and nowhere else.
        body: What to send.
        headers: Sent as they are, beside the host and the length.
        whole_seconds: After this the connection is cut, however busy the other side keeps it.
    """
    started = time.monotonic()
    try:
        status, text = _exchange(target, body, headers, started + whole_seconds)
    except (OSError, http.client.HTTPException) as error:
        seconds = time.monotonic() - started
        words = "no answer in time" if seconds >= whole_seconds else f"{type(error).__name__}: {error}"
        return Answer(None, "", words, seconds)
    return Answer(status, text, "", time.monotonic() - started)


def _exchange(target: Target, body: bytes, headers: Mapping[str, str], deadline: float) -> tuple[int, str]:
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.default_port = 443 if target.scheme == "https" else 80  # decides the Host header
    with _connected(target, deadline) as link:
        # A socket's own time-out starts anew with every byte: this one does not.
        cutter = threading.Timer(max(deadline - time.monotonic(), 0), _cut, [link])
        cutter.daemon = True
        cutter.start()
        try:
            link.settimeout(max(deadline - time.monotonic(), 0.001))
            if isinstance(link, ssl.SSLSocket):
                link.do_handshake()
            connection.sock = link
            connection.request("POST", target.path, body=body, headers=dict(headers))
            answer = connection.getresponse()
            text = answer.read(ANSWER_BYTES).decode("utf-8", errors="replace")
            if time.monotonic() >= deadline:
                # What was cut looks like an answer that ended.
                raise TimeoutError
            return answer.status, text
        finally:
            cutter.cancel()
            connection.close()


def _connected(target: Target, deadline: float) -> socket.socket:
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
