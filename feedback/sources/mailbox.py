"""A mailbox that customers write to, or that colleagues forward to: what somebody wrote, without what they quoted."""

import datetime as dt
import email
import hashlib
import re
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses, parsedate_to_datetime

from mailparser_reply import parser as replies

from feedback.outbound.imap import mailbox_target, mails_behind
from feedback.sources.contract import Access, Change, Page, Pull, Reading, SchemaError, System
from feedback.sources.html_text import text_of_html
from feedback.sources.reading import ID_CHARACTERS, record_of

AT_ONCE = 25
SUBJECT_CHARACTERS = 1000
# Beyond this the search for quotes, which takes longer the longer the text, does not look.
LOOKED_AT = 8_000
LANGUAGES = ["en", "de", "fr", "it", "nl", "es", "pl", "da", "sv", "cs"]
ANSWERED = re.compile(r"^(?:(?:re|aw|sv|antw|r[ée]f)(?:\[\d+\])?:\s*)+", re.IGNORECASE)
FORWARDED = re.compile(r"^(?:(?:fwd?|wg|tr|vs|i)(?:\[\d+\])?:\s*)+", re.IGNORECASE)
WRITTEN_BY = re.compile(r"^[>\s*]*(?:From|Von|De|Da|Van|Från|Fra|Od)\s*:\W*(.*)$", re.IGNORECASE | re.MULTILINE)
AUTOMATIC = {"bulk", "junk", "auto_reply"}


def fetch(access: Access, cursor: str) -> Page:
    """The next messages of the mailbox; the cursor is where its numbers had come to.

    Raises:
        RestError: there are none to be had now.
    """
    validity, _, uid = cursor.partition(":")
    mails = mails_behind(
        access.url,
        allow=access.allow,
        login=access.login,
        password=access.token,
        validity=int(validity or 0),
        uid=int(uid or 0),
        since=access.since,
        limit=AT_ONCE,
    )
    last = mails.messages[-1][0] if mails.messages else int(uid or 0) if int(validity or 0) == mails.validity else 0
    return Page(tuple(message for _, message in mails.messages), f"{mails.validity}:{last}", mails.more)


def read(body: bytes, reading: Reading) -> list[Change]:
    """What a message says; nothing when a machine sent it.

    Raises:
        SchemaError: it cannot be read as a message.
    """
    try:
        message = email.message_from_bytes(body, policy=default)
        if _is_automatic(message):
            return []
        record = record_of(_values(message, body, reading.now), reading, as_of=None)
    except SchemaError:
        raise
    except Exception as error:  # noqa: BLE001 (the library fails in many ways on what is no mail)
        raise SchemaError(f"This is no mail that can be read: {type(error).__name__}: {error}") from None
    return [record] if record else []


def written_in(text: str) -> str:
    """What somebody wrote themselves: without quotes, signature and disclaimer."""
    text = re.sub(r"\n\s*\n\s*", "\n\n", text.replace("\r\n", "\n")).strip()
    looked_at, rest = text[:LOOKED_AT], text[LOOKED_AT:]
    message = replies.EmailMessage(text=looked_at, languages=list(LANGUAGES), keep_hyphen_lists=True).read()
    own = message.replies[0].body if message.replies else looked_at
    # Where nothing was cut, nobody has shown that what follows is not theirs.
    own = looked_at + rest if own == message.text.strip() else own
    return "\n".join(line for line in own.split("\n") if not line.startswith(">")).strip()


def _values(message: EmailMessage, body: bytes, now: dt.datetime) -> dict[str, str]:
    """A message by the columns of a feedback table."""
    subject = str(message.get("Subject", "")).strip()
    text = _text(message)
    forwarded = FORWARDED.match(subject)
    sender = _address(str(message.get("From", "")))
    if forwarded:
        # Of a customer whom a colleague forwards, all is kept: where their words end nobody can tell.
        writer = WRITTEN_BY.search(text)
        sender = (_address(writer[1]) if writer else "") or sender
    return {
        "external_id": _identity(message, body),
        "kind": "request",
        "created_at": _moment(str(message.get("Date", "")), now),
        "contact_email": sender,
        "subject": FORWARDED.sub("", ANSWERED.sub("", subject))[:SUBJECT_CHARACTERS],
        "body": text.strip() if forwarded else written_in(text),
    }


def _is_automatic(message: EmailMessage) -> bool:
    """Whether a machine wrote it: an absence note, a bounce, a newsletter (RFC 3834)."""
    return (
        str(message.get("Auto-Submitted", "no")).strip().lower() not in {"", "no"}
        or str(message.get("Precedence", "")).strip().lower() in AUTOMATIC
        or message.get_content_type() == "multipart/report"
    )


def _text(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    try:
        text = raw.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        text = raw.decode("utf-8", "replace")
    return text_of_html(text) if part.get_content_type() == "text/html" else text


def _identity(message: EmailMessage, body: bytes) -> str:
    told = str(message.get("Message-ID", "")).strip()
    return told if told and len(told) <= ID_CHARACTERS else f"mail-{hashlib.sha256(body).hexdigest()}"


def _address(told: str) -> str:
    """The first address in a header or a line that looks like one; blank where there is none."""
    return next((address for _, address in getaddresses([told]) if "@" in address and len(address) <= 254), "")


def _moment(told: str, now: dt.datetime) -> str:
    """When it was sent; blank where it does not say, or where no clock could have said so."""
    try:
        moment = parsedate_to_datetime(told)
    except (TypeError, ValueError):
        return ""
    moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return moment.isoformat() if moment.year >= 1990 and moment <= now else ""


MAILBOX = System(
    "email",
    "E-mail",
    pull=Pull(
        fetch,
        read,
        target=mailbox_target,
        url_hint="imaps://imap.example.com/INBOX",
        login_hint="the user name of the mailbox",
        key_hint="its password, or an app password",
    ),
)
