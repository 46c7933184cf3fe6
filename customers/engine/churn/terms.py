"""Tables of points: what every column and pair adds to the log-odds. Members of an ensemble are averaged as tables."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from customers.engine.churn.encoding import CategoryShape, NumberShape, Shape
from customers.engine.churn.reading import Table

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class NumberTerm:
    """Points at the knots (float64[k], linear between them) plus points of the step (float64[s]); or those of blank."""

    curve: Floats
    steps: Floats
    blank: float

    def points(self, shape: NumberShape, values: Floats) -> Floats:
        """float64[n] → float64[n]."""
        blank = np.isnan(values)
        known = np.where(blank, shape.knots[0], values)
        return np.where(blank, self.blank, np.interp(known, shape.knots, self.curve) + self.steps[shape.steps(known)])


@dataclass(frozen=True)
class CategoryTerm:
    """Points of every code of the category, float64[size]."""

    levels: Floats


@dataclass(frozen=True)
class PairTerm:
    """Points of every cell of the grid of two columns, given by their numbers; float64[size of a, size of b]."""

    a: int
    b: int
    cells: Floats


Term = NumberTerm | CategoryTerm


@dataclass(frozen=True)
class Terms:
    """One term a column, and those of pairs."""

    columns: tuple[Term, ...]
    pairs: tuple[PairTerm, ...] = ()

    def points(self, shapes: tuple[Shape, ...], table: Table) -> Floats:
        """Points of every column for every row, float64[n, columns]; those of a pair go half to each of its two."""
        points = np.zeros((table.rows, len(shapes)))
        for number, (shape, term, column) in enumerate(zip(shapes, self.columns, table.columns, strict=True)):
            points[:, number] = _column_points(shape, term, column.values)
        codes = {
            number: shapes[number].pair_codes(table.columns[number].values)
            for number in {number for pair in self.pairs for number in (pair.a, pair.b)}
        }
        for pair in self.pairs:
            half = pair.cells[codes[pair.a], codes[pair.b]] / 2
            points[:, pair.a] += half
            points[:, pair.b] += half
        return points


def averaged(first: Terms, second: Terms, share: float) -> Terms:
    """(1 - share) of the first and `share` of the second, which has no pairs, table by table."""
    pairs = tuple(replace(pair, cells=pair.cells * (1 - share)) for pair in first.pairs)
    columns = (_mixed(one, two, share) for one, two in zip(first.columns, second.columns, strict=True))
    return Terms(tuple(columns), pairs)


def centred(terms: Terms, shapes: tuple[Shape, ...], table: Table) -> Terms:
    """Shift every table so that its points average 0 over these rows; what none of them shows gets exactly 0."""
    columns = tuple(
        _centred_column(shape, term, column.values)
        for shape, term, column in zip(shapes, terms.columns, table.columns, strict=True)
    )
    pairs = []
    for pair in terms.pairs:
        codes = [shapes[number].pair_codes(table.columns[number].values) for number in (pair.a, pair.b)]
        seen = np.zeros(pair.cells.shape)
        np.add.at(seen, (codes[0], codes[1]), 1)
        mean = float((pair.cells * seen).sum() / seen.sum())
        pairs.append(replace(pair, cells=np.where(seen > 0, pair.cells - mean, 0.0)))
    return Terms(columns, tuple(pairs))


def _column_points(shape: Shape, term: Term, values: NDArray[np.float64]) -> Floats:
    if isinstance(shape, NumberShape) and isinstance(term, NumberTerm):
        return term.points(shape, values)
    if isinstance(shape, CategoryShape) and isinstance(term, CategoryTerm):
        return term.levels[shape.codes(values)]
    raise TypeError(f"The term of {shape.name} is a {type(term).__name__}, which does not fit its shape.")


def _mixed(first: Term, second: Term, share: float) -> Term:
    if isinstance(first, NumberTerm) and isinstance(second, NumberTerm):
        return NumberTerm(
            curve=(1 - share) * first.curve + share * second.curve,
            steps=(1 - share) * first.steps + share * second.steps,
            blank=(1 - share) * first.blank + share * second.blank,
        )
    if isinstance(first, CategoryTerm) and isinstance(second, CategoryTerm):
        return CategoryTerm((1 - share) * first.levels + share * second.levels)
    raise TypeError("Only terms of the same columns can be averaged.")


def _centred_column(shape: Shape, term: Term, values: NDArray[np.float64]) -> Term:
    mean = float(_column_points(shape, term, values).mean())
    if isinstance(term, NumberTerm):
        blank = term.blank - mean if np.isnan(values).any() else 0.0
        return replace(term, curve=term.curve - mean, blank=blank)
    assert isinstance(shape, CategoryShape)  # noqa: S101 (the points above have checked it)
    seen = np.bincount(shape.codes(values), minlength=shape.size) > 0
    return CategoryTerm(np.where(seen, term.levels - mean, 0.0))
