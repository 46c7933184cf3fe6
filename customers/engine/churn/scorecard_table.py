"""The scorecard over a whole table, so that it can be tested on the same accounts as a model."""

from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from customers.engine.churn.outcomes import LEFT, STAYED
from customers.engine.churn.reading import Column, Columns, Reading, Table, read_as
from customers.engine.churn.scorecard import Facts, fields_of, score

FEWEST_FIELDS = 2
WORDS = {"contract", "sponsor_left"}


def scorecard_table(columns: Columns) -> Table | None:
    """The columns that the scorecard judges, under the names of `Facts`; None when it knows fewer than two of them."""
    found = fields_of(columns)
    if len(found) < FEWEST_FIELDS:
        return None
    readings = {name: Reading("category" if field in WORDS else "number") for field, name in found.items()}
    read = read_as(columns, readings)
    renamed = (Column(field, each.reading, each.values) for field, each in zip(found, read.columns, strict=True))
    return Table(tuple(renamed), read.rows)


def scorecard_probability(
    train: Table,  # noqa: ARG001 (a predictor like the others; a scorecard learns nothing but the base rate)
    churned: NDArray[np.bool_],
    test: Table,
) -> NDArray[np.float64]:
    """The scorecard on the base rate of `churned`, for tables from `scorecard_table`. An account of which nothing is
    known gets the base rate."""
    base = float(churned.mean())
    by_field = {column.name: column.values for column in test.columns}
    known = [field.name for field in fields(Facts) if field.name in by_field]
    judged = (
        score(Facts(**{field: _fact(field, by_field[field][row]) for field in known}), base=base)
        for row in range(test.rows)
    )
    return np.array([base if scored is None else scored.risk for scored in judged])


def _fact(field: str, value: Any) -> Any:
    if field == "sponsor_left":
        return True if value in LEFT else False if value in STAYED else None
    if field == "contract":
        return str(value) or None
    return None if np.isnan(value) else float(value)
