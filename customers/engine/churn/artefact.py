"""The trained model as a plain JSON document, and back. Nothing in it can run."""

import json
import math
from itertools import pairwise
from typing import Any

import numpy as np

from customers.engine.churn.encoding import CategoryShape, NumberShape, Shape
from customers.engine.churn.model import ChurnModel
from customers.engine.churn.reading import DATE_FORMS, Reading
from customers.engine.churn.terms import CategoryTerm, NumberTerm, PairTerm, Term, Terms

FORMAT, VERSION = "heard churn model", 1
FORMS = {"number": ("", ","), "date": DATE_FORMS}


class ArtefactError(ValueError):
    """A document that is not a churn model that this version can read. The text says what is wrong."""


def dumps(model: ChurnModel) -> str:
    """The model as JSON text. Reading it back gives the same predictions to the last bit."""
    columns = [_written(shape, term) for shape, term in zip(model.shapes, model.terms.columns, strict=True)]
    pairs = [{"columns": [pair.a, pair.b], "points": pair.cells.tolist()} for pair in model.terms.pairs]
    document = {
        "format": FORMAT,
        "version": VERSION,
        "base": model.base,
        "columns": columns,
        "pairs": pairs,
        "ignored": model.ignored,
    }
    return json.dumps(document, allow_nan=False)


def loads(text: str) -> ChurnModel:
    """Read what `dumps` wrote.

    Raises:
        ArtefactError: not JSON, another format or version, or a part that is missing or does not fit the others.
    """
    try:
        document = json.loads(text)
    except ValueError as error:
        raise ArtefactError(f"The churn model is not JSON ({error}). Train it again.") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ArtefactError(f"The document is not a churn model: its format should be {FORMAT!r}.")
    if document.get("version") != VERSION:
        raise ArtefactError(
            f"The churn model has version {document.get('version')!r}; this program reads {VERSION}. Train it again."
        )
    try:
        return _model(document)
    except (KeyError, TypeError, ValueError, IndexError, OverflowError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise ArtefactError(f"The churn model is damaged ({reason}). Restore it, or train it again.") from None


def _written(shape: Shape, term: Term) -> dict[str, Any]:
    head = {"name": shape.name, "kind": shape.reading.kind}
    if isinstance(shape, CategoryShape) and isinstance(term, CategoryTerm):
        return {**head, "levels": list(shape.levels), "points": term.levels.tolist()}
    if isinstance(shape, NumberShape) and isinstance(term, NumberTerm):
        return {
            **head,
            "form": shape.reading.form,
            "centre": shape.centre,
            "spread": shape.spread,
            "knots": list(shape.knots),
            "curve": term.curve.tolist(),
            "edges": list(shape.edges),
            "steps": term.steps.tolist(),
            "blank": term.blank,
            "cuts": list(shape.cuts),
        }
    raise TypeError(f"The term of {shape.name} does not fit its shape.")


def _model(document: dict[str, Any]) -> ChurnModel:
    read = [_read(column) for column in document["columns"]]
    shapes = tuple(shape for shape, _ in read)
    _demand(len({shape.name for shape in shapes}) == len(shapes), "a column comes twice")
    ignored = document["ignored"]
    _demand(isinstance(ignored, dict), "'ignored' is not an object")
    return ChurnModel(
        base=_number(document["base"]),
        shapes=shapes,
        terms=Terms(tuple(term for _, term in read), tuple(_pair(pair, shapes) for pair in document["pairs"])),
        ignored={str(name): str(reason) for name, reason in ignored.items()},
    )


def _read(column: dict[str, Any]) -> tuple[Shape, Term]:
    name, kind = column["name"], column["kind"]
    _demand(isinstance(name, str), "a column has no name")
    if kind == "category":
        levels = tuple(column["levels"])
        _demand(all(isinstance(level, str) for level in levels), f"the levels of {name!r} are not texts")
        shape = CategoryShape(name, Reading("category"), levels)
        return shape, CategoryTerm(np.array(_numbers(column["points"], shape.size)))
    _demand(kind in FORMS and column["form"] in FORMS[kind], f"{name!r} is of an unknown kind")
    knots, edges, cuts = (_ascending(column[part], name) for part in ("knots", "edges", "cuts"))
    _demand(len(knots) > 1, f"{name!r} has fewer than two knots")
    number = NumberShape(
        name=name,
        reading=Reading(kind, column["form"]),
        centre=_number(column["centre"]),
        spread=_number(column["spread"]),
        knots=knots,
        edges=edges,
        cuts=cuts,
    )
    curve, steps = _numbers(column["curve"], len(knots)), _numbers(column["steps"], len(edges) + 1)
    return number, NumberTerm(np.array(curve), np.array(steps), _number(column["blank"]))


def _pair(pair: dict[str, Any], shapes: tuple[Shape, ...]) -> PairTerm:
    a, b = pair["columns"]
    _demand(isinstance(a, int) and isinstance(b, int) and 0 <= a < b < len(shapes), "a pair names no two columns")
    rows = pair["points"]
    _demand(len(rows) == shapes[a].pair_size, "a pair has a grid of another size")
    return PairTerm(a, b, np.array([_numbers(row, shapes[b].pair_size) for row in rows]))


def _number(value: object) -> float:
    _demand(isinstance(value, int | float) and not isinstance(value, bool), f"{value!r} is not a number")
    number = float(value)  # type: ignore[arg-type]
    _demand(math.isfinite(number), f"{value!r} is not finite")
    return number


def _numbers(values: list[object], length: int) -> list[float]:
    _demand(len(values) == length, f"{len(values)} points where {length} belong")
    return [_number(value) for value in values]


def _ascending(values: list[object], name: str) -> tuple[float, ...]:
    numbers = tuple(_number(value) for value in values)
    _demand(all(a < b for a, b in pairwise(numbers)), f"the places of {name!r} do not ascend")
    return numbers


def _demand(condition: bool, complaint: str) -> None:  # noqa: FBT001
    if not condition:
        raise ValueError(complaint)
