"""Answers bend the space so that texts of one problem come nearer."""

import numpy as np
import pytest
from hypothesis import given, settings

from insights.engine.constraints import Constraints
from insights.engine.geometry import FEWEST_PAIRS, learned_map, mapped
from tests.engine.worlds import Vectors, World, random_rows, seeds, world


def pairs_within(given_world: World, seed: int, count: int) -> Constraints:
    random = np.random.default_rng(seed)
    drawn = random.integers(0, len(given_world.truth), (50 * count, 2)).tolist()
    same = [(a, b) for a, b in drawn if a != b and given_world.truth[a] == given_world.truth[b]]
    return Constraints(must_link=tuple(same[:count]))


def nearness(vectors: Vectors, pairs: tuple[tuple[int, int], ...]) -> float:
    return float(np.mean([vectors[a] @ vectors[b] for a, b in pairs]))


@pytest.mark.parametrize("count", [0, 1, FEWEST_PAIRS - 1])
def test_a_few_pairs_teach_nothing(count: int) -> None:
    clear = world(1)
    assert learned_map(clear.vectors, pairs_within(clear, 1, count)) is None


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_known_pairs_come_nearer_on_average(seed: int) -> None:
    blurred = world(seed, noise=1.5)
    said = pairs_within(blurred, seed, 40)
    learned = learned_map(blurred.vectors, said)
    assert learned is not None
    assert learned.shape == (48, 48)
    np.testing.assert_allclose(learned, learned.T, atol=1e-5)
    assert (np.linalg.eigvalsh(learned) > 0).all()
    moved = mapped(blurred.vectors, learned)
    np.testing.assert_allclose(np.linalg.norm(moved, axis=1), 1, atol=1e-5)
    assert nearness(moved, said.must_link) > nearness(blurred.vectors, said.must_link)


def test_pairs_of_verbatim_repeats_leave_directions_as_they_are() -> None:
    vectors = np.repeat(random_rows(1, 20), 2, axis=0)
    said = Constraints(must_link=tuple((2 * row, 2 * row + 1) for row in range(20)))
    learned = learned_map(vectors, said)
    np.testing.assert_allclose(mapped(vectors, learned), vectors, atol=1e-5)


def test_without_a_map_or_vectors_nothing_moves() -> None:
    vectors = random_rows(2, 5)
    assert mapped(vectors, None) is vectors
    none = random_rows(2, 0)
    assert mapped(none, np.eye(48, dtype=np.float32)).shape == (0, 48)
