"""Backtests, cards and refusals: what is reported was measured on accounts that the model had not seen."""

import datetime as dt
import json

import numpy as np
import pytest
from numpy.typing import NDArray

from customers.engine.churn.backtest import cross_validated, logistic_regression, model_predictor, time_split
from customers.engine.churn.card import check_history, train
from customers.engine.churn.measures import auc
from customers.engine.churn.outcomes import OutcomeError, read_outcomes
from customers.engine.churn.reading import Table, read_table
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


def test_the_card_says_what_was_learnt_and_how_well() -> None:
    done: list[int] = []
    trained = train(
        {**COLUMNS, "constant": ["x"] * 600},
        CHURNED,
        trained_on=dt.date(2026, 11, 1),
        progress=lambda: done.append(1),
    )
    card = trained.card
    assert (card.accounts, card.churned, card.folds, len(done)) == (600, CHURNED.sum(), 5, 6)
    assert card.ignored == {"constant": "every value is the same"}
    importance = {feature.name: feature.importance for feature in card.features}
    assert set(importance) == set(COLUMNS)
    assert importance["noise"] == min(importance.values()) < importance["left"]
    assert list(importance.values()) == sorted(importance.values(), reverse=True)
    unseen = cross_validated(TABLE, CHURNED, model_predictor)
    assert card.auc == pytest.approx(auc(CHURNED, unseen))
    assert sum(each.accounts for each in card.calibration) == 600
    document = json.loads(card.dumps())
    assert document["trained_on"] == "2026-11-01"
    assert document["features"][0]["kind"] in {"number", "category"}


def test_a_split_by_time_trains_on_the_past_and_tests_on_the_rest() -> None:
    dates = np.array(["2026-01-01", "2026-06-01"], dtype="datetime64[D]").repeat([400, 200])
    split = time_split(TABLE, CHURNED, dates, np.datetime64("2026-06-01"))
    assert (split.trained, split.tested, split.churned) == (400, 200, CHURNED[400:].sum())
    expected = model_predictor(TABLE.take(np.arange(400)), CHURNED[:400], TABLE.take(np.arange(400, 600)))
    assert split.measures.auc == auc(CHURNED[400:], expected)


@pytest.mark.parametrize(("cutoff", "side"), [("2025-01-01", "before"), ("2027-01-01", "from 2027-01-01 on")])
def test_a_split_with_an_empty_side_says_which(cutoff: str, side: str) -> None:
    dates = np.full(600, np.datetime64("2026-01-01"))
    with pytest.raises(TooLittleHistoryError, match=f"Of the rows {side}"):
        time_split(TABLE, CHURNED, dates, np.datetime64(cutoff))


def test_outcomes_are_read_in_any_case_and_others_refused_with_their_place() -> None:
    texts = ["Yes", "no", "TRUE", "false", "1", "0", " Churned ", "ACTIVE"]
    assert read_outcomes(texts).tolist() == [True, False] * 4
    with pytest.raises(OutcomeError, match="'maybe' is not one of yes/no") as caught:
        read_outcomes(["yes", "maybe"])
    assert caught.value.place == 1
