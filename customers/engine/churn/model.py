"""The churn model: a base value and tables of points that add up to the log-odds of an account leaving.

log_odds(account) = base + sum over columns of points(column, account),   probability = 1 / (1 + exp(-log_odds))
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from customers.engine.churn.encoding import Shape
from customers.engine.churn.reading import Columns, Reading, Table, read_as
from customers.engine.churn.terms import Terms

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Prediction:
    """What the model says of n accounts.

    `contributions` is float64[n, columns] in log-odds, in the order of `columns`. `log_odds`, float64[n], is `base`
    plus the sum of each row; `probability` its logistic.
    """

    base: float
    columns: tuple[str, ...]
    contributions: Floats
    log_odds: Floats
    probability: Floats


@dataclass(frozen=True)
class ChurnModel:
    """A trained model. `ignored` says of each column that was left out, why."""

    base: float
    shapes: tuple[Shape, ...]
    terms: Terms
    ignored: dict[str, str]

    @cached_property
    def readings(self) -> dict[str, Reading]:
        """How each column that the model uses is to be read."""
        return {shape.name: shape.reading for shape in self.shapes}

    def predict(self, columns: Columns) -> Prediction:
        """Probabilities and contributions.

        A column that is missing reads as blank and one that is new is passed over. What training never saw, such as a
        blank where there was none, contributes 0.

        Raises:
            ValueError: the columns differ in length.
        """
        return self.predict_table(read_as(columns, self.readings))

    def predict_table(self, table: Table) -> Prediction:
        """As `predict`, for a table already read; it must hold every column of the model."""
        by_name = {column.name: column for column in table.columns}
        ours = Table(tuple(by_name[shape.name] for shape in self.shapes), table.rows)
        contributions = self.terms.points(self.shapes, ours)
        log_odds = self.base + contributions.sum(axis=1)
        return Prediction(
            base=self.base,
            columns=tuple(shape.name for shape in self.shapes),
            contributions=contributions,
            log_odds=log_odds,
            probability=expit(log_odds),
        )
