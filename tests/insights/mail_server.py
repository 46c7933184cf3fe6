"""A mail server on the loopback that keeps what it takes, refuses whom it is told to, and may hang up."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class MailServer(socketserver.ThreadingTCPServer):
    """SMTP, as far as it takes to hand in a letter (RFC 5321, 4.1)."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        """On a free port."""
        super().__init__(("127.0.0.1", 0), _Session)
        self.letters: list[EmailMessage] = []
        self.refused: set[str] = set()
        # Hangs up in the middle of a letter to this address, once.
        self.hangs_up_at = ""

    @property
    def url(self) -> str:
        """What `HEARD_EMAIL_URL` would say."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    @property
    def recipients(self) -> list[str]:
        """Whom the letters are to, in the order in which they came."""
        return [str(letter["To"]) for letter in self.letters]


class _Session(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        """One connection."""
        self._say("220 ready")
        to = ""
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb in {"EHLO", "HELO", "RSET", "NOOP"} or verb == "MAIL":
                self._say("250 fine")
            elif verb == "RCPT":
                to = line.partition("<")[2].partition(">")[0]
                self._say("550 no such person" if to in self.server.refused else "250 fine")
            elif verb == "DATA":
                if to == self.server.hangs_up_at:
                    self.server.hangs_up_at = ""
                    return
                self._say("354 go on")
                self.server.letters.append(self._letter())
                self._say("250 taken")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("502 what?")

    def _letter(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b"..") else line)
        letter = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(letter, EmailMessage)
        return letter

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A running one."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
