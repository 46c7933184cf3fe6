"""Systems that remember, on this machine, behind the documented calls that Heard makes."""

import base64
import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.feedback.sources.senders import TOKEN

START = dt.datetime(2026, 10, 1, 9, 0, tzinfo=dt.UTC)
EMAIL = "heard@one.example"


def answer(status: int, told: Any, **headers: str) -> Response:
    """An answer in JSON."""
    return Response(json.dumps(told), status, {name.replace("_", "-"): value for name, value in headers.items()})


@dataclass
class Fake:
    """What all of them have: a token, troubles that come first, a clock that every change moves on."""

    server: HTTPServer
    token: str = TOKEN
    # Answered one after another before anything else is.
    troubles: list[Response] = field(default_factory=list)
    # Every so many calls the answer is 429; 0 for never.
    too_many_every: int = 0
    retry_after: str = "1"
    calls: list[Request] = field(default_factory=list)
    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    moment: dt.datetime = START

    def __post_init__(self) -> None:
        for path in self.paths():
            self.server.expect_request(path).respond_with_handler(self._handle)

    def paths(self) -> list[str]:
        """What it answers."""
        raise NotImplementedError

    def known(self, authorization: str) -> bool:
        """Whether it is the token."""
        raise NotImplementedError

    def told(self, request: Request) -> Response:
        """The answer to one who is known."""
        raise NotImplementedError

    @property
    def url(self) -> str:
        """Where it is."""
        return self.server.url_for("").rstrip("/")

    def tick(self, seconds: int = 1) -> dt.datetime:
        """Time passes; answers the new time."""
        self.moment += dt.timedelta(seconds=seconds)
        return self.moment

    def _handle(self, request: Request) -> Response:
        self.calls.append(request)
        if self.troubles:
            return self.troubles.pop(0)
        if not self.known(request.headers.get("Authorization", "")):
            return answer(401, {"error": "Couldn't authenticate you"})
        if self.too_many_every and len(self.calls) % self.too_many_every == 0:
            return answer(429, {"error": "Too many"}, Retry_After=self.retry_after)
        return self.told(request)


@dataclass
class FakeZendesk(Fake):
    """Tickets, and their export by cursors."""

    page: int = 3
    # Each page begins with the last ticket of the page before, as exports may.
    repeats: bool = False

    def paths(self) -> list[str]:
        """The export."""
        return ["/api/v2/incremental/tickets/cursor.json"]

    def known(self, authorization: str) -> bool:
        """An API token with the address of its owner."""
        return authorization == "Basic " + base64.b64encode(f"{EMAIL}/token:{self.token}".encode()).decode()

    def put(self, ticket: int, text: str, **fields: Any) -> dict[str, Any]:
        """Somebody opens a ticket, or changes it."""
        moment = self.tick().isoformat().replace("+00:00", "Z")
        before = self.things.get(str(ticket), {"created_at": moment})
        self.things[str(ticket)] = {
            "id": ticket,
            "subject": "",
            "description": text,
            "status": "open",
            "type": "incident",
            "priority": "normal",
            "organization_id": None,
            "requester_id": 900 + ticket % 7,
            "tags": [],
            **before,
            "updated_at": moment,
            **({"description": text} if text else {}),
            **fields,
        }
        return self.things[str(ticket)]

    def delete(self, ticket: int) -> None:
        """It goes to the deleted tickets, and a month later its words are scrubbed."""
        self.put(ticket, "SCRUBBED", status="deleted", subject="SCRUBBED")

    def truth(self) -> dict[str, str]:
        """What there is: texts by id."""
        return {key: one["description"] for key, one in self.things.items() if one["status"] != "deleted"}

    def rows(self) -> list[tuple[str, str, str]]:
        """What there is: id, subject and body."""
        return [
            (key, one["subject"], one["description"]) for key, one in self.things.items() if one["status"] != "deleted"
        ]

    def told(self, request: Request) -> Response:
        """A page of what was touched behind the cursor."""
        cursor = request.args.get("cursor")
        if cursor:
            after = tuple(json.loads(base64.b64decode(cursor)))
        else:
            start = dt.datetime.fromtimestamp(int(request.args["start_time"]), dt.UTC)
            after = (start.isoformat().replace("+00:00", "Z"), -1)
        touched = sorted((one["updated_at"], one["id"], one) for one in self.things.values())
        behind = [row for row in touched if row[:2] > after]
        page = behind[: min(self.page, int(request.args["per_page"]))]
        last = page[-1][:2] if page else after
        tickets = [one for *_, one in page]
        if self.repeats and str(after[1]) in self.things:
            tickets.insert(0, self.things[str(after[1])])
        assert request.args["include"] == "users"
        return answer(
            200,
            {
                "tickets": tickets,
                "users": [
                    {"id": one["requester_id"], "email": f"u{one['requester_id']}@one.example"} for one in tickets
                ],
                "after_url": "…",
                "after_cursor": base64.b64encode(json.dumps(last).encode()).decode(),
                "before_cursor": None,
                "end_of_stream": len(behind) <= len(page),
            },
        )


@dataclass
class FakeIntercom(Fake):
    """Conversations, and the search over them."""

    page: int = 3

    def paths(self) -> list[str]:
        """The search."""
        return ["/conversations/search"]

    def known(self, authorization: str) -> bool:
        """An access token."""
        return authorization == f"Bearer {self.token}"

    def put(self, key: str, text: str, **fields: Any) -> dict[str, Any]:
        """Somebody begins a conversation, or says more in it."""
        moment = int(self.tick().timestamp())
        before = self.things.get(key, {"created_at": moment})
        self.things[key] = {
            "type": "conversation",
            "id": key,
            "priority": "not_priority",
            "source": {
                "type": "conversation",
                "id": f"s{key}",
                "delivered_as": "customer_initiated",
                "subject": "",
                "body": f"<p>{text}</p>",
                "author": {"type": "user", "id": f"c{key}", "name": "Ann", "email": f"c{key}@one.example"},
            },
            **before,
            "updated_at": moment,
            **fields,
        }
        return self.things[key]

    def truth(self) -> dict[str, str]:
        """What there is: texts by id."""
        return {key: one["source"]["body"][3:-4] for key, one in self.things.items()}

    def rows(self) -> list[tuple[str, str, str]]:
        """What there is: id, subject and body."""
        return [(key, "", text) for key, text in self.truth().items()]

    def told(self, request: Request) -> Response:
        """A page of what was touched behind a moment, the latest first, as Intercom sorts."""
        asked = json.loads(request.data)
        assert request.headers["Intercom-Version"]
        assert asked["query"]["field"] == "updated_at"
        assert asked["query"]["operator"] == ">"
        touched = [one for one in self.things.values() if one["updated_at"] > asked["query"]["value"]]
        touched.sort(key=lambda one: (-one["updated_at"], one["id"]))
        start = int(asked["pagination"].get("starting_after", "0"))
        size = min(self.page, asked["pagination"]["per_page"])
        more = {"next": {"per_page": size, "starting_after": str(start + size)}} if start + size < len(touched) else {}
        return answer(
            200,
            {
                "type": "conversation.list",
                "conversations": touched[start : start + size],
                "total_count": len(touched),
                "pages": {"type": "pages", "page": 1, "per_page": size, **more},
            },
        )
