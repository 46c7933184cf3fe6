"""Verbatim repeats count as often as they are said, and crowd nobody out."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.engine.constraints import Constraints, closed
from insights.engine.evaluation import adjusted_rand
from insights.engine.grouping import group
from insights.engine.repeats import collapsed
from tests.engine.worlds import corrections_true_to, random_rows, seeds, world


@settings(max_examples=40, deadline=None)
@given(seeds, st.integers(1, 12), st.integers(1, 60), st.booleans())
def test_atoms_always_stand_for_all_items_and_for_like_ones_only(
    seed: int,
    texts: int,
    n: int,
    corrected: bool,  # noqa: FBT001
) -> None:
    random = np.random.default_rng(seed)
    text, home = random.integers(0, texts, n), random.integers(-1, 2, n)
    said = corrections_true_to(text, seed) if corrected else Constraints()
    blocks = closed(Constraints(must_link=said.must_link, cannot_link=said.cannot_link), n)
    atoms = collapsed(random_rows(seed, texts)[text], home, blocks)
    assert atoms.weight.sum() == n
    assert (np.bincount(atoms.of_item) == atoms.weight).all()
    for atom in range(len(atoms.weight)):
        items = np.flatnonzero(atoms.of_item == atom)
        assert len(set(text[items])) == len(set(home[items])) == len(set(blocks.bound[items])) == 1
        if blocks.bound[items[0]]:
            assert len(set(blocks.block[items])) == 1
    assert len(atoms.weight) == len(
        {(a, b, c) for a, b, c in zip(text, home, np.where(blocks.bound, blocks.block, -1), strict=True)}
    )
    for one, two in blocks.apart:
        sides = [set(atoms.blocks.block[atoms.of_item[blocks.block == side]].tolist()) for side in (one, two)]
        assert any({a, b} in [set(pair) for pair in atoms.blocks.apart.tolist()] for a in sides[0] for b in sides[1])


def test_a_text_that_is_repeated_thousands_of_times_leaves_the_other_groups_as_they_are() -> None:
    clear = world(3, (12, 9, 6, 4))
    loud = np.concatenate([np.arange(len(clear.truth)), np.zeros(6_000, dtype=np.int64)])
    found = group(clear.vectors[loud])
    assert adjusted_rand(clear.truth[loud], found.labels) == 1.0
    assert found.groups.sizes.sum() == len(loud)
