"""What a column offers the model: knots and steps of a number, levels of a category."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from customers.engine.churn.reading import Column, Reading, Table

KNOTS, KNOTS_OF_WIDE_TABLES, WIDE = 12, 8, 30
STEPS = 48
# A level that fewer accounts share is read as "another level"; it could only be learnt by heart.
RAREST, LEVELS = 5, 60
PAIR_BINS, PAIR_LEVELS = 5, 6

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class NumberShape:
    """A number or date: ascending knots between which its curve is linear, and edges between its steps.

    `cuts` are the coarser edges by which it meets another column in a pair; `centre` and `spread` its mean and
    standard deviation in training.
    """

    name: str
    reading: Reading
    centre: float
    spread: float
    knots: tuple[float, ...]
    edges: tuple[float, ...]
    cuts: tuple[float, ...]

    @property
    def pair_size(self) -> int:
        """How many codes `pair_codes` may answer."""
        return len(self.cuts) + 2

    def pair_codes(self, values: NDArray[Any]) -> Codes:
        """0 for blank, then the coarse bin counted from 1. float64[n] → int64[n]."""
        return np.where(np.isnan(values), 0, 1 + np.searchsorted(self.cuts, values, side="right"))

    def steps(self, values: NDArray[Any]) -> Codes:
        """The number of the step, from 0. Blanks fall on the last one. float64[n] → int64[n]."""
        return np.searchsorted(self.edges, values, side="right")


@dataclass(frozen=True)
class CategoryShape:
    """A category: its levels, the most frequent first."""

    name: str
    reading: Reading
    levels: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many codes `codes` may answer: blank, the levels, another level."""
        return len(self.levels) + 2

    @property
    def pair_size(self) -> int:
        """How many codes `pair_codes` may answer."""
        return min(self.size, PAIR_LEVELS + 2)

    def codes(self, values: NDArray[Any]) -> Codes:
        """0 for blank, the level counted from 1, or the last code for a rare or unseen level. str[n] → int64[n]."""
        numbers = {"": 0, **{level: number for number, level in enumerate(self.levels, start=1)}}
        found, inverse = np.unique(values, return_inverse=True)
        codes = np.array([numbers.get(str(level), self.size - 1) for level in found], dtype=np.int64)
        return codes[inverse] if len(values) else np.empty(0, dtype=np.int64)

    def pair_codes(self, values: NDArray[Any]) -> Codes:
        """As `codes`, with all but the most frequent levels as one. str[n] → int64[n]."""
        return np.minimum(self.codes(values), self.pair_size - 1)


Shape = NumberShape | CategoryShape


def shapes_of(table: Table) -> tuple[tuple[Shape, ...], dict[str, str]]:
    """The shapes of the columns that can tell accounts apart, and why each of the others was left out."""
    knots = KNOTS_OF_WIDE_TABLES if sum(c.reading.kind != "category" for c in table.columns) > WIDE else KNOTS
    shapes: list[Shape] = []
    ignored: dict[str, str] = {}
    for column in table.columns:
        shape = _category(column) if column.reading.kind == "category" else _number(column, knots)
        if isinstance(shape, str):
            ignored[column.name] = shape
        else:
            shapes.append(shape)
    return tuple(shapes), ignored


def _number(column: Column, most_knots: int) -> NumberShape | str:
    known = column.values[~np.isnan(column.values)]
    distinct = np.unique(known)
    if not len(known):
        return "every value is blank"
    if len(distinct) == 1 and len(known) == len(column.values):
        return "every value is the same"
    if len(distinct) == 1:
        # A value that is there or not: what counts is the blank, so the curve is flat.
        only = float(distinct[0])
        return NumberShape(column.name, column.reading, only, 1.0, (only, float(np.nextafter(only, np.inf))), (), ())
    return NumberShape(
        name=column.name,
        reading=column.reading,
        centre=float(known.mean()),
        spread=float(known.std()),
        knots=_floats(distinct if len(distinct) <= most_knots else _quantiles(known, np.linspace(0, 1, most_knots))),
        edges=_edges(known, distinct, STEPS),
        cuts=_edges(known, distinct, PAIR_BINS),
    )


def _edges(known: NDArray[np.float64], distinct: NDArray[np.float64], bins: int) -> tuple[float, ...]:
    if len(distinct) <= bins:
        return _floats((distinct[1:] + distinct[:-1]) / 2)
    return _floats(_quantiles(known, np.linspace(0, 1, bins + 1)[1:-1]))


def _quantiles(known: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.unique(np.quantile(known, at))


def _floats(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _category(column: Column) -> CategoryShape | str:
    levels, counts = np.unique(column.values, return_counts=True)
    if len(levels) == 1:
        return "every value is blank" if levels[0] == "" else "every value is the same"
    order = np.lexsort((levels, -counts))
    kept = [str(levels[i]) for i in order if levels[i] != "" and counts[i] >= RAREST][:LEVELS]
    if not kept and "" not in levels:
        return f"no value is shared by {RAREST} accounts, as in an id"
    return CategoryShape(column.name, column.reading, tuple(kept))
