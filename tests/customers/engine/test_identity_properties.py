"""What always holds, whatever people type."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.engine.identity.duplicates import duplicate_pairs, find_duplicates
from customers.engine.identity.rows import CompanyRow
from tests.customers.engine.mess import mess

WORDS = st.sampled_from(
    ["Acme", "acme", "ACME Inc", "Acme GmbH", "Acme Berlin", "Apex", "Apex Labs", "ApexLabs", "A B C"]
)
NAMES = st.one_of(st.text(max_size=40), st.lists(WORDS, max_size=3).map(" ".join))
DOMAINS = st.one_of(
    st.sampled_from(["", "acme.com", "acme.de", "https://www.apex.io/x", "gmail.com"]), st.text(max_size=15)
)
ROWS = st.lists(
    st.builds(
        CompanyRow,
        key=st.text(min_size=1, max_size=4),
        system=st.sampled_from(["crm", "billing"]),
        name=NAMES,
        domain=DOMAINS,
        country=st.one_of(st.sampled_from(["", "DE", "France"]), st.text(max_size=5)),
        external_id=st.sampled_from(["", "7", "ACC-9"]),
        tax_id=st.one_of(st.sampled_from(["", "DE123456789"]), st.text(max_size=12)),
        phone=st.one_of(st.sampled_from(["", "+1 415 555 0100"]), st.text(max_size=12)),
        contact_domains=st.lists(DOMAINS, max_size=2).map(tuple),
        parent=st.sampled_from(["", "a"]),
    ),
    max_size=8,
    unique_by=lambda row: row.key,
)


@settings(max_examples=80, deadline=None)
@given(rows=ROWS, draw=st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(rows: list[CompanyRow], draw: random.Random) -> None:
    shuffled = draw.sample(rows, len(rows))
    assert find_duplicates(rows, at_least=0) == find_duplicates(shuffled, at_least=0)


@settings(max_examples=80, deadline=None)
@given(rows=ROWS)
def test_points_add_up_and_no_row_meets_itself(rows: list[CompanyRow]) -> None:
    pairs = duplicate_pairs(rows, at_least=0)
    for pair in pairs:
        assert pair.left < pair.right
        assert pair.log_odds == pytest.approx(sum(reason.points for reason in pair.reasons))
        assert 0 < pair.probability < 1
        assert all(reason.text for reason in pair.reasons)
    assert len({(pair.left, pair.right) for pair in pairs}) == len(pairs)
    assert [pair.log_odds for pair in pairs] == sorted((pair.log_odds for pair in pairs), reverse=True)


@settings(max_examples=60, deadline=None)
@given(rows=ROWS)
def test_groups_hold_every_account_at_most_once(rows: list[CompanyRow]) -> None:
    groups = find_duplicates(rows, proposed=0.5).groups
    members = [key for group in groups for key in group]
    assert len(members) == len(set(members))
    assert all(len(group) > 1 for group in groups)


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, data=st.data())
def test_whom_a_person_held_apart_never_come_together(rows: list[CompanyRow], data: st.DataObject) -> None:
    keys = [row.key for row in rows]
    pairs = [(one, two) for one in keys for two in keys if one != two]
    apart = data.draw(st.lists(st.sampled_from(pairs), max_size=4)) if pairs else []
    found = find_duplicates(rows, at_least=0, proposed=0.5, apart=apart)
    refused = {frozenset(pair) for pair in apart}
    assert not any(frozenset((pair.left, pair.right)) in refused for pair in found.pairs)
    assert not any(pair <= set(group) for pair in refused for group in found.groups)


def test_the_same_mess_gives_the_same_answer() -> None:
    assert mess(3, 400) == mess(3, 400)
    assert find_duplicates(mess(3, 400).rows) == find_duplicates(mess(3, 400).rows)
