"""The calls to Jira that Heard makes, to Cloud and to Data Center.

Read against the REST API v3 of Jira Cloud and v2 of Jira Data Center. One call is one call: who rests, waits or gives
up is decided by the caller, from the error.
"""

import base64
import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from feedback.outbound.addresses import AddressRefusedError, target_of
from feedback.outbound.posting import Answer, call
from feedback.outbound.rest import rest_seconds

CLOUD, DATA_CENTER = "cloud", "data_center"
VERSIONS = {CLOUD: "/rest/api/3", DATA_CENTER: "/rest/api/2"}
PROPERTY = "heard"
PAGE = 50
WHOLE_SECONDS = 30.0
ANSWER_BYTES = 4_000_000
WORDS = 300


class JiraError(Exception):
    """A call that did not do what it was for. The text says why, for a reader."""


class AwayError(JiraError):
    """No answer, or one that says nothing of the request: whether it was carried out is not known."""

    def __init__(self, words: str, *, overloaded: bool) -> None:
        super().__init__(words)
        # The whole site is in trouble, not only this request.
        self.overloaded = overloaded


class TooManyError(JiraError):
    """Jira wants to be left alone for a while."""

    def __init__(self, words: str, *, seconds: float) -> None:
        super().__init__(words)
        self.seconds = seconds


class TokenRefusedError(JiraError):
    """The token is wrong, expired or revoked."""


class NotFoundError(JiraError):
    """There is no such thing, or the account may not see it."""


class RefusedError(JiraError):
    """Jira understood, and will not."""


class ForbiddenError(RefusedError):
    """The account may not do this."""


@dataclass(frozen=True)
class Account:
    """Where a Jira is, and as whom it is called."""

    kind: str
    url: str
    email: str
    token: str
    # Host names and networks that may be called although they are not public.
    allow: Sequence[str]


@dataclass(frozen=True)
class Issue:
    """What Heard reads of an issue."""

    id: str
    key: str
    status: str
    updated: dt.datetime


def account_name(account: Account) -> str:
    """Whose token it is, as Jira names them.

    Raises:
        JiraError: the token does not work, or Jira does not answer.
    """
    told = _json(account, "GET", "/myself")
    return str(told.get("displayName") or told.get("name") or "")


def issue_read(account: Account, key: str) -> Issue:
    """One issue by its key or id.

    Raises:
        JiraError: it is not there, or could not be read.
    """
    return _issue(_json(account, "GET", f"/issue/{quote(key, safe='')}?fields=status,updated"))


def issues_find(account: Account, jql: str) -> Iterator[Issue]:
    """Every issue that a query finds, page by page.

    Raises:
        JiraError: the query was refused, or a page could not be read.
    """
    pages = _cloud_pages if account.kind == CLOUD else _data_center_pages
    for page in pages(account, {"jql": jql, "fields": "status,updated", "maxResults": str(PAGE)}):
        yield from (_issue(told) for told in page)


def issue_create(account: Account, fields: Mapping[str, Any]) -> tuple[str, str]:
    """Create an issue; answers its id and its key.

    Raises:
        AwayError: no answer came: the issue may be there.
        JiraError: it was not created.
    """
    told = _json(account, "POST", "/issue", {"fields": fields})
    return str(told.get("id", "")), str(told.get("key", ""))


def remote_link_put(account: Account, issue: str, link: Mapping[str, Any]) -> None:
    """Create a remote link of an issue, or update the one of the same `globalId`.

    Raises:
        JiraError: it could not be written.
    """
    _json(account, "POST", f"/issue/{quote(issue, safe='')}/remotelink", link)


def remote_link_delete(account: Account, issue: str, global_id: str) -> None:
    """Take a remote link off an issue.

    Raises:
        JiraError: it could not be deleted.
    """
    _json(account, "DELETE", f"/issue/{quote(issue, safe='')}/remotelink?{urlencode({'globalId': global_id})}")


def property_put(account: Account, issue: str, value: Mapping[str, Any]) -> None:
    """Set the property `heard` of an issue.

    Raises:
        JiraError: it could not be written.
    """
    _json(account, "PUT", f"/issue/{quote(issue, safe='')}/properties/{PROPERTY}", value)


def property_delete(account: Account, issue: str) -> None:
    """Take the property `heard` off an issue.

    Raises:
        JiraError: it could not be deleted.
    """
    _json(account, "DELETE", f"/issue/{quote(issue, safe='')}/properties/{PROPERTY}")


def moment_of(text: str) -> dt.datetime:
    """A moment as Jira writes it: `2026-10-01T09:30:00.000+0000`.

    Raises:
        ValueError: it is none.
    """
    return dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")


def _cloud_pages(account: Account, query: dict[str, str]) -> Iterator[list[Any]]:
    token = ""
    while True:
        more = {"nextPageToken": token} if token else {}
        told = _json(account, "GET", f"/search/jql?{urlencode({**query, **more})}")
        yield _list(told.get("issues"))
        following = str(told.get("nextPageToken") or "")
        if not following or following == token:
            return
        token = following


def _data_center_pages(account: Account, query: dict[str, str]) -> Iterator[list[Any]]:
    start = 0
    while True:
        told = _json(account, "GET", f"/search?{urlencode({**query, 'startAt': str(start)})}")
        page = _list(told.get("issues"))
        yield page
        start += len(page)
        total = told.get("total")
        if not page or not isinstance(total, int) or start >= total:
            return


def _issue(told: Any) -> Issue:
    try:
        fields = told["fields"]
        return Issue(
            str(told["id"]), str(told["key"]), str(fields["status"]["name"]), moment_of(str(fields["updated"]))
        )
    except (KeyError, TypeError, ValueError):
        raise AwayError("Jira described an issue in a way that cannot be read.", overloaded=False) from None


def _list(told: Any) -> list[Any]:
    return told if isinstance(told, list) else []


def _json(account: Account, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """One call; answers what Jira tells, an empty object when it tells nothing."""
    answer = _call(account, method, path, body)
    _raise_for(answer)
    if not answer.body:
        return {}
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise AwayError("Jira's answer is no JSON: is this the address of a Jira?", overloaded=False) from None
    return told if isinstance(told, dict) else {}


def _call(account: Account, method: str, path: str, body: Mapping[str, Any] | None) -> Answer:
    if account.kind == CLOUD:
        word = "Basic " + base64.b64encode(f"{account.email}:{account.token}".encode()).decode()
    else:
        word = f"Bearer {account.token}"
    headers = {"Authorization": word, "Accept": "application/json", "User-Agent": "Heard"}
    sent = b""
    if body is not None:
        sent = json.dumps(body).encode()
        headers["Content-Type"] = "application/json"
    try:
        target = target_of(account.url.rstrip("/") + VERSIONS[account.kind] + path, allow=account.allow)
    except AddressRefusedError as refused:
        raise AwayError(str(refused), overloaded=True) from None
    return call(
        target, method=method, body=sent, headers=headers, whole_seconds=WHOLE_SECONDS, answer_bytes=ANSWER_BYTES
    )


def _raise_for(answer: Answer) -> None:
    """Turn an answer that is no success into the error that it means."""
    if answer.status is None:
        raise AwayError(f"Jira gave no answer: {answer.error}", overloaded=True)
    if answer.status < 300:
        return
    words = _words(answer)
    if answer.status < 400:
        elsewhere = answer.headers.get("location", "elsewhere")[:WORDS]
        raise AwayError(f"{words} It leads to {elsewhere}: is the address of the site right?", overloaded=True)
    if answer.status == 429:
        raise TooManyError(words, seconds=rest_seconds(answer.headers.get("retry-after", "")))
    if answer.status == 401:
        raise TokenRefusedError(words)
    if answer.status == 403:
        raise ForbiddenError(words)
    if answer.status == 404:
        raise NotFoundError(words)
    if answer.status >= 500:
        raise AwayError(words, overloaded=answer.status == 503)
    raise RefusedError(words)


def _words(answer: Answer) -> str:
    """What Jira says is wrong."""
    told: Any = None
    with suppress(ValueError, RecursionError):
        told = json.loads(answer.body)
    said: list[str] = []
    if isinstance(told, dict):
        said += [str(text) for text in _list(told.get("errorMessages"))]
        errors = told.get("errors")
        said += [f"{name}: {text}" for name, text in errors.items()] if isinstance(errors, dict) else []
    # PostgreSQL stores no NUL.
    tail = " ".join(" ".join(said).replace("\0", "").split())[:WORDS]
    return f"Jira answered {answer.status}" + (f": {tail}" if tail else ".")
