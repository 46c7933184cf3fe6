"""A real IMAP server in a process of its own, with one mailbox."""

import imaplib
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

from tests.faults.test_serve import free_port

USER, PASSWORD = "feedback", "a secret"


class ImapServer:
    """pymap, keeping mail in memory."""

    def __init__(self) -> None:
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        program = str(Path(sys.executable).with_name("pymap"))
        served = ["--host", "127.0.0.1", "--port", str(self.port), "--no-tls"]
        mailbox = ["dict", "--demo-data", "--demo-user", USER, "--demo-password", PASSWORD]
        self._process = subprocess.Popen(
            [program, *served, *mailbox], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 30
        while True:
            with suppress(OSError):
                self._client().logout()
                break
            assert time.monotonic() < deadline, "the IMAP server did not come up"
            time.sleep(0.05)
        self.clear()
        return self

    def __exit__(self, *_error: object) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait(timeout=30)

    def address(self, folder: str = "INBOX") -> str:
        """Where a folder is."""
        return f"imap://127.0.0.1:{self.port}/{folder}"

    def deliver(self, *messages: bytes) -> None:
        """Mail comes in."""
        client = self._client()
        for message in messages:
            # Servers keep lines as the standard writes them.
            client.append("INBOX", "", "", message.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        client.logout()

    def flags(self) -> list[bytes]:
        """The flags of every message."""
        client = self._client()
        client.select("INBOX", readonly=True)
        _, told = client.fetch("1:*", "(FLAGS)")
        client.logout()
        return [part for part in told if isinstance(part, bytes)]

    def clear(self) -> None:
        """Throw all mail away. Numbers go on where they were."""
        client = self._client()
        client.select("INBOX")
        client.store("1:*", "+FLAGS", "\\Deleted")
        client.expunge()
        client.logout()

    def renumber(self) -> None:
        """The folder is made anew, as when a server moves."""
        client = self._client()
        client.select("INBOX", readonly=True)
        _, told = client.fetch("1:*", "(BODY.PEEK[])")
        client.close()
        client.create("Feedback")
        for part in told:
            if isinstance(part, tuple):
                client.append("Feedback", "", "", part[1])
        client.logout()

    def _client(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        client.login(USER, PASSWORD)
        return client
