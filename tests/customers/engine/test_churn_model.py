"""The churn model: contributions add up, unknown things weigh nothing, and it learns what there is to learn."""

import datetime as dt
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.engine.churn.backtest import cross_validated, logistic_regression, model_predictor
from customers.engine.churn.measures import auc, log_loss
from customers.engine.churn.model import ChurnModel
from customers.engine.churn.reading import read_table
from customers.engine.churn.training import TooLittleHistoryError, fit
from tests.customers.engine.churn_worlds import subscribers

COLUMNS, CHURNED = subscribers(1500)


@pytest.fixture(scope="module")
def model() -> ChurnModel:
    return fit(COLUMNS, CHURNED)


CELLS = st.none() | st.floats() | st.integers(-(10**6), 10**6) | st.text(max_size=6) | st.booleans() | st.dates()


@given(rows=st.lists(st.tuples(*[CELLS] * 6), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_contributions_and_base_add_up_to_the_log_odds_whatever_is_asked(
    model: ChurnModel, rows: list[tuple[Any, ...]]
) -> None:
    prediction = model.predict(dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True)))
    for row in range(len(rows)):
        total = prediction.base + math.fsum(prediction.contributions[row])
        chance = prediction.probability[row]
        assert 0 < chance < 1
        assert math.isclose(total, math.log(chance / (1 - chance)), rel_tol=1e-9, abs_tol=1e-9)
        assert math.isclose(total, prediction.log_odds[row], rel_tol=1e-9, abs_tol=1e-9)


def test_probabilities_add_up_to_the_number_that_left(model: ChurnModel) -> None:
    assert model.predict(COLUMNS).probability.sum() == pytest.approx(CHURNED.sum(), abs=1e-6)


def test_contributions_of_each_column_average_zero_over_the_training_table(model: ChurnModel) -> None:
    assert np.abs(model.predict(COLUMNS).contributions.mean(axis=0)).max() < 1e-9


def test_a_blank_that_training_never_saw_contributes_nothing_and_one_that_it_saw_does(model: ChurnModel) -> None:
    prediction = model.predict({**{name: [None] for name in COLUMNS}})
    points = dict(zip(prediction.columns, prediction.contributions[0], strict=True))
    assert points["tenure"] == points["plan"] == points["noise"] == 0
    assert points["survey"] > 0.3


def test_an_unseen_category_contributes_nothing(model: ChurnModel) -> None:
    prediction = model.predict({"plan": ["Galactic", "basic"]})
    points = prediction.contributions[:, prediction.columns.index("plan")]
    assert points[0] == 0
    assert points[1] > 0.1


def test_new_columns_are_passed_over_and_missing_ones_read_as_blank(model: ChurnModel) -> None:
    asked: dict[str, list[Any]] = {"tenure": [3, 40], "moon phase": ["full", "new"]}
    blank: dict[str, list[Any]] = {name: [None, None] for name in COLUMNS}
    assert np.array_equal(model.predict(asked).log_odds, model.predict({**blank, "tenure": [3, 40]}).log_odds)


def test_a_pair_that_only_counts_together_is_found_and_shared_by_its_columns(model: ChurnModel) -> None:
    assert {(model.shapes[pair.a].name, model.shapes[pair.b].name) for pair in model.terms.pairs} == {("left", "right")}
    together = model.predict({"left": ["a", "a"], "right": ["x", "y"]})
    assert together.log_odds[0] > together.log_odds[1] + 1


def test_a_table_of_noise_gives_everybody_the_base_rate_and_says_why() -> None:
    model = fit(COLUMNS, np.random.default_rng(0).permutation(CHURNED))
    assert model.predict(COLUMNS).probability == pytest.approx(np.full(1500, CHURNED.mean()))
    assert model.ignored == dict.fromkeys(COLUMNS, "nothing in the table stands out from chance")


def test_it_beats_a_plain_logistic_regression_where_the_world_bends() -> None:
    table = read_table(COLUMNS)
    ours, plain = (cross_validated(table, CHURNED, each) for each in (model_predictor, logistic_regression))
    assert auc(CHURNED, ours) > auc(CHURNED, plain) + 0.05
    assert log_loss(CHURNED, ours) < log_loss(CHURNED, plain) - 0.05


def test_training_twice_gives_the_same_model(model: ChurnModel) -> None:
    assert np.array_equal(fit(COLUMNS, CHURNED).predict(COLUMNS).log_odds, model.predict(COLUMNS).log_odds)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([None] * 300, "every value is blank"),
        ([7] * 300, "every value is the same"),
        (["same"] * 300, "every value is the same"),
        ([f"C-{n}" for n in range(300)], "no value is shared by 5 accounts, as in an id"),
    ],
)
def test_columns_that_cannot_tell_accounts_apart_are_left_out_with_a_reason(values: list[Any], reason: str) -> None:
    columns, churned = subscribers(300)
    model = fit({**columns, "odd": values}, churned)
    assert model.ignored == {"odd": reason}


def test_a_table_without_any_fact_gives_the_base_rate() -> None:
    churned = np.arange(100) < 25
    prediction = fit({"id": [f"C-{n}" for n in range(100)]}, churned).predict({"id": ["C-1", "new"]})
    assert prediction.probability == pytest.approx([0.25, 0.25])


def test_a_value_that_is_there_or_not_counts_by_being_there() -> None:
    churned = np.arange(400) % 4 == 0
    model = fit({"cancelled flag": [1 if left else None for left in churned]}, churned)
    there, not_there = model.predict({"cancelled flag": [1, None]}).probability
    assert there > 0.9
    assert not_there < 0.1


def test_perfect_separation_neither_escapes_nor_breaks_the_sum() -> None:
    churned = np.arange(300) % 3 == 0
    prediction = fit({"leak": churned.astype(int).tolist()}, churned).predict({"leak": [0, 1]})
    assert np.abs(prediction.log_odds).max() < 20
    assert prediction.probability[1] > 0.95
    assert prediction.probability[0] < 0.05


def test_dates_and_numbers_as_text_are_read_as_such() -> None:
    churned = np.arange(400) < 150
    days = [(dt.date(2024, 1, 1) + dt.timedelta(days=n)) for n in range(400)]
    columns = {"since": [day.strftime("%d.%m.%Y") for day in days], "fee": [f"{n},50" for n in range(400)]}
    model = fit(columns, churned)
    assert {shape.name: shape.reading.kind for shape in model.shapes} == {"since": "date", "fee": "number"}
    early, late = model.predict({"since": ["05.01.2024", days[-1].strftime("%d.%m.%Y")]}).probability
    assert early > late


@pytest.mark.parametrize("everybody", [True, False])
def test_one_outcome_only_is_refused(*, everybody: bool) -> None:
    with pytest.raises(TooLittleHistoryError, match="some that left and some that stayed"):
        fit({"a": list(range(50))}, np.full(50, everybody))


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="equally long"):
        fit({"a": [1, 2], "b": [1]}, np.array([True, False]))
    with pytest.raises(ValueError, match="do not fit a table of 2 rows"):
        fit({"a": [1, 2]}, np.array([True]))
