"""Measures of predicted probabilities, against figures worked out by hand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.engine.churn.measures import (
    auc,
    brier,
    calibration_bins,
    calibration_error,
    log_loss,
    measure,
    top_decile_lift,
)


def test_auc_counts_ordered_pairs_and_halves_ties() -> None:
    assert auc(np.array([False, True, False, True]), np.array([0.1, 0.1, 0.4, 0.9])) == pytest.approx(2.5 / 4)


def test_brier_and_log_loss_of_two_accounts() -> None:
    churned, probability = np.array([True, False]), np.array([0.8, 0.4])
    assert brier(churned, probability) == pytest.approx((0.04 + 0.16) / 2)
    assert log_loss(churned, probability) == pytest.approx(-(math.log(0.8) + math.log(0.6)) / 2)
    assert log_loss(churned, np.array([0.0, 0.0])) == pytest.approx(-math.log(1e-15) / 2)


def test_calibration_error_is_the_gap_in_ten_equal_groups_weighted_by_accounts() -> None:
    probability = np.repeat(np.linspace(0.05, 0.95, 10), 20)
    churned = np.tile(np.arange(20), 10) < np.repeat(np.arange(10) * 2 + 1, 20)
    assert calibration_error(churned, probability) == pytest.approx(0)
    assert calibration_error(churned, probability * 0.8) == pytest.approx(0.1)


def test_the_order_of_accounts_with_the_same_risk_does_not_matter() -> None:
    churned = np.arange(100) < 20
    assert calibration_error(churned, np.full(100, 0.2)) == pytest.approx(0)
    assert calibration_error(churned, np.full(100, 0.6)) == pytest.approx(0.4)


def test_lift_is_how_much_more_often_the_riskiest_tenth_left_and_ties_share_the_places() -> None:
    churned = np.arange(100) < 20
    assert top_decile_lift(churned, 1 - np.arange(100) / 100) == pytest.approx(5)
    assert top_decile_lift(churned, np.full(100, 0.2)) == pytest.approx(1)


@given(
    outcomes=st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=2, max_size=60).filter(
        lambda rows: len({left for left, _ in rows}) == 2
    )
)
@settings(max_examples=100, deadline=None)
def test_measures_stay_in_their_ranges_and_bins_hold_everybody(outcomes: list[tuple[bool, float]]) -> None:
    churned = np.array([left for left, _ in outcomes])
    probability = np.array([chance for _, chance in outcomes])
    figures = measure(churned, probability)
    assert 0 <= figures.auc <= 1
    assert 0 <= figures.brier <= 1
    assert 0 <= figures.calibration_error <= 1
    assert -1e-9 <= figures.top_decile_lift <= 1 / churned.mean() + 1e-9
    bins = calibration_bins(churned, probability)
    assert sum(each.accounts for each in bins) == len(churned)
    assert sum(each.accounts * each.observed for each in bins) == pytest.approx(churned.sum())
    sizes = [each.accounts for each in bins]
    assert max(sizes) - min(sizes) <= 1
