"""Scores agree with scikit-learn and with counting by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from insights.engine.evaluation import adjusted_rand, scores, with_singletons
from tests.engine.worlds import Labels

partitions = st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 4)), min_size=1, max_size=25)


def alone(labels: Labels) -> list[int]:
    """Unplaced items in groups of one, numbered out of the way."""
    return [int(label) if label >= 0 else 1_000 + row for row, label in enumerate(labels)]


def b_cubed(truth: list[int], found: list[int]) -> tuple[float, float]:
    """Item by item, as Bagga and Baldwin put it."""
    rows = range(len(truth))
    both = [sum(truth[a] == truth[b] and found[a] == found[b] for b in rows) for a in rows]
    precision = [both[a] / found.count(found[a]) for a in rows]
    recall = [both[a] / truth.count(truth[a]) for a in rows]
    return sum(precision) / len(truth), sum(recall) / len(truth)


@settings(deadline=None)
@given(partitions)
def test_scores_equal_those_of_scikit_learn_and_counting(pairs: list[tuple[int, int]]) -> None:
    truth, found = (np.array(side, dtype=np.int32) for side in zip(*pairs, strict=True))
    result = scores(truth, found)
    one, two = alone(truth), alone(found)
    assert result.ari == pytest.approx(adjusted_rand_score(one, two), abs=1e-9)
    assert adjusted_rand(truth, found) == result.ari
    assert result.ami == pytest.approx(adjusted_mutual_info_score(one, two), abs=1e-9)
    assert (result.b3_precision, result.b3_recall) == pytest.approx(b_cubed(one, two))


@given(st.lists(st.integers(-1, 5), max_size=30))
def test_unplaced_items_become_groups_of_one(given_labels: list[int]) -> None:
    labels = np.array(given_labels, dtype=np.int32)
    numbered = with_singletons(labels)
    groups = len(set(given_labels) - {-1}) + given_labels.count(-1)
    assert sorted(set(numbered.tolist())) == list(range(groups))
    for a, one in enumerate(given_labels):
        for b, two in enumerate(given_labels):
            assert (numbered[a] == numbered[b]) == (a == b or one == two >= 0)


def test_a_perfect_grouping_scores_one_throughout() -> None:
    labels = np.array([0, 0, 1, 1, -1], dtype=np.int32)
    result = scores(labels, labels[::1] + (labels >= 0) * 7)
    assert (result.ari, result.b3_precision, result.b3_recall) == (1, 1, 1)
    assert result.ami == pytest.approx(1)
