"""What people said is closed under "same", and refused with a reason when it contradicts itself."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.engine.constraints import Constraints, ContradictionError, broken, closed
from insights.engine.grouping import group
from tests.engine.worlds import Labels, World, corrections, world, worlds

N = 8  # few items, so that contradictions are common


def links(constraints: Constraints) -> set[frozenset[int]]:
    """Pairs that a person joined: by "same", or by pins to one group."""
    pins = constraints.pinned.items()
    same_pin = {frozenset((a, b)) for a, one in pins for b, two in pins if a != b and one == two}
    return {frozenset(pair) for pair in constraints.must_link} | same_pin


def parts(constraints: Constraints) -> list[set[int]]:
    """Connected items, by the slowest way there is."""
    found = [{item} for item in range(N)]
    for a, b in (sorted(link) for link in links(constraints) if len(link) == 2):
        one, two = (next(part for part in found if item in part) for item in (a, b))
        if one is not two:
            found.remove(two)
            one |= two
    return found


def forbidden(constraints: Constraints) -> set[frozenset[int]]:
    pins = constraints.pinned.items()
    parted = {frozenset((a, b)) for a, one in pins for b, two in pins if one != two}
    return {frozenset(pair) for pair in constraints.cannot_link} | parted


def honoured(constraints: Constraints, labels: Labels) -> bool:
    """Word by word what the corrections say, without the engine's help."""
    together = all(labels[a] == labels[b] >= 0 for a, b in (sorted(pair) for pair in links(constraints)))
    apart = all(labels[a] != labels[b] or labels[a] < 0 for a, b in (sorted(pair) for pair in forbidden(constraints)))
    return together and apart and all(labels[item] >= 0 for item in constraints.pinned)


@given(corrections(N))
def test_contradictions_are_always_refused_with_a_chain_of_given_links(constraints: Constraints) -> None:
    joined = parts(constraints)
    contradicted = [pair for pair in forbidden(constraints) if any(pair <= part for part in joined)]
    if not contradicted:
        closed(constraints, N)
        return
    with pytest.raises(ContradictionError, match="cannot be apart") as refused:
        closed(constraints, N)
    chain = refused.value.chain
    assert (chain[0], chain[-1]) == refused.value.pair
    assert frozenset(refused.value.pair) in contradicted
    assert all(frozenset(step) in links(constraints) for step in pairwise(chain))


@given(corrections(N))
def test_blocks_are_the_connected_items(constraints: Constraints) -> None:
    try:
        blocks = closed(constraints, N)
    except ContradictionError:
        return
    for part in parts(constraints):
        assert {int(blocks.block[item]) for item in part} == {min(part)}
        # Links of an item with itself say nothing; every other word binds.
    said = {item for pair in (*constraints.must_link, *constraints.cannot_link) for item in pair} | set(
        constraints.pinned
    )
    assert set(np.flatnonzero(blocks.bound).tolist()) == said
    apart = {frozenset(pair) for pair in blocks.apart.tolist()}
    assert apart == {frozenset(int(blocks.block[item]) for item in pair) for pair in forbidden(constraints)}
    assert blocks.pin == {int(blocks.block[item]): home for item, home in constraints.pinned.items()}


def test_an_item_cannot_be_apart_from_itself() -> None:
    with pytest.raises(ContradictionError) as refused:
        closed(Constraints(cannot_link=((3, 3),)), N)
    assert refused.value.chain == (3,)


def test_an_item_is_the_same_as_itself_without_being_bound() -> None:
    assert not closed(Constraints(must_link=((3, 3),)), N).bound.any()


def test_the_chain_is_named_in_the_error() -> None:
    said = Constraints(must_link=((0, 1), (2, 1)), cannot_link=((0, 2),))
    with pytest.raises(ContradictionError, match=r"Items 0 and 2 cannot be apart: they are joined by 0 = 1 = 2\."):
        closed(said, N)


def test_two_pins_of_one_chain_contradict_each_other() -> None:
    with pytest.raises(ContradictionError) as refused:
        closed(Constraints(must_link=((0, 1), (1, 2)), pinned={0: 7, 2: 8}), N)
    assert refused.value.pair == (0, 2)
    assert refused.value.chain == (0, 1, 2)


@given(corrections(N), st.lists(st.integers(-1, 3), min_size=N, max_size=N))
def test_what_is_broken_agrees_with_an_independent_check(constraints: Constraints, given_labels: list[int]) -> None:
    labels = np.array(given_labels, dtype=np.int32)
    wrong = broken(constraints, labels)
    assert (wrong == ()) == honoured(constraints, labels)
    spoken_of = links(constraints) | forbidden(constraints) | {frozenset((item,)) for item in constraints.pinned}
    assert {frozenset(pair) for pair in wrong} <= spoken_of


def test_two_unplaced_items_are_apart_and_not_together() -> None:
    nowhere = np.full(N, -1, dtype=np.int32)
    assert broken(Constraints(cannot_link=((0, 1),)), nowhere) == ()
    assert broken(Constraints(must_link=((0, 1),)), nowhere) == ((0, 1),)
    assert broken(Constraints(pinned={2: 0}), nowhere) == ((2, 2),)


@settings(max_examples=60, deadline=None)
@given(worlds(), st.data())
def test_a_grouping_always_honours_the_corrections(given_world: World, data: st.DataObject) -> None:
    n = len(given_world.vectors)
    if n < 2:
        return
    constraints = data.draw(corrections(n))
    previous = given_world.truth if data.draw(st.booleans()) else None
    try:
        closed(constraints, n)
    except ContradictionError:
        with pytest.raises(ContradictionError):
            group(given_world.vectors, constraints=constraints, previous=previous)
        return
    labels = group(given_world.vectors, constraints=constraints, previous=previous).labels
    assert honoured(constraints, labels)
    assert broken(constraints, labels) == ()


def test_one_word_about_two_blobs_joins_the_blobs() -> None:
    clear = world(3, (20, 20, 20, 20))
    middle = [clear.vectors[clear.truth == blob].sum(axis=0) for blob in (0, 1)]
    a, b = (
        int(np.flatnonzero(clear.truth == blob)[(clear.vectors[clear.truth == blob] @ middle[blob]).argmax()])
        for blob in (0, 1)
    )
    labels = group(clear.vectors, constraints=Constraints(must_link=((a, b),))).labels
    assert len(np.unique(labels[clear.truth <= 1])) == 1
    assert labels.max() == 2


def test_a_bound_item_is_never_left_unplaced() -> None:
    clear = world(4, (20, 20), off_topic=1)
    stranger = int(np.flatnonzero(clear.truth < 0)[0])
    friend = int(np.flatnonzero(clear.truth == 0)[0])
    assert group(clear.vectors).labels[stranger] == -1
    said = Constraints(cannot_link=((stranger, friend),))
    assert group(clear.vectors, constraints=said).labels[stranger] >= 0
