"""Reading tables of any make: kinds, blanks, ways of writing numbers and dates."""

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.engine.churn.encoding import shapes_of
from customers.engine.churn.reading import Reading, read_as, read_table


@pytest.mark.parametrize(
    ("cells", "reading", "values"),
    [
        (["1", "2.5", "-3e2", "+4"], Reading("number"), [1, 2.5, -300, 4]),
        (["$1,234.50", "12%", "€ 7", "N/A"], Reading("number"), [1234.5, 12, 7, None]),
        (["1.234,50", "12,5", "7"], Reading("number", ","), [1234.5, 12.5, 7]),
        ([1, 2.5, Decimal("3.25"), None], Reading("number"), [1, 2.5, 3.25, None]),
        ([float("inf"), 1.0, 2.0] + [3.0] * 97, Reading("number"), [None, 1, 2] + [3] * 97),
        (["1e999"] + ["5"] * 99, Reading("number"), [None] + [5] * 99),
        (["2026-03-31", "2026-04-01T09:00:00Z", ""], Reading("date", "iso"), ["2026-03-31", "2026-04-01", None]),
        (["31.03.2026", "01.04.2026"], Reading("date", "%d.%m.%Y"), ["2026-03-31", "2026-04-01"]),
        (["31/03/2026", "01/04/2026"], Reading("date", "%d/%m/%Y"), ["2026-03-31", "2026-04-01"]),
        (["03/31/2026", "04/01/2026"], Reading("date", "%m/%d/%Y"), ["2026-03-31", "2026-04-01"]),
        ([dt.date(2026, 3, 31), None], Reading("date", "iso"), ["2026-03-31", None]),
    ],
)
def test_numbers_and_dates_are_told_and_read(cells: list[Any], reading: Reading, values: list[Any]) -> None:
    column = read_table({"c": cells}).columns[0]
    assert column.reading == reading
    expected = [
        np.nan if value is None else dt.date.fromisoformat(value).toordinal() if isinstance(value, str) else value
        for value in values
    ]
    assert np.array_equal(column.values, np.array(expected, dtype=float), equal_nan=True)


@pytest.mark.parametrize(
    "cells", [["a", "b"], ["12 months", "1 year"], [True, False], ["", None], ["1.2.3", "4"], ["٣", "٤"]]
)
def test_everything_else_is_a_category(cells: list[Any]) -> None:
    assert read_table({"c": cells}).columns[0].reading == Reading("category")


def test_categories_are_compared_without_case_and_doubled_spaces_and_only_empty_is_blank() -> None:
    values = read_table({"c": ["Month  to month", "month to MONTH ", "None", "", None, float("nan")]}).columns[0].values
    assert values.tolist() == ["month to month", "month to month", "none", "", "", ""]


def test_a_stray_word_among_numbers_reads_as_blank() -> None:
    column = read_table({"c": [*map(str, range(99)), "n.k."]}).columns[0]
    assert column.reading == Reading("number")
    assert np.isnan(column.values[-1])


def test_a_second_table_is_read_the_way_of_the_first() -> None:
    table = read_as(
        {"fee": ["1,5", "n.k."], "new": ["x", "y"]}, {"fee": Reading("number", ","), "gone": Reading("category")}
    )
    assert [column.name for column in table.columns] == ["fee", "gone"]
    assert np.array_equal(table.columns[0].values, [1.5, np.nan], equal_nan=True)
    assert table.columns[1].values.tolist() == ["", ""]


CELLS = st.none() | st.floats() | st.integers() | st.text(max_size=12) | st.booleans() | st.dates() | st.decimals()


@given(st.lists(CELLS, min_size=1, max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_column_is_read_and_shaped_or_left_out_with_a_reason(cells: list[Any]) -> None:
    table = read_table({"c": cells})
    shapes, ignored = shapes_of(table)
    assert len(shapes) + len(ignored) == 1
    for shape in shapes:
        codes = shape.pair_codes(table.columns[0].values)
        assert 0 <= codes.min() <= codes.max() < shape.pair_size
