"""Training: two additive members, averaged table by table.

The smooth member is right about slopes and tails and adapts its shrinkage to the table; the stepped one finds jumps.
Over eleven public tables two parts to one had a lower mean log loss than either alone or equal parts.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit
from sklearn.model_selection import StratifiedKFold

from customers.engine.churn.boosted import fit_boosted
from customers.engine.churn.encoding import Shape, shapes_of
from customers.engine.churn.model import ChurnModel
from customers.engine.churn.reading import Columns, Table, read_table
from customers.engine.churn.significance import a_column_tells, surely_gains
from customers.engine.churn.smooth import fit_smooth
from customers.engine.churn.terms import Terms, averaged, centred

STEPPED_SHARE = 1 / 3
# Beyond this, more rows no longer change a curve of a dozen knots, and the design matrix outgrows the memory.
SMOOTH_ROWS = 30_000
SEED = 20_260_101
FOLDS = 5
# With fewer accounts of either outcome the tests would silence more true signals than noise.
JUDGED_FROM = 80


class TooLittleHistoryError(ValueError):
    """Too few accounts, or too few of one outcome, to learn from. The text gives the numbers."""


def fit(columns: Columns, churned: NDArray[np.bool_]) -> ChurnModel:
    """Fit to a table of n accounts and bool[n]. See `fit_table`."""
    return fit_table(read_table(columns), churned)


def fit_table(table: Table, churned: NDArray[np.bool_]) -> ChurnModel:
    """Fit to a table of n accounts and bool[n], whatever its size.

    Where nothing stands out from chance the model is the base rate alone.

    Raises:
        TooLittleHistoryError: everybody left or nobody did.
        ValueError: the table and the outcomes differ in length.
    """
    if len(churned) != table.rows:
        raise ValueError(f"{len(churned)} outcomes do not fit a table of {table.rows} rows.")
    if not 0 < churned.sum() < len(churned):
        raise TooLittleHistoryError(
            f"{int(churned.sum())} of {len(churned)} accounts left: a model needs some that left and some that stayed."
        )
    shapes, ignored = shapes_of(table)
    names = {shape.name for shape in shapes}
    used = Table(tuple(column for column in table.columns if column.name in names), table.rows)
    if shapes and not _tells_anything(used, shapes, churned):
        ignored |= dict.fromkeys(names, "nothing in the table stands out from chance")
        shapes = ()
    if not shapes:
        return ChurnModel(_base(np.zeros(table.rows), churned), (), Terms(()), ignored)
    return ChurnModel(*_learnt(used, shapes, churned), ignored=ignored)


def _learnt(
    table: Table, shapes: tuple[Shape, ...], churned: NDArray[np.bool_]
) -> tuple[float, tuple[Shape, ...], Terms]:
    rows = _some_rows(table.rows)
    smooth = centred(fit_smooth(table.take(rows), shapes, churned[rows]), shapes, table)
    stepped = centred(fit_boosted(table, shapes, churned), shapes, table)
    terms = averaged(smooth, stepped, STEPPED_SHARE)
    return _base(terms.points(shapes, table).sum(axis=1), churned), shapes, terms


def _tells_anything(table: Table, shapes: tuple[Shape, ...], churned: NDArray[np.bool_]) -> bool:
    if min(churned.sum(), (~churned).sum()) < JUDGED_FROM or a_column_tells(table, shapes, churned):
        return True
    log_odds = np.empty(table.rows)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    for train, test in folds.split(np.zeros(table.rows), churned):
        base, _, terms = _learnt(table.take(train), shapes, churned[train])
        log_odds[test] = base + terms.points(shapes, table.take(test)).sum(axis=1)
    return surely_gains(log_odds, churned)


def _some_rows(rows: int) -> NDArray[np.int64]:
    if rows <= SMOOTH_ROWS:
        return np.arange(rows)
    return np.sort(np.random.default_rng(SEED).choice(rows, SMOOTH_ROWS, replace=False))


def _base(points: NDArray[np.float64], churned: NDArray[np.bool_]) -> float:
    """The base value with which the probabilities add up to the number that left."""
    reach = 40.0 + float(np.abs(points).max(initial=0.0))
    return float(brentq(lambda base: expit(base + points).sum() - churned.sum(), -reach, reach))
