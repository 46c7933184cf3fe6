"""Neighbour lists: exact in small sets, nearly exact in large ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.engine import neighbours
from insights.engine.neighbours import nearest
from tests.engine.worlds import Vectors, random_rows, seeds, world


def by_sorting(vectors: Vectors, k: int) -> list[list[int]]:
    near = vectors.astype(np.float64) @ vectors.astype(np.float64).T
    np.fill_diagonal(near, -np.inf)
    return [row[:k] for row in np.argsort(-near, axis=1, kind="stable").tolist()]


@given(seeds, st.integers(1, 40), st.integers(1, 50))
def test_small_sets_are_searched_exactly_nearest_first(seed: int, n: int, k: int) -> None:
    vectors = random_rows(seed, n)
    found = nearest(vectors, k)
    assert found.shape == (n, min(k, n - 1))
    assert found.tolist() == by_sorting(vectors, min(k, n - 1))


def test_blocks_of_rows_leave_no_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = random_rows(1, 100)
    whole = nearest(vectors, 7)
    monkeypatch.setattr(neighbours, "_BLOCK", 13)
    assert (nearest(vectors, 7) == whole).all()


def test_nothing_has_neighbours_in_an_empty_set() -> None:
    assert nearest(random_rows(1, 0), 5).shape == (0, 0)


def test_searching_cells_recalls_nearly_all_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = world(2, (600, 500, 400, 300, 200), off_topic=10).vectors
    exact = nearest(vectors, 30)
    monkeypatch.setattr(neighbours, "EXACT_UP_TO", 1_000)
    monkeypatch.setattr(neighbours, "_CELL", 40)
    monkeypatch.setattr(neighbours, "_CANDIDATES", 100)
    monkeypatch.setattr(neighbours, "_BLOCK", 16)
    found = nearest(vectors, 30)
    assert (found != np.arange(len(vectors))[:, None]).all()
    assert all(len(set(row)) == 30 for row in found.tolist())
    recall = np.mean([len(set(a) & set(b)) / 30 for a, b in zip(exact.tolist(), found.tolist(), strict=True)])
    assert recall >= 0.9
    assert (nearest(vectors, 30) == found).all()


def test_cells_left_empty_by_verbatim_repeats_do_not_starve_their_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = np.vstack([np.repeat(random_rows(3, 1), 2_700, axis=0), random_rows(4, 300)])
    monkeypatch.setattr(neighbours, "EXACT_UP_TO", 1_000)
    monkeypatch.setattr(neighbours, "_CELL", 30)
    monkeypatch.setattr(neighbours, "_CANDIDATES", 0)
    monkeypatch.setattr(neighbours, "_PROBES", 4)
    found = nearest(vectors, 90)
    assert found.shape == (3_000, 90)
    assert all(len(set(row)) == 90 for row in found.tolist())
