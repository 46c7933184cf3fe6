"""Themes gather like problems, and are few."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.engine.evaluation import adjusted_rand
from insights.engine.themes import themes
from tests.engine.worlds import random_rows, seeds, world


@settings(max_examples=40, deadline=None)
@given(seeds, st.integers(0, 1_500))
def test_themes_are_always_few_numbered_from_zero_and_none_is_empty(seed: int, problems: int) -> None:
    found = themes(random_rows(seed, problems, 8))
    assert found.shape == (problems,)
    assert set(found.tolist()) == set(range(len(set(found.tolist()))))
    assert len(set(found.tolist())) <= min(30, max(problems, 1))


def test_problems_that_lie_together_share_a_theme_however_loud_they_are() -> None:
    clear = world(1, (8,) * 11, noise=0.3)
    loudness = np.random.default_rng(1).integers(1, 1_000, len(clear.truth))
    found = themes((clear.vectors * loudness[:, None]).astype(np.float32))
    assert adjusted_rand(clear.truth, found) >= 0.8
