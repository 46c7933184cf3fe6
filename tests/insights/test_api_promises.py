"""What v1 of the API promised, it keeps."""

import copy
import json

import pytest

from tests.insights.published_api import RECORDED, Promises, broken, promises


@pytest.fixture(scope="module")
def now() -> Promises:
    """What the code promises."""
    return promises()


@pytest.fixture(scope="module")
def recorded() -> Promises:
    """What was promised."""
    read: Promises = json.loads(RECORDED.read_text(encoding="utf-8"))
    return read


def test_nothing_that_was_promised_is_gone_or_changed(recorded: Promises, now: Promises) -> None:
    assert broken(recorded, now) == [], (
        "Programs of others rely on these. Put them back, or publish the new shape beside the old one; "
        "what was never released may be taken out of tests/insights/published_api.json by hand."
    )


def test_everything_that_is_promised_is_recorded(recorded: Promises, now: Promises) -> None:
    assert sorted(set(now) - set(recorded)) == [], (
        "New in the API. If that is meant, promise it: python -m tests.insights.published_api"
    )


@pytest.mark.parametrize(
    "place",
    [
        "GET /api/v1/ranking/ 200 results[].key",
        "GET /api/v1/ranking/ 200 results[].evidence[].text",
        "GET /api/v1/ranking/ query status",
        "POST /api/v1/feedback/ 201 external_id",
    ],
)
def test_a_promise_that_is_broken_is_named(now: Promises, place: str) -> None:
    gone = copy.copy(now)
    del gone[place]
    assert broken(now, gone) == [f"{place}: was string, is gone"]
    assert broken(now, {**now, place: "integer"}) == [f"{place}: was string, is integer"]
