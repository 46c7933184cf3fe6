"""A Jira that remembers: the documented endpoints that Heard calls, of Cloud and of Data Center, on this machine."""

import base64
import datetime as dt
import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

EMAIL, TOKEN = "pm@example.com", "a-token"
PROPERTY_CHARACTERS = 32_768
UNSEEN = "Issue does not exist or you do not have permission to see it."
START = dt.datetime(2026, 10, 1, 9, 0, tzinfo=dt.UTC)


@dataclass
class FakeIssue:
    """One issue, with what was written onto it."""

    id: str
    key: str
    fields: dict[str, Any]
    status: str = "To Do"
    updated: dt.datetime = START
    remote_links: dict[str, dict[str, Any]] = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass
class Told:
    """An answer."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Trouble:
    """What a call that fits runs into instead of its answer, so many times."""

    method: str
    path: str
    told: Told | None
    times: int
    # The call is carried out all the same; only its answer is lost.
    done: bool = False


class FakeJira:
    """State and rules of a Jira. `kind` decides its addresses, its tokens and the shape of descriptions."""

    def __init__(self, kind: str, page: int = 50) -> None:
        self.kind, self.page = kind, page
        self.token = TOKEN
        self.issues: dict[str, FakeIssue] = {}
        self.calls: list[tuple[str, str]] = []
        self.troubles: list[Trouble] = []
        self._numbers = 0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def prefix(self) -> str:
        """Where its REST API begins."""
        return "/rest/api/3" if self.kind == "cloud" else "/rest/api/2"

    def add(self, status: str = "To Do", **fields: Any) -> FakeIssue:
        """An issue that somebody made."""
        self._numbers += 1
        issue = FakeIssue(str(10_000 + self._numbers), f"ABC-{self._numbers}", fields, status)
        self.issues[issue.id] = issue
        return issue

    def move(self, issue: FakeIssue, status: str, minutes: int = 1) -> int:
        """Somebody moves an issue on; answers the time of the event in milliseconds."""
        issue.status = status
        issue.updated += dt.timedelta(minutes=minutes)
        return int(issue.updated.timestamp() * 1000)

    def find(self, name: str) -> FakeIssue | None:
        """An issue by id or key."""
        return next((one for one in self.issues.values() if name in {one.id, one.key}), None)

    def trouble(self, method: str, path: str, told: Told | None, times: int = 1, *, done: bool = False) -> None:
        """Let calls whose path holds this text fail; without an answer the line is cut."""
        self.troubles.append(Trouble(method, path, told, times, done))

    def made(self, method: str, path: str = "") -> list[str]:
        """The calls of a method whose path holds this text."""
        return [where for how, where in self.calls if how == method and path in where]

    # --- what it answers ---------------------------------------------------------------------------

    def answer(self, method: str, address: str, authorization: str, body: Any) -> Told | None:
        """One call; None cuts the line."""
        with self._lock:
            self.calls.append((method, address))
            for trouble in self.troubles:
                if trouble.times and method == trouble.method and trouble.path in address:
                    trouble.times -= 1
                    if trouble.done:
                        self._carry_out(method, address, authorization, body)
                    return trouble.told
            return self._carry_out(method, address, authorization, body)

    def _carry_out(self, method: str, address: str, authorization: str, body: Any) -> Told:
        split = urlsplit(address)
        if not split.path.startswith(self.prefix + "/"):
            return Told(404, {"message": "null for uri"})
        path, query = split.path.removeprefix(self.prefix), {k: v[0] for k, v in parse_qs(split.query).items()}
        known = authorization == self._word()
        if path == "/myself":
            return Told(200, {"displayName": "Pat Manager"}) if known else Told(401, {"errorMessages": ["Sign in."]})
        if path in {"/search/jql", "/search"}:
            return self._search(path, query, known=known)
        if not known and self.kind == "cloud" and method == "GET":
            # Cloud takes a caller with a bad token for a stranger, who sees nothing; Data Center says what is wrong.
            return Told(404, {"errorMessages": [UNSEEN]})
        if not known:
            return Told(401, {"errorMessages": ["Client must be authenticated."]})
        made = (method, path) == ("POST", "/issue")
        return self._create(body["fields"]) if made else self._of_issue(method, path, query, body)

    def _word(self) -> str:
        if self.kind == "cloud":
            return "Basic " + base64.b64encode(f"{EMAIL}:{self.token}".encode()).decode()
        return f"Bearer {self.token}"

    def _search(self, path: str, query: dict[str, str], *, known: bool) -> Told:
        if path != ("/search/jql" if self.kind == "cloud" else "/search"):
            return Told(410, {"errorMessages": ["This address was removed."]})
        if not known and self.kind != "cloud":
            return Told(401, {"errorMessages": ["Client must be authenticated."]})
        found = self._found(query["jql"]) if known else []
        if isinstance(found, Told):
            return found
        size = min(int(query["maxResults"]), self.page)
        start = int(query.get("nextPageToken", "page-0").removeprefix("page-")) + int(query.get("startAt", "0"))
        page = [self._shown(issue) for issue in found[start : start + size]]
        if self.kind != "cloud":
            return Told(200, {"startAt": start, "maxResults": size, "total": len(found), "issues": page})
        last = start + size >= len(found)
        more = {} if last else {"nextPageToken": f"page-{start + size}"}
        return Told(200, {"issues": page, "isLast": last, **more})

    def _found(self, jql: str) -> list[FakeIssue] | Told:
        listed = re.fullmatch(r"id in \(([\d,]+)\)", jql)
        if listed:
            ids = listed[1].split(",")
            missing = [one for one in ids if one not in self.issues]
            if missing:
                return Told(400, {"errorMessages": [f"A value with ID '{missing[0]}' does not exist for 'id'."]})
            return [self.issues[one] for one in ids]
        labelled = re.fullmatch(r'project = "(\w+)" AND labels = "([\w-]+)" ORDER BY created DESC', jql)
        assert labelled, jql
        return [one for one in reversed(self.issues.values()) if labelled[2] in one.fields.get("labels", [])]

    def _create(self, fields: dict[str, Any]) -> Told:
        errors = {}
        if fields["project"]["key"] != "ABC":
            errors["project"] = "valid project is required"
        if not fields["summary"] or len(fields["summary"]) > 255 or "\n" in fields["summary"]:
            errors["summary"] = "The summary is invalid."
        if isinstance(fields.get("description", {}), dict) != (self.kind == "cloud"):
            errors["description"] = "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
        if errors:
            return Told(400, {"errorMessages": [], "errors": errors})
        issue = self.add(**fields)
        return Told(201, {"id": issue.id, "key": issue.key, "self": f"{self.url}{self.prefix}/issue/{issue.id}"})

    def _of_issue(self, method: str, path: str, query: dict[str, str], body: Any) -> Told:
        parts = path.split("/")[2:]
        issue = self.find(parts[0])
        if issue is None:
            return Told(404, {"errorMessages": [UNSEEN]})
        if parts[1:] == ["remotelink"]:
            return self._remote_link(method, issue, query, body)
        if parts[1:2] == ["properties"]:
            return self._property(method, issue, parts[2], body)
        return Told(200, self._shown(issue)) if method == "GET" else Told(405)

    def _remote_link(self, method: str, issue: FakeIssue, query: dict[str, str], body: Any) -> Told:
        if method == "DELETE":
            return Told(204 if issue.remote_links.pop(query["globalId"], None) else 404)
        known = body["globalId"] in issue.remote_links
        issue.remote_links[body["globalId"]] = body
        return Told(200 if known else 201, {"id": 1})

    def _property(self, method: str, issue: FakeIssue, name: str, body: Any) -> Told:
        if method == "DELETE":
            return Told(204 if issue.properties.pop(name, None) else 404)
        if len(json.dumps(body)) > PROPERTY_CHARACTERS:
            return Told(400, {"errorMessages": ["The property value is too long."]})
        known = name in issue.properties
        issue.properties[name] = body
        return Told(200 if known else 201)

    def _shown(self, issue: FakeIssue) -> dict[str, Any]:
        updated = issue.updated.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
        return {"id": issue.id, "key": issue.key, "fields": {"status": {"name": issue.status}, "updated": updated}}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            """Hands each call to the fake."""

            def _any(self) -> None:
                sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                body = json.loads(sent) if sent else None
                told = fake.answer(self.command, self.path, self.headers.get("Authorization", ""), body)
                if told is None:
                    return
                text = b"" if told.body is None else json.dumps(told.body).encode()
                self.send_response(told.status)
                for name, value in {**told.headers, "Content-Length": str(len(text))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text)

            def __getattr__(self, name: str) -> Any:
                """Every method is taken: `do_GET` and its like."""
                if name.startswith("do_"):
                    return self._any
                raise AttributeError(name)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (its name in the library)
                """Quiet."""

        return Handler
