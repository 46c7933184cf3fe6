"""The tree of merges is that of plain average linkage, except where pairs are held apart."""

import numpy as np
import pytest
from hypothesis import given
from scipy.cluster.hierarchy import linkage

from insights.engine.linkage import Tree, average_linkage
from tests.engine.worlds import Vectors, random_rows, seeds

NO_PAIRS = np.empty((0, 2), dtype=np.int64)


def members(tree: Tree) -> list[set[int]]:
    """Leaves under each node."""
    under = [{leaf} for leaf in range(tree.leaves)]
    for left, right in zip(tree.left.tolist(), tree.right.tolist(), strict=True):
        under.append(under[left] | under[right])
    return under


def likeness(vectors: Vectors) -> Vectors:
    return np.asarray(vectors @ vectors.T, dtype=np.float32)


@given(seeds)
def test_without_constraints_the_tree_is_that_of_scipy(seed: int) -> None:
    vectors = random_rows(seed, 15)
    tree = average_linkage(likeness(vectors), np.ones(15), NO_PAIRS)
    near = likeness(vectors)[np.triu_indices(15, 1)]
    theirs = linkage(2 - near.astype(np.float64), method="average")
    assert 2 - tree.height == pytest.approx(theirs[:, 2], abs=1e-5)
    assert tree.weight[15:].tolist() == theirs[:, 3].tolist()


@given(seeds)
def test_pairs_held_apart_never_share_a_node_and_heights_are_means(seed: int) -> None:
    random = np.random.default_rng(seed)
    vectors, weight = random_rows(seed, 12), random.integers(1, 9, 12).astype(np.float64)
    apart = np.array([pair for pair in random.integers(0, 12, (6, 2)).tolist() if pair[0] != pair[1]]).reshape(-1, 2)
    near = likeness(vectors)
    tree = average_linkage(near.copy(), weight, apart.astype(np.int64))
    under = members(tree)
    assert not any({int(a), int(b)} <= leaves for leaves in under for a, b in apart)
    for left, right, height in zip(tree.left.tolist(), tree.right.tolist(), tree.height.tolist(), strict=True):
        one, two = sorted(under[left]), sorted(under[right])
        share = np.outer(weight[one], weight[two])
        assert height == pytest.approx((near[np.ix_(one, two)] * share).sum() / share.sum(), abs=1e-5)
    assert tree.weight.tolist() == pytest.approx([weight[sorted(leaves)].sum() for leaves in under])
