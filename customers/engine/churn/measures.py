"""How good predicted probabilities are: ranking, size of the errors, calibration.

Every function takes `churned`, bool[n] with both outcomes, and `probability`, float64[n] in [0, 1].
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

Outcomes = NDArray[np.bool_]
Floats = NDArray[np.float64]

BINS = 10


@dataclass(frozen=True)
class CalibrationBin:
    """One of ten groups of equally many accounts by predicted risk: their mean prediction and the share that left."""

    accounts: int
    predicted: float
    observed: float


@dataclass(frozen=True)
class Measures:
    """AUC in [0, 1], Brier score and log loss (lower is better), calibration error, lift of the top tenth."""

    auc: float
    brier: float
    log_loss: float
    calibration_error: float
    top_decile_lift: float


def measure(churned: Outcomes, probability: Floats) -> Measures:
    """All measures at once."""
    return Measures(
        auc=auc(churned, probability),
        brier=brier(churned, probability),
        log_loss=log_loss(churned, probability),
        calibration_error=calibration_error(churned, probability),
        top_decile_lift=top_decile_lift(churned, probability),
    )


def auc(churned: Outcomes, probability: Floats) -> float:
    """The chance that an account that left was given a higher risk than one that stayed; a tie counts half."""
    return float(roc_auc_score(churned, probability))


def brier(churned: Outcomes, probability: Floats) -> float:
    """Mean squared difference of probability and outcome (Brier 1950)."""
    return float(np.mean((probability - churned) ** 2))


def log_loss(churned: Outcomes, probability: Floats) -> float:
    """Mean of -log(probability of what happened), in nats. A certainty that fails counts 34.5."""
    happened = np.where(churned, probability, 1 - probability)
    return float(-np.log(np.maximum(happened, 1e-15)).mean())


def calibration_bins(churned: Outcomes, probability: Floats) -> tuple[CalibrationBin, ...]:
    """Ten groups of equally many accounts (give or take one), the lowest risks first.

    Accounts with the same probability count with the share of them that left, so that their order does not matter.
    """
    order = np.argsort(probability, kind="stable")
    level = np.unique(probability, return_inverse=True)[1]
    left = (np.bincount(level, churned) / np.bincount(level))[level]
    return tuple(
        CalibrationBin(len(rows), float(probability[rows].mean()), float(left[rows].mean()))
        for rows in np.array_split(order, BINS)
        if len(rows)
    )


def calibration_error(churned: Outcomes, probability: Floats) -> float:
    """Mean absolute gap between predicted and observed share over the ten bins, weighted by accounts."""
    bins = calibration_bins(churned, probability)
    return sum(each.accounts * abs(each.predicted - each.observed) for each in bins) / len(churned)


def top_decile_lift(churned: Outcomes, probability: Floats) -> float:
    """How many times more often the tenth with the highest risks left than all did. Accounts tied at the edge share
    the places that are left."""
    places = max(round(len(churned) / 10), 1)
    edge = np.sort(probability)[-places]
    above, tied = probability > edge, probability == edge
    left = churned[above].sum() + (places - above.sum()) * churned[tied].mean()
    return float(left / places / churned.mean())
