"""Backtests, cards and refusals: what is reported was measured on accounts that the model had not seen."""

import datetime as dt
import json

import numpy as np
import pytest
from numpy.typing import NDArray

from customers.engine.churn.backtest import cross_validated, logistic_regression, model_predictor
from customers.engine.churn.card import check_history
from customers.engine.churn.history import train_on_history
from customers.engine.churn.measures import auc
from customers.engine.churn.outcomes import OutcomeError, read_outcomes
from customers.engine.churn.reading import Columns, Table, read_table
from customers.engine.churn.training import TooLittleHistoryError
from tests.customers.engine.churn_worlds import subscribers

COLUMNS, CHURNED = subscribers(600)
TABLE = read_table(COLUMNS)


def _counted(left: int, stayed: int) -> NDArray[np.bool_]:
    return np.arange(left + stayed) < left


def test_no_account_is_judged_by_a_model_that_has_seen_it() -> None:
    columns = {"row": list(range(600))}
    judged: list[float] = []

    def spy(train: Table, churned: NDArray[np.bool_], test: Table) -> NDArray[np.float64]:
        known, asked = train.columns[0].values, test.columns[0].values
        assert not set(known) & set(asked)
        assert len(known) + len(asked) == 600
        assert np.array_equal(churned, CHURNED[known.astype(int)])
        judged.extend(asked)
        return asked / 600

    done: list[int] = []
    probability = cross_validated(read_table(columns), CHURNED, spy, progress=lambda: done.append(1))
    assert sorted(judged) == list(range(600))
    assert np.array_equal(probability, np.arange(600) / 600)
    assert len(done) == 5


def test_the_plain_regression_handles_blanks_unseen_levels_and_empty_tables() -> None:
    columns = {"plan": [f"p{n % 7}" if n % 3 else None for n in range(100)], "fee": [None, *range(99)]}
    table = read_table(columns)
    churned = np.arange(100) % 4 == 0
    probability = logistic_regression(table.take(np.arange(60)), churned[:60], table.take(np.arange(60, 100)))
    assert ((probability > 0) & (probability < 1)).all()
    assert np.array_equal(logistic_regression(Table((), 4), _counted(1, 3), Table((), 2)), [0.25, 0.25])


@pytest.mark.parametrize(("left", "stayed"), [(9, 100), (100, 9), (0, 50)])
def test_a_backtest_of_fewer_than_ten_of_a_kind_is_refused(left: int, stayed: int) -> None:
    with pytest.raises(TooLittleHistoryError, match=f"{left} accounts left and {stayed} stayed"):
        cross_validated(Table((), left + stayed), _counted(left, stayed), model_predictor)


@pytest.mark.parametrize(("left", "stayed"), [(39, 400), (400, 39), (99, 100), (0, 0)])
def test_too_little_history_for_a_model_is_refused_with_the_numbers(left: int, stayed: int) -> None:
    with pytest.raises(TooLittleHistoryError, match=f"{left + stayed} accounts, of which {left} left.*200 accounts"):
        check_history(_counted(left, stayed))


def test_two_hundred_accounts_with_forty_of_each_kind_are_enough() -> None:
    check_history(_counted(40, 160))
    check_history(_counted(160, 40))


def test_a_card_on_history_is_measured_on_a_later_day_that_training_had_not_seen() -> None:
    columns: Columns = {**COLUMNS, "constant": ["x"] * 600}
    days = np.array(["2024-01-01", "2025-01-01"], dtype="datetime64[D]").repeat([400, 200])
    model, card = train_on_history(columns, CHURNED, days, trained_on=dt.date(2026, 11, 1))
    unseen = model_predictor(TABLE.take(np.arange(400)), CHURNED[:400], TABLE.take(np.arange(400, 600)))
    assert card.model.auc == auc(CHURNED[400:], unseen)
    assert (card.rows, card.tested, card.tested_churned) == (600, 200, CHURNED[400:].sum())
    assert card.ignored == model.ignored == {"constant": "every value is the same"}
    importance = [feature.importance for feature in card.features]
    assert {feature.name for feature in card.features} == set(COLUMNS)
    assert importance == sorted(importance, reverse=True)
    assert sum(each.accounts for each in card.calibration) == 200
    assert json.loads(json.dumps(card.as_json()))["tested_on"] == "2025-01-01"


def test_days_whose_outcomes_were_not_in_by_the_test_are_not_trained_on() -> None:
    days = np.array(["2024-01-01", "2024-06-01"], dtype="datetime64[D]").repeat([400, 200])
    with pytest.raises(TooLittleHistoryError, match="0 accounts"):
        train_on_history(COLUMNS, CHURNED, days, trained_on=dt.date(2026, 11, 1))


def test_outcomes_are_read_in_any_case_and_others_refused_with_their_place() -> None:
    texts = ["Yes", "no", "TRUE", "false", "1", "0", " Churned ", "ACTIVE"]
    assert read_outcomes(texts).tolist() == [True, False] * 4
    with pytest.raises(OutcomeError, match="'maybe' is not one of yes/no") as caught:
        read_outcomes(["yes", "maybe"])
    assert caught.value.place == 1
