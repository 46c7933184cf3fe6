"""A long list with thousands of equal scores, walked while others publish: every problem once, none twice."""

import hashlib
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from customers.models import Account
from feedback.models import FeedbackItem, ItemState, Source
from insights.models import Membership, Problem, Ranking
from insights.services.ranking import ranking_publish
from tests.factories import MOMENT, make_account

PROBLEMS, PUBLISHED, PAGE = 10_000, 10, 200


@pytest.fixture
def long_list(db: None) -> Account:
    """One item for each problem, all alike but for who asks; answers the account that asks for a few of them."""
    small, middle, moving = (make_account(f"A{n}", arr=arr) for n, arr in enumerate((1000, 50_000, 70_000)))
    source = Source.objects.create(key="zendesk")
    problems = Problem.objects.bulk_create([Problem(title=f"Problem {n}") for n in range(PROBLEMS)], batch_size=500)
    items = FeedbackItem.objects.bulk_create(
        [
            FeedbackItem(
                source=source,
                external_id=f"F{n}",
                kind="request",
                severity="high",
                text=f"Please solve problem {n}",
                text_hash=hashlib.sha256(str(n).encode()).hexdigest(),
                said_at=MOMENT,
                account=moving if n % 1000 == 0 else (small, middle)[n % 2],
                state=ItemState.PLACED,
            )
            for n in range(PROBLEMS)
        ],
        batch_size=500,
    )
    Membership.objects.bulk_create(
        [Membership(item=item, problem=problem, confidence=0.9) for item, problem in zip(items, problems, strict=True)],
        batch_size=500,
    )
    return moving


def test_every_problem_is_met_once_while_ten_snapshots_are_published(long_list: Account, api: Any) -> None:
    first = ranking_publish()
    assert first is not None
    assert first.entries.values("score").distinct().count() == 3
    pages: dict[str, Any] = {}
    met: dict[str, list[str]] = {"rank": [], "customers": [], "arr_total": []}
    for step in range(PROBLEMS // PAGE):
        for ordering, keys in met.items():
            query = dict(parse_qsl(urlsplit(pages[ordering]["next"]).query)) if step else {"page_size": str(PAGE)}
            page = pages[ordering] = api("/api/v1/ranking/", **{"ordering": ordering, "fields": "key", **query}).json()
            assert page["snapshot"]["number"] == first.number
            keys += [row["key"] for row in page["results"]]
        if step % 5 == 1:
            # The few that it asks for change places with thousands.
            arr = Decimal(900_000 if step % 2 else 10) + step
            Account.objects.filter(pk=long_list.pk).update(arr=arr)
            assert ranking_publish() is not None
    assert Ranking.objects.count() == 1 + PUBLISHED
    everything = {f"P-{pk}" for pk in Problem.objects.values_list("pk", flat=True)}
    for ordering, keys in met.items():
        assert pages[ordering]["next"] is None
        assert len(keys) == len(set(keys)) == PROBLEMS
        assert set(keys) == everything
    # They really moved: who led at the start is last at the end.
    moved = {entry.problem_id for entry in first.entries.filter(rank__lte=10)}
    assert {entry.problem_id for entry in Ranking.objects.latest().entries.filter(rank__gt=PROBLEMS - 10)} == moved
