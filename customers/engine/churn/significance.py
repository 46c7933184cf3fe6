"""Whether a table tells anything about who leaves.

Without these tests a table of pure noise would still get small points, and its ranking would lean to one side or the
other by chance. A column on its own is put to Pearson's chi-squared test on its coarse levels, under Bonferroni's
correction for the number of columns. What many columns only tell together shows as a gain on unseen accounts.
"""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from customers.engine.churn.encoding import Shape
from customers.engine.churn.reading import Table

LEVEL = 0.05
# Standard errors by which unseen accounts must be told better than by the base rate.
SURE_GAIN = 1.0
# The test is only right about cells in which at least one account is expected to have left, and to have stayed.
FEWEST_EXPECTED = 1.0


def a_column_tells(table: Table, shapes: tuple[Shape, ...], churned: NDArray[np.bool_]) -> bool:
    """Whether any one column sets accounts that left apart from the others by more than chance. bool[n]."""
    chances = [
        _chance(shape.pair_codes(column.values), churned) for shape, column in zip(shapes, table.columns, strict=True)
    ]
    return bool(min(chances, default=1.0) * len(chances) <= LEVEL)


def surely_gains(log_odds: NDArray[np.float64], churned: NDArray[np.bool_]) -> bool:
    """Whether log-odds of unseen accounts, float64[n], have a lower log loss than the base rate, beyond chance."""
    share = float(churned.mean())
    known = np.where(churned, -np.log(share), -np.log(1 - share))
    gain = known - np.logaddexp(0, np.where(churned, -log_odds, log_odds))
    return float(gain.mean()) > SURE_GAIN * float(gain.std()) / math.sqrt(len(gain))


def _chance(codes: NDArray[np.int64], churned: NDArray[np.bool_]) -> float:
    share = float(churned.mean())
    accounts = np.bincount(codes).astype(np.float64)
    left = np.bincount(codes, churned)
    sparse = accounts * min(share, 1 - share) < FEWEST_EXPECTED
    accounts = np.append(accounts[~sparse], accounts[sparse].sum())
    left = np.append(left[~sparse], left[sparse].sum())
    filled = accounts > 0
    expected = accounts[filled] * share
    statistic = float(((left[filled] - expected) ** 2 / (expected * (1 - share))).sum())
    return float(chi2.sf(statistic, filled.sum() - 1)) if filled.sum() > 1 else 1.0
