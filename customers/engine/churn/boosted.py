"""The stepped member: boosted trees that each look at one column only, so that their sum is one table a column.

Under `interaction_cst="no_interactions"` the log-odds of scikit-learn's trees are a sum over columns. Each table is
read off the fitted trees by moving one column through its codes while the others stand still.
"""

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from customers.engine.churn.encoding import CategoryShape, Shape
from customers.engine.churn.reading import Table
from customers.engine.churn.terms import CategoryTerm, NumberTerm, Term, Terms

Floats = NDArray[np.float64]

TREES, LEARNING_RATE, LEAVES, SMALLEST_LEAF, RIDGE = 250, 0.06, 4, 20, 5.0


def fit_boosted(table: Table, shapes: tuple[Shape, ...], churned: NDArray[np.bool_]) -> Terms:
    """Fit to bool[n] and answer tables of points, not centred."""
    categories = np.array([isinstance(shape, CategoryShape) for shape in shapes])
    codes = np.column_stack([_codes(shape, column.values) for shape, column in zip(shapes, table.columns, strict=True)])
    trees = HistGradientBoostingClassifier(
        max_iter=TREES,
        learning_rate=LEARNING_RATE,
        max_leaf_nodes=LEAVES,
        min_samples_leaf=SMALLEST_LEAF,
        l2_regularization=RIDGE,
        interaction_cst="no_interactions",
        categorical_features=categories if categories.any() else None,
        max_bins=64,
        early_stopping=False,
    )
    # Trees this small spend more time on waking threads than on growing.
    with threadpool_limits(1):
        trees.fit(codes, churned)
        return Terms(tuple(_read_off(trees, codes[0], number, shape) for number, shape in enumerate(shapes)))


def _codes(shape: Shape, values: NDArray[np.float64]) -> Floats:
    if isinstance(shape, CategoryShape):
        return shape.codes(values).astype(np.float64)
    return np.where(np.isnan(values), np.nan, shape.steps(values))


def _read_off(trees: HistGradientBoostingClassifier, reference: Floats, number: int, shape: Shape) -> Term:
    steps = np.arange(shape.size if isinstance(shape, CategoryShape) else len(shape.edges) + 1, dtype=np.float64)
    moved = np.repeat(reference[None], len(steps) + 1, axis=0)
    moved[:, number] = [*steps, np.nan]
    points = trees.decision_function(moved) - trees.decision_function(reference[None])[0]
    if isinstance(shape, CategoryShape):
        return CategoryTerm(points[:-1])
    return NumberTerm(curve=np.zeros(len(shape.knots)), steps=points[:-1], blank=float(points[-1]))
