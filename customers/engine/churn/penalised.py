"""Logistic regression whose every group of coefficients finds its own shrinkage from the data.

Each group k of coefficients has a Gaussian prior with precision lambda_k. The precisions maximise the approximate
marginal likelihood by the fixed point of MacKay (1992) and Fellner & Schall (Wood & Fasiolo 2017, Biometrics 73:1071):

    lambda_k = edf_k / sum(b_k ** 2),   edf_k = size_k - lambda_k * trace(V_kk)

A group of one or two coefficients says little about its own precision, so each update also counts one
pseudo-coefficient that is as spread as those of all groups of the same family. A group that only fits noise shrinks
to nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.float64]

START, LEAST, MOST = 10.0, 1e-2, 1e5
PSEUDO = 1.0
ROUNDS, NEWTON_STEPS = 15, 25
SETTLED = 0.05


@dataclass(frozen=True)
class Group:
    """Columns of the design matrix, float64[n, m], that share a precision; `family` names groups of the same nature."""

    family: str
    columns: Floats


@dataclass(frozen=True)
class Fit:
    """Intercept and one float64[m] of coefficients for each group, for columns that are centred on `means`."""

    intercept: float
    coefficients: tuple[Floats, ...]
    means: tuple[Floats, ...]


def fit_penalised(groups: Sequence[Group], churned: NDArray[np.bool_]) -> Fit:
    """Fit to bool[n]; both outcomes must occur. A column that never varies gets the coefficient 0."""
    target = churned.astype(np.float64)
    share = float(target.mean())
    means = tuple(group.columns.mean(axis=0) for group in groups)
    varies = [np.ptp(group.columns, axis=0) > 0 for group in groups]
    used = [number for number, columns in enumerate(varies) if columns.any()]
    weights = [np.zeros(group.columns.shape[1]) for group in groups]
    if not used:
        return Fit(float(np.log(share / (1 - share))), tuple(weights), means)
    blocks = [(groups[number].columns - means[number])[:, varies[number]] for number in used]
    design = np.hstack([np.ones((len(target), 1)), *blocks])
    owner = np.repeat(np.arange(len(used)), [block.shape[1] for block in blocks])
    families = np.unique([groups[number].family for number in used], return_inverse=True)[1]
    found = _marginal(design, target, owner, families)
    for place, number in enumerate(used):
        weights[number][varies[number]] = found[1:][owner == place]
    return Fit(float(found[0]), tuple(weights), means)


def _marginal(design: Floats, target: Floats, owner: NDArray[np.int64], families: NDArray[np.int64]) -> Floats:
    sizes = np.bincount(owner).astype(np.float64)
    precision = np.full(len(sizes), START)
    start = np.zeros(design.shape[1])
    start[0] = np.log(target.mean() / (1 - target.mean()))
    for _ in range(ROUNDS):
        start, hessian = _newton(design, target, _ridge(precision, owner), start)
        variance = np.diag(np.linalg.inv(hessian))[1:]
        freedom = np.maximum(sizes - precision * np.bincount(owner, variance), 1e-6)
        squares = np.bincount(owner, start[1:] ** 2)
        spread = np.bincount(families, squares) / np.bincount(families, freedom)
        shared = np.maximum(spread[families], 1e-9)
        renewed = np.clip((freedom + PSEUDO) / (squares + PSEUDO * shared), LEAST, MOST)
        change = float(np.abs(np.log(renewed / precision)).max())
        precision = renewed
        if change < SETTLED:
            break
    return _newton(design, target, _ridge(precision, owner), start)[0]


def _ridge(precision: Floats, owner: NDArray[np.int64]) -> Floats:
    # The intercept is free; the trace of a precision keeps the system regular.
    return np.concatenate([[1e-8], precision[owner]])


def _newton(design: Floats, target: Floats, ridge: Floats, start: Floats) -> tuple[Floats, Floats]:
    """Minimise the penalised deviance; answers the coefficients and the Hessian. Halved steps keep it from escaping."""

    def loss(at: Floats) -> float:
        log_odds = design @ at
        return float(np.logaddexp(0, log_odds).sum() - target @ log_odds + (ridge * at * at).sum() / 2)

    weights, now = start, loss(start)
    hessian = np.diag(ridge)
    for _ in range(NEWTON_STEPS):
        chance = expit(design @ weights)
        certainty = np.maximum(chance * (1 - chance), 1e-9)
        hessian = (design * certainty[:, None]).T @ design
        hessian[np.diag_indices_from(hessian)] += ridge
        step = np.linalg.solve(hessian, design.T @ (target - chance) - ridge * weights)
        length, nearer = 1.0, loss(weights + step)
        while nearer > now and length > 1e-4:
            length /= 2
            nearer = loss(weights + length * step)
        if nearer > now:
            break
        weights, gain, now = weights + length * step, now - nearer, nearer
        if gain < 1e-4:
            break
    return weights, hessian
