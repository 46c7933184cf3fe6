"""Accounts of three systems in a believable mess: most duplicates are found, and most that are proposed are right."""

from itertools import combinations

import pytest

from customers.engine.identity.duplicates import PROPOSED, Duplicates, find_duplicates
from tests.customers.engine.mess import Mess, mess


@pytest.fixture(scope="module")
def world() -> Mess:
    return mess(1)


@pytest.fixture(scope="module")
def found(world: Mess) -> Duplicates:
    return find_duplicates(world.rows, at_least=0.2)


def _precision_and_recall(proposed: set[tuple[str, str]], truth: set[tuple[str, str]]) -> tuple[float, float]:
    return len(proposed & truth) / len(proposed), len(proposed & truth) / len(truth)


def test_proposed_pairs_are_right_and_nearly_complete(world: Mess, found: Duplicates) -> None:
    proposed = {(pair.left, pair.right) for pair in found.pairs if pair.probability >= PROPOSED}
    precision, recall = _precision_and_recall(proposed, world.true_pairs())
    assert precision >= 0.97
    assert recall >= 0.90


def test_groups_keep_the_precision_of_their_pairs(world: Mess, found: Duplicates) -> None:
    chained = {pair for group in found.groups for pair in combinations(group, 2)}
    precision, recall = _precision_and_recall(chained, world.true_pairs())
    assert precision >= 0.97
    assert recall >= 0.90


@pytest.mark.parametrize(("low", "high"), [(0.2, 0.5), (0.5, 0.8), (0.8, 0.95), (0.95, 1.0)])
def test_a_probability_is_about_the_share_that_is_right(
    world: Mess, found: Duplicates, low: float, high: float
) -> None:
    truth = world.true_pairs()
    band = [pair for pair in found.pairs if low <= pair.probability < high]
    right = sum((pair.left, pair.right) in truth for pair in band) / len(band)
    assert right == pytest.approx(sum(pair.probability for pair in band) / len(band), abs=0.12)
