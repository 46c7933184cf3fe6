"""Every call of the API and every page, as everybody: what `sweep.txt` says, no more and no less.

Statuses are written there by hand, by whoever adds a call or a page: who may is decided, not recorded.
"""

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from config.roles import AGENT, MANAGER, VIEWER
from insights.models import ApiKey, Problem, Ranking, Scenario, Scope
from tests.insights.addresses import filled, operations, pages, patterns, rows_of, sent
from tests.insights.everything import admin_ids, one_of_each

TABLE = Path(__file__).with_name("sweep.txt")
UNDOABLE = {
    "/undo/correction/": "insights/correction",
    "/undo/edit/": "insights/problemedit",
    "/undo/decision/": "insights/proposal",
    "/undo/discovery/": "insights/discoveryanswer",
    "/review/": "insights/proposal",
    "/views/": "insights/savedview",
}
SPECIAL = {
    # What answers for every other address.
    r"/api/^v1/[\s\S]*/\Z": "/api/v1/nowhere/",
    "/admin/(?P<url>.*)$": "/admin/nowhere/",
    "/admin/r/<path:content_type_id>/<path:object_id>/": "/admin/r/1/1/",
    "/admin/auth/user/<id>/password/": "/admin/auth/user/{user}/password/",
}


def _key(**facts: object) -> Client:
    _, key = ApiKey.objects.create_key(name="tests", **facts)
    return Client(headers={"Authorization": f"Api-Key {key}"})


def _person(name: str, *, role: str = "", staff: bool = False, superuser: bool = False) -> Client:
    user = User.objects.create(username=name, is_staff=staff, is_superuser=superuser)
    user.groups.set(Group.objects.filter(name=role))
    client = Client()
    client.force_login(user)
    return client


EVERYBODY: dict[str, Callable[[], Client]] = {
    "nobody": Client,
    "read": lambda: _key(scope=Scope.READ),
    "write": lambda: _key(scope=Scope.WRITE),
    "expired": lambda: _key(scope=Scope.WRITE, expiry_date=timezone.now() - dt.timedelta(seconds=1)),
    "revoked": lambda: _key(scope=Scope.WRITE, revoked=True),
    "viewer": lambda: _person("viewer", role=VIEWER),
    "agent": lambda: _person("agent", role=AGENT),
    "manager": lambda: _person("manager", role=MANAGER),
    "staff": lambda: _person("staff", staff=True),
    "superuser": lambda: _person("superuser", staff=True, superuser=True),
}


def swept() -> list[str]:
    """Whatever can be called: the operations of the description, what a page of the desk can be sent, and a GET of
    each other address.
    """
    described = operations()
    paths = {_plain(name.split(" ")[1]) for name in described}
    shown = [path for path in patterns() if _plain(path) not in paths and (path not in sent() or path in pages())]
    return [*described, *(f"GET {path}" for path in shown), *(f"POST {path}" for path in sent())]


def expected() -> dict[str, dict[str, int]]:
    """The table: call, then who, then the status."""
    head, *lines = TABLE.read_text(encoding="utf-8").splitlines()
    who = head.split()
    rows = {}
    for line in lines:
        method, path, *statuses = line.split()
        rows[f"{method} {path}"] = dict(zip(who, map(int, statuses), strict=True))
    return rows


def _plain(path: str) -> str:
    """An address without the names of its placeholders."""
    return re.sub(r"\{\w+\}|<(\w+:)?\w+>", "*", path)


def _address(path: str, ids: dict[str, str]) -> str:
    """An address at which something is."""
    path = SPECIAL.get(path, path).replace("{user}", ids["auth/user"])
    if path.startswith("/admin/^"):
        return "/admin/insights/"
    model = re.match(r"/admin/(\w+/\w+)/<path:object_id>/", path)
    if model:
        return filled(path, object_id=ids[model[1]])
    problem = Problem.objects.get(memberships__item__external_id="sso-0")
    # Each time another: one call deletes it.
    scenario = Scenario.objects.create(name=f"Scenario {Scenario.objects.count()}")
    pk = next((ids[model] for start, model in UNDOABLE.items() if path.startswith(start)), str(scenario.pk))
    places = {
        "site": ids["insights/jirasite"],
        "id": str(scenario.pk),
        "pk": pk,
        "connection": "desk",
        "kind": "proposal",
    }
    return filled(path, key=problem.key, reference="A0", **places)


def _body(address: str, ids: dict[str, str]) -> dict[str, object]:
    """What a call is sent."""
    if address.endswith("/jira/"):
        return {"site": int(ids["insights/jirasite"]), "issue": "ABC-2"}
    if "/scenarios/" in address:
        return {"name": f"Louder than {Scenario.objects.count()} others"}
    if address.endswith("/webhook/") or "/in/" in address:
        return {}
    return rows_of(address, 1, problem=Problem.objects.order_by("pk")[0].key)


def _statuses(client: Client) -> dict[str, int]:
    """What each call is answered."""
    ids = admin_ids()
    found = {}
    # Whoever has signed out is nobody for what follows.
    for name in sorted(swept(), key=lambda name: name == "POST /logout/"):
        method, path = name.split(" ")
        address = _address(path, ids)
        if path in sent() and method == "POST":
            # A form without any field: whoever may is told what is missing.
            answer = client.post(address)
        elif method in {"POST", "PATCH"}:
            body = json.dumps(_body(address, ids))
            answer = client.generic(method, address, body, content_type="application/json")
        else:
            answer = client.generic(method, address)
        found[name] = answer.status_code
    return found


@pytest.fixture
def everything(company: Ranking) -> None:
    """One of each."""
    make_user = User.objects.create_user
    make_user("somebody")
    ApiKey.objects.create_key(name="somebody's")
    one_of_each()


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_gets_what_the_table_says(everything: None, who: str) -> None:
    table = expected()
    found = _statuses(EVERYBODY[who]())
    assert {name: status for name, status in found.items() if table.get(name, {}).get(who) != status} == {}


def test_everything_has_a_row_and_every_row_is_of_something() -> None:
    assert sorted(expected()) == sorted(swept()), "add a row for what is new, in tests/insights/sweep.txt"


def test_nothing_is_open_to_nobody_but_what_must_be() -> None:
    """The table itself, whoever wrote it: strangers and spoiled keys get nothing but the door and the description."""
    open_to_all = {"/login/", "/admin/login/", "/api/schema/", "/api/docs/"}
    for name, statuses in expected().items():
        path = name.split(" ")[1]
        for who in ("nobody", "expired", "revoked"):
            if path not in open_to_all:
                assert statuses[who] in {302, 401, 405}, (name, who)
        assert max(statuses.values()) < 500, name
