"""What every system owes: samples, a page of documentation, tests of its own, and a parser that reads or says why not.

A system that is registered and lacks one of them fails here.
"""

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from feedback.sources.contract import Access, Call, Change, Reading, SchemaError, System, Withdrawal
from feedback.sources.records import FeedbackRecord
from feedback.sources.registry import SYSTEMS
from tests.factories import MOMENT
from tests.feedback.sources.senders import dumped

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = Path(__file__).resolve().parents[1] / "samples"
COUNTS = {"none": range(1), "one": range(1, 2), "many": range(2, 1000)}
HOOKED = [system for system in SYSTEMS.values() if system.hook]
PULLED = [system for system in SYSTEMS.values() if system.pull]
name_of: Callable[[System], str] = lambda system: system.name  # noqa: E731 (pytest wants a function)

every_system = pytest.mark.parametrize("system", SYSTEMS.values(), ids=name_of)
every_hook = pytest.mark.parametrize("system", HOOKED, ids=name_of)
every_pull = pytest.mark.parametrize("system", PULLED, ids=name_of)
every_size = pytest.mark.parametrize("size", COUNTS)


def sample(system: System, way: str, size: str) -> Any:
    """What the system sends or answers, as its documentation shows it."""
    path = SAMPLES / system.name / way / f"{size}.json"
    assert path.exists(), f"{system.label} lacks the sample {path.relative_to(ROOT)}"
    return json.loads(path.read_text(encoding="utf-8"))


def written(system: System, payload: Any) -> bytes:
    """A payload as it comes over the line."""
    if system.name == "slack":
        form = {name: json.dumps(value) if name == "payload" else value for name, value in payload.items()}
        return urlencode(form).encode("utf-8", "surrogatepass")
    return str(payload).encode() if system.name == "email" else dumped(payload)


def reading(system: System) -> Reading:
    """For a source of the system's own name."""
    path = SAMPLES / system.name / "mapping.json"
    return Reading(system.name, MOMENT, json.loads(path.read_text(encoding="utf-8")) if path.exists() else {})


def hooked(system: System, payloads: list[Any]) -> list[Change]:
    """What the hook's parser makes of payloads."""
    assert system.hook is not None
    return [change for one in payloads for change in system.hook.read(written(system, one), reading(system))]


@pytest.fixture
def pulled(httpserver: HTTPServer) -> Callable[[System, Any], list[Change]]:
    """What the pull's parser makes of an answer of the system."""

    def read(system: System, answered: Any) -> list[Change]:
        pull = system.pull
        assert pull is not None
        pieces = [written(system, one) for one in answered] if isinstance(answered, list) else _page(system, answered)
        return [change for piece in pieces for change in pull.read(piece, reading(system))]

    def _page(system: System, answered: Any) -> Iterator[bytes]:
        assert system.pull is not None
        httpserver.clear()
        httpserver.expect_request("/api/v2/incremental/tickets/cursor.json").respond_with_json(answered)
        httpserver.expect_request("/conversations/search").respond_with_json(answered)
        access = Access(httpserver.url_for(""), "", "t", ["127.0.0.0/8"], None, MOMENT)
        page = system.pull.fetch(access, "")
        assert page.cursor
        yield from page.pieces

    return read


def sound(system: System, size: str, changes: list[Change]) -> None:
    """So many of them, each of its source, each known by an id of its own."""
    assert len(changes) in COUNTS[size], f"{size} tells {len(changes)}"
    assert {one.source for one in changes} <= {system.name}
    assert len({one.external_id for one in changes}) == len(changes)
    if size == "many":
        assert sum(isinstance(one, FeedbackRecord) for one in changes) >= 2


@every_size
@every_hook
def test_the_hooks_samples_are_read(system: System, size: str) -> None:
    sound(system, size, hooked(system, sample(system, "hook", size)))


@every_size
@every_pull
def test_the_pulls_samples_are_read(system: System, size: str, pulled: Callable[..., list[Change]]) -> None:
    sound(system, size, pulled(system, sample(system, "pull", size)))


@pytest.mark.parametrize("system", [one for one in HOOKED if one.pull], ids=name_of)
def test_both_ways_tell_the_same_of_the_same_thing(system: System, pulled: Callable[..., list[Change]]) -> None:
    """But for who asked, where a hook does not tell that."""
    by_hook = {one.external_id: one for one in hooked(system, sample(system, "hook", "one"))}
    by_pull = {one.external_id: one for one in pulled(system, sample(system, "pull", "many"))}
    assert set(by_hook) <= set(by_pull)
    for external_id, told in by_hook.items():
        other = by_pull[external_id]
        assert isinstance(told, FeedbackRecord)
        assert isinstance(other, FeedbackRecord)
        assert other.contact_email
        assert replace(told, contact_email=told.contact_email or other.contact_email) == other


@every_hook
def test_each_call_of_a_hook_is_known_by_an_id_of_its_own(system: System) -> None:
    assert system.hook is not None
    bodies = [written(system, one) for one in sample(system, "hook", "many")]
    headers = [{"webhook-id": f"msg_{n}"} for n in range(len(bodies))] if system.name == "json" else [{}] * len(bodies)
    known = [system.hook.envelope(Call(head, body)).delivery_id for head, body in zip(headers, bodies, strict=True)]
    assert len(set(known)) == len(known)
    assert not any(one.startswith("body-") for one in known), "known by an id, not by what it says"


@every_hook
@given(body=st.binary(max_size=200))
def test_whatever_is_signed_has_an_envelope(system: System, body: bytes) -> None:
    assert system.hook is not None
    told = system.hook.envelope(Call({}, body))
    assert 0 < len(told.delivery_id) <= 200
    assert len(told.event) <= 100


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("x" * 300),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place inside a payload."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield (*path, key)
        yield from places(value, (*path, key))


@every_hook
@given(data=st.data())
def test_a_payload_with_anything_anywhere_is_read_or_said_to_be_unreadable(system: System, data: st.DataObject) -> None:
    """No field of another type, and no field that is missing, is an error of ours."""
    payload = copy.deepcopy(data.draw(st.sampled_from(sample(system, "hook", "many"))))
    *where, last = data.draw(st.sampled_from(list(places(payload))))
    holder = payload
    for key in where:
        holder = holder[key]
    if data.draw(st.booleans()) and isinstance(holder, dict):
        del holder[last]
    else:
        holder[last] = data.draw(junk)
    with suppress(SchemaError):
        assert all(isinstance(one, FeedbackRecord | Withdrawal) for one in hooked(system, [payload]))


@every_system
def test_the_documentation_has_a_page_and_the_samples_a_test(system: System) -> None:
    page = ROOT / "docs" / "sources" / f"{system.name}.md"
    assert page.exists(), f"write {page.relative_to(ROOT)}: how {system.label} is set up, step by step"
    text = page.read_text(encoding="utf-8")
    assert "## Setting it up" in text
    assert "\n1. " in text
    if system.hook:
        assert "/api/v1/in/" in text
        assert {header for header in system.hook.headers if f"`{header}`" not in text.lower()} == set()
    if system.pull:
        assert system.pull.url_hint in text
    for field in system.mapped:
        assert f"`{field}`" in text
    overview = (ROOT / "docs" / "connections.md").read_text(encoding="utf-8")
    assert f"(sources/{system.name}.md)" in overview
    tests = sorted(Path(__file__).parent.glob(f"test_{system.name}*.py"))
    assert tests, f"write tests/feedback/sources/test_{system.name}.py: {system.label} as it really behaves"
