"""Training for use: refused where history is too short, and answered with a card that says how good the model is."""

import datetime as dt
import json
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from customers.engine.churn.backtest import FOLDS, Progress, cross_validated, model_predictor
from customers.engine.churn.measures import CalibrationBin, calibration_bins, measure
from customers.engine.churn.model import ChurnModel
from customers.engine.churn.reading import Columns, Kind, Table, read_table
from customers.engine.churn.training import TooLittleHistoryError, fit_table

FEWEST_ACCOUNTS, FEWEST_LEFT, FEWEST_STAYED = 200, 40, 40


@dataclass(frozen=True)
class Feature:
    """A column of the model. `importance` is its mean absolute contribution in log-odds."""

    name: str
    kind: Kind
    importance: float


@dataclass(frozen=True)
class ModelCard:
    """What a model was trained on and how good it is. The measures come from accounts that each fold had not seen."""

    trained_on: dt.date
    accounts: int
    churned: int
    folds: int
    features: tuple[Feature, ...]
    ignored: dict[str, str]
    auc: float
    brier: float
    log_loss: float
    calibration_error: float
    top_decile_lift: float
    calibration: tuple[CalibrationBin, ...]

    def dumps(self) -> str:
        """The card as JSON text; the date in ISO form."""
        return json.dumps({**asdict(self), "trained_on": self.trained_on.isoformat()})


@dataclass(frozen=True)
class Trained:
    """A model and its card."""

    model: ChurnModel
    card: ModelCard


def check_history(churned: NDArray[np.bool_]) -> None:
    """Refuse to learn from too few accounts. docs/churn.md shows the learning curve behind the numbers.

    Raises:
        TooLittleHistoryError: fewer than 200 accounts, or fewer than 40 that left or that stayed.
    """
    accounts, left = len(churned), int(churned.sum())
    if accounts < FEWEST_ACCOUNTS or left < FEWEST_LEFT or accounts - left < FEWEST_STAYED:
        raise TooLittleHistoryError(
            f"{accounts} accounts, of which {left} left, are too little history for a model: it takes "
            f"{FEWEST_ACCOUNTS} accounts, at least {FEWEST_LEFT} that left and {FEWEST_STAYED} that stayed. "
            "Until then the scorecard is used."
        )


def train(
    columns: Columns, churned: NDArray[np.bool_], *, trained_on: dt.date, progress: Progress = lambda: None
) -> Trained:
    """Train on n accounts and bool[n], and measure by cross-validation. `progress` is called six times.

    Raises:
        TooLittleHistoryError: see `check_history`.
        ValueError: the columns differ in length.
    """
    check_history(churned)
    table = read_table(columns)
    model = fit_table(table, churned)
    progress()
    probability = cross_validated(table, churned, model_predictor, progress=progress)
    return Trained(model, _card(model, table, churned, probability, trained_on))


def _card(
    model: ChurnModel,
    table: Table,
    churned: NDArray[np.bool_],
    probability: NDArray[np.float64],
    trained_on: dt.date,
) -> ModelCard:
    importance = np.abs(model.predict_table(table).contributions).mean(axis=0)
    features = [
        Feature(shape.name, shape.reading.kind, float(each))
        for shape, each in zip(model.shapes, importance, strict=True)
    ]
    return ModelCard(
        trained_on=trained_on,
        accounts=len(churned),
        churned=int(churned.sum()),
        folds=FOLDS,
        features=tuple(sorted(features, key=lambda feature: -feature.importance)),
        ignored=model.ignored,
        calibration=calibration_bins(churned, probability),
        **asdict(measure(churned, probability)),
    )
