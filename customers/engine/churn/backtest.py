"""How the model would have done on accounts that it has not seen: cross-validation, and a split by time."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from customers.engine.churn.encoding import CategoryShape, shapes_of
from customers.engine.churn.measures import Measures, measure
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


@dataclass(frozen=True)
class TimeSplit:
    """A model trained on what was known before a day and tested on what came after."""

    trained: int
    tested: int
    churned: int
    measures: Measures


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


def time_split(table: Table, churned: Outcomes, dates: NDArray[np.datetime64], cutoff: np.datetime64) -> TimeSplit:
    """Train on rows whose reference date (datetime64[n]) is before the cutoff and test on the later ones.

    Raises:
        TooLittleHistoryError: either side has fewer than ten accounts that left, or that stayed.
    """
    before = dates < cutoff
    for side, name in ((before, f"before {cutoff}"), (~before, f"from {cutoff} on")):
        try:
            check_classes(churned[side])
        except TooLittleHistoryError as error:
            raise TooLittleHistoryError(f"Of the rows {name}, {error}") from None
    past, future = np.flatnonzero(before), np.flatnonzero(~before)
    probability = model_predictor(table.take(past), churned[past], table.take(future))
    return TimeSplit(len(past), len(future), int(churned[future].sum()), measure(churned[future], probability))


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
