"""Who leaves with those that a person picks: the like of them, whatever the order, and never everybody."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from insights.engine.splitting import leanings


def two_wishes(n: int, seed: int) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Unit rows about two things, and which of them are about the second."""
    chance = np.random.default_rng(seed)
    second = np.arange(n) % 2 == 1
    middles = chance.normal(size=(2, 32))
    rows = middles[second.astype(int)] + 0.3 * chance.normal(size=(n, 32))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), second


@pytest.mark.parametrize("seed", range(5))
def test_one_picked_quote_finds_its_like(seed: int) -> None:
    vectors, second = two_wishes(40, seed)
    picked = np.zeros(40, dtype=np.bool_)
    picked[1] = True
    assert ((leanings(vectors, picked) > 0) == second).all()


@given(n=st.integers(2, 30), seed=st.integers(0, 500), share=st.floats(0.05, 0.9))
def test_the_order_of_the_rows_does_not_matter(n: int, seed: int, share: float) -> None:
    vectors, _ = two_wishes(n, seed)
    chance = np.random.default_rng(seed)
    picked = chance.random(n) < share
    picked[0], picked[-1] = True, False
    order = chance.permutation(n)
    leaning = leanings(vectors, picked)
    assert np.isfinite(leaning).all()
    np.testing.assert_allclose(leanings(vectors[order], picked[order]), leaning[order], atol=1e-4)
