"""The map: inside its frame, near where near, and still the map that people know after the next run."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness

from insights.engine.mapping import positions


def world(n: int, seed: int, themes: int = 8) -> NDArray[np.float32]:
    """Directions of problems around the middles of some themes."""
    chance = np.random.default_rng(seed)
    middles = chance.normal(size=(themes, 48))
    return (middles[chance.integers(0, themes, n)] + 0.7 * chance.normal(size=(n, 48))).astype(np.float32)


def nowhere(n: int) -> NDArray[np.float32]:
    """No map before."""
    return np.full((n, 2), np.nan, dtype=np.float32)


@settings(max_examples=15)
@given(n=st.integers(0, 40), seed=st.integers(0, 1000), known=st.floats(0, 1))
def test_every_problem_lies_inside_the_frame(n: int, seed: int, known: float) -> None:
    chance = np.random.default_rng(seed)
    before = chance.random((n, 2)).astype(np.float32)
    before[chance.random(n) > known] = np.nan
    directions = world(n, seed)
    directions[chance.random(n) < 0.1] = 0
    layout = positions(directions, before)
    assert layout.shape == (n, 2)
    assert np.isfinite(layout).all()
    assert ((layout >= 0) & (layout <= 1)).all()
    if n > 1:
        assert np.ptp(layout, axis=0).max() == pytest.approx(1, abs=1e-5)


def test_neighbours_on_the_map_are_neighbours_in_meaning() -> None:
    directions = world(300, seed=1)
    unit = directions / np.linalg.norm(directions, axis=1, keepdims=True)
    flat = PCA(2, random_state=0).fit_transform(unit)
    on_map = trustworthiness(unit, positions(directions, nowhere(300)))
    assert on_map > 0.93
    assert on_map > trustworthiness(unit, flat) + 0.05


def test_the_same_problems_make_the_same_map() -> None:
    directions = world(60, seed=2)
    assert (positions(directions, nowhere(60)) == positions(directions, nowhere(60))).all()


def test_a_run_that_adds_a_few_leaves_the_map_as_people_know_it() -> None:
    directions = world(220, seed=3)
    before = positions(directions[:200], nowhere(200))
    kept = positions(directions, np.vstack([before, nowhere(20)]))[:200]
    anew = positions(directions, nowhere(220))[:200]

    def moved(after: NDArray[np.float32]) -> float:
        return float(np.median(np.linalg.norm(after - before, axis=1)))

    assert moved(kept) < 0.05
    assert moved(kept) < moved(anew)
