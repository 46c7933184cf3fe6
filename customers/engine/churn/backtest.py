"""How the model would have done on accounts that it has not seen: cross-validation."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from customers.engine.churn.encoding import CategoryShape, shapes_of
from customers.engine.churn.reading import Table
from customers.engine.churn.training import TooLittleHistoryError, fit_table

Floats = NDArray[np.float64]
Outcomes = NDArray[np.bool_]
Rows = NDArray[np.int64]
Predictor = Callable[[Table, Outcomes, Table], Floats]
Progress = Callable[[], None]

FOLDS = 5
SEED = 20_260_101
FEWEST_OF_A_CLASS = 10


def cross_validated(
    table: Table,
    churned: Outcomes,
    predictor: Predictor,
    *,
    seed: int = SEED,
    progress: Progress = lambda: None,
) -> Floats:
    """Probabilities of n accounts, float64[n], each from a model that has not seen it: five stratified folds.

    `progress` is called after every fold.

    Raises:
        TooLittleHistoryError: fewer than ten accounts left, or fewer than ten stayed.
    """
    check_classes(churned)
    probability = np.empty(len(churned))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    for train, test in folds.split(np.zeros(len(churned)), churned):
        probability[test] = predictor(table.take(train), churned[train], table.take(test))
        progress()
    return probability


def check_classes(churned: Outcomes) -> None:
    """Refuse outcomes that five folds cannot share.

    Raises:
        TooLittleHistoryError: fewer than ten accounts left, or fewer than ten stayed.
    """
    left, stayed = int(churned.sum()), int((~churned).sum())
    if min(left, stayed) < FEWEST_OF_A_CLASS:
        raise TooLittleHistoryError(
            f"{left} accounts left and {stayed} stayed; a backtest needs at least {FEWEST_OF_A_CLASS} of each."
        )


def model_predictor(train: Table, churned: Outcomes, test: Table) -> Floats:
    """Train the model on one table and answer its probabilities for another."""
    return fit_table(train, churned).predict_table(test).probability


def logistic_regression(train: Table, churned: Outcomes, test: Table) -> Floats:
    """The plain alternative: standardised numbers (blanks at the median), one-hot categories, C = 1."""
    shapes, _ = shapes_of(train)
    numbers = [shape.name for shape in shapes if not isinstance(shape, CategoryShape)]
    categories = [shape.name for shape in shapes if isinstance(shape, CategoryShape)]
    known, asked = [], []
    if numbers:
        scale = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
        known.append(sparse.csr_matrix(scale.fit_transform(_columns(train, numbers))))
        asked.append(sparse.csr_matrix(scale.transform(_columns(test, numbers))))
    if categories:
        one_hot = OneHotEncoder(handle_unknown="ignore")
        known.append(one_hot.fit_transform(_columns(train, categories)))
        asked.append(one_hot.transform(_columns(test, categories)))
    if not known:
        return np.full(test.rows, churned.mean())
    regression = LogisticRegression(max_iter=5_000).fit(sparse.hstack(known).tocsr(), churned)
    probability: Floats = regression.predict_proba(sparse.hstack(asked).tocsr())[:, 1]
    return probability


def _columns(table: Table, names: list[str]) -> NDArray[np.generic]:
    by_name = {column.name: column.values for column in table.columns}
    return np.column_stack([by_name[name] for name in names])
