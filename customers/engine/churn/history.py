"""Training on a book's own past: what was known on past days, and who left within the year that followed.

The measures of the card come from the newest day, judged by a model that was trained only on days whose outcomes were
all in by then. The model that is put to use learns from every day.
"""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from customers.engine.churn.backtest import check_classes, model_predictor
from customers.engine.churn.card import Feature, check_history
from customers.engine.churn.measures import CalibrationBin, Measures, brier, calibration_bins, measure
from customers.engine.churn.model import ChurnModel
from customers.engine.churn.reading import Columns, Table, read_table
from customers.engine.churn.scorecard_table import scorecard_probability, scorecard_table
from customers.engine.churn.training import fit_table

HORIZON = dt.timedelta(days=365)


@dataclass(frozen=True)
class HistoryCard:
    """What a model learned from and how good it was on accounts of a later day.

    `rows` counts an account once for each past day. `model`, `scorecard` (None where it knows too little) and
    `base_brier` are measured on the same `tested` accounts.
    """

    trained_on: dt.date
    days: tuple[dt.date, ...]
    rows: int
    churned: int
    tested_on: dt.date
    tested: int
    tested_churned: int
    model: Measures
    scorecard: Measures | None
    base_brier: float
    calibration: tuple[CalibrationBin, ...]
    features: tuple[Feature, ...]
    ignored: dict[str, str]

    @property
    def worth_using(self) -> bool:
        """Whether the model's errors were smaller than those of the scorecard and of the base rate."""
        rivals = [self.base_brier, *([self.scorecard.brier] if self.scorecard else [])]
        return self.model.brier < min(rivals)

    def as_json(self) -> dict[str, Any]:
        """The card in plain values, dates in ISO form."""
        return {
            **asdict(self),
            "trained_on": self.trained_on.isoformat(),
            "tested_on": self.tested_on.isoformat(),
            "days": [day.isoformat() for day in self.days],
        }


def train_on_history(
    columns: Columns, churned: NDArray[np.bool_], days: NDArray[np.datetime64], *, trained_on: dt.date
) -> tuple[ChurnModel, HistoryCard]:
    """Train on n rows: what was known (`columns`) on a day (datetime64[n]), and whether the account left within a year.

    Raises:
        TooLittleHistoryError: fewer than 200 rows before the newest day's year, or fewer than 40 that left or stayed;
            or fewer than ten of either on the newest day.
    """
    newest = days.max() if len(days) else np.datetime64(trained_on)
    past = np.flatnonzero(days <= newest - np.timedelta64(HORIZON))
    last = np.flatnonzero(days == newest)
    check_history(churned[past])
    check_classes(churned[last])
    table = read_table(columns)
    probability = model_predictor(table.take(past), churned[past], table.take(last))
    model = fit_table(table, churned)
    card = HistoryCard(
        trained_on=trained_on,
        days=tuple(day.item() for day in np.unique(days)),
        rows=len(churned),
        churned=int(churned.sum()),
        tested_on=newest.item(),
        tested=len(last),
        tested_churned=int(churned[last].sum()),
        model=measure(churned[last], probability),
        scorecard=_scorecard(columns, churned, past, last),
        base_brier=brier(churned[last], np.full(len(last), churned[past].mean())),
        calibration=calibration_bins(churned[last], probability),
        features=_features(model, table),
        ignored=model.ignored,
    )
    return model, card


def _scorecard(
    columns: Columns, churned: NDArray[np.bool_], past: NDArray[np.int64], last: NDArray[np.int64]
) -> Measures | None:
    table = scorecard_table(columns)
    if table is None:
        return None
    return measure(churned[last], scorecard_probability(table.take(past), churned[past], table.take(last)))


def _features(model: ChurnModel, table: Table) -> tuple[Feature, ...]:
    importance = np.abs(model.predict_table(table).contributions).mean(axis=0)
    features = [
        Feature(shape.name, shape.reading.kind, float(each))
        for shape, each in zip(model.shapes, importance, strict=True)
    ]
    return tuple(sorted(features, key=lambda feature: -feature.importance))
