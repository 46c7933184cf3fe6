"""The smooth member: a penalised additive logistic regression with the few pairs of columns that plainly interact.

A number is a straight line plus a piecewise linear departure from it with penalised second differences (P-splines:
Eilers & Marx 1996), a blank is a level of its own, a category one coefficient a level. A pair of columns is a coarse
grid of coefficients on top; it is taken in only when the residuals of the additive fit ask for it loudly.
"""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from customers.engine.churn.encoding import CategoryShape, NumberShape, Shape
from customers.engine.churn.penalised import Fit, Group, fit_penalised
from customers.engine.churn.reading import Table
from customers.engine.churn.terms import CategoryTerm, NumberTerm, PairTerm, Terms

Floats = NDArray[np.float64]

PAIRS, PAIR_COLUMNS = 6, 30
# Standard deviations above what chance gives. Hundreds of pairs are looked at, and 5 let in none on a table of noise.
LOUD = 5.0
PAIR_RIDGE = 2.0


def fit_smooth(table: Table, shapes: tuple[Shape, ...], churned: NDArray[np.bool_]) -> Terms:
    """Fit to bool[n] and answer tables of points."""
    groups = [
        group for shape, column in zip(shapes, table.columns, strict=True) for group in _groups(shape, column.values)
    ]
    fit = fit_penalised(groups, churned)
    codes = [shape.pair_codes(column.values) for shape, column in zip(shapes, table.columns, strict=True)]
    sizes = [shape.pair_size for shape in shapes]
    pairs = _loud_pairs(codes, sizes, churned - expit(_log_odds(groups, fit)), expit(_log_odds(groups, fit)))
    if pairs:
        groups += [Group("pair", _indicators(codes[a] * sizes[b] + codes[b], sizes[a] * sizes[b])) for a, b in pairs]
        fit = fit_penalised(groups, churned)
    return _terms(shapes, fit, pairs)


def _groups(shape: Shape, values: NDArray[np.float64]) -> list[Group]:
    if isinstance(shape, CategoryShape):
        return [Group("category", _indicators(shape.codes(values), shape.size))]
    line, bends = _curves(shape)
    blank = np.isnan(values)
    hats = _hats(shape, np.where(blank, shape.knots[0], values))
    hats[blank] = 0
    groups = [Group("line", hats @ line), Group("blank", blank[:, None].astype(np.float64))]
    return [*groups, Group("bend", hats @ bends)] if bends.shape[1] else groups


def _curves(shape: NumberShape) -> tuple[Floats, Floats]:
    """What a number may do at its knots, float64[k, 1] and float64[k, k - 2]: go straight, and bend."""
    knots = np.array(shape.knots)
    count = len(knots)
    line = ((knots - shape.centre) / shape.spread)[:, None]
    if count < 3:
        return line, np.empty((count, 0))
    _, size, directions = np.linalg.svd(np.diff(np.eye(count), 2, axis=0))
    return line, directions[: count - 2].T / size


def _hats(shape: NumberShape, values: Floats) -> Floats:
    """Linear weights of the two knots around each value, float64[n, k]; beyond the knots, of the outermost."""
    knots = np.array(shape.knots)
    rows = np.arange(len(values))
    inside = np.clip(values, knots[0], knots[-1])
    left = np.clip(np.searchsorted(knots, inside, side="right") - 1, 0, len(knots) - 2)
    share = (inside - knots[left]) / (knots[left + 1] - knots[left])
    hats = np.zeros((len(values), len(knots)))
    hats[rows, left] = 1 - share
    hats[rows, left + 1] += share
    return hats


def _indicators(codes: NDArray[np.int64], size: int) -> Floats:
    return np.asarray(codes[:, None] == np.arange(size), dtype=np.float64)


def _log_odds(groups: list[Group], fit: Fit) -> Floats:
    parts = zip(groups, fit.coefficients, fit.means, strict=True)
    added: Floats = np.sum([(group.columns - mean) @ weights for group, weights, mean in parts], axis=0)
    return fit.intercept + added


def _loud_pairs(
    codes: list[NDArray[np.int64]], sizes: list[int], residual: Floats, chance: Floats
) -> list[tuple[int, int]]:
    """Pairs on whose grid the residuals are far larger than chance gives: a score test with a ridge, standardised."""
    weight = chance * (1 - chance)
    found: list[tuple[float, int, int]] = []
    for a, b in combinations(range(min(len(codes), PAIR_COLUMNS)), 2):
        cells, count = codes[a] * sizes[b] + codes[b], sizes[a] * sizes[b]
        mass = np.bincount(cells, weight, count)
        held = mass / (mass + PAIR_RIDGE)
        statistic = float((np.bincount(cells, residual, count) ** 2 / (mass + PAIR_RIDGE)).sum())
        loudness = (statistic - held.sum()) / np.sqrt(2 * (held**2).sum() + 1e-9)
        found.append((float(loudness), a, b))
    return [(a, b) for loudness, a, b in sorted(found, reverse=True)[:PAIRS] if loudness > LOUD]


def _terms(shapes: tuple[Shape, ...], fit: Fit, pairs: list[tuple[int, int]]) -> Terms:
    coefficients = iter(fit.coefficients)
    columns: list[NumberTerm | CategoryTerm] = []
    for shape in shapes:
        if isinstance(shape, CategoryShape):
            columns.append(CategoryTerm(next(coefficients)))
            continue
        line, bends = _curves(shape)
        curve = line @ next(coefficients)
        blank = float(next(coefficients)[0])
        if bends.shape[1]:
            curve = curve + bends @ next(coefficients)
        columns.append(NumberTerm(curve=curve, steps=np.zeros(len(shape.edges) + 1), blank=blank))
    grids = tuple(
        PairTerm(a, b, next(coefficients).reshape(shapes[a].pair_size, shapes[b].pair_size)) for a, b in pairs
    )
    return Terms(columns=tuple(columns), pairs=grids)
