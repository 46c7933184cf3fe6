"""The map of problems: laid out after every run, looked at with the figures of the latest ranking."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from insights.engine.mapping import positions
from insights.models import Problem, Ranking, Run
from insights.services.crowds import customers_among
from insights.services.placing import groups_of

BATCH = 500
# Bubbles on one map: more could not be told apart.
MOST = 500
TOP = 8
UNTHEMED = "No theme"
# Columns of a ranking's entry, as `landscape_of` reads them.
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Bubble:
    """A problem on the map. `x` and `y` in the unit square; `theme` is its place among the branches."""

    key: str
    title: str
    x: float
    y: float
    rank: int
    score: Decimal
    customers: int
    theme: int


@dataclass(frozen=True)
class Branch:
    """A theme with its problems, the best ranks first. Every customer of the theme is counted once."""

    name: str
    problems: int
    score: Decimal
    share: Decimal
    customers: int
    arr: Decimal
    top: Sequence[tuple[str, str, int, Decimal]]


@dataclass(frozen=True)
class Landscape:
    """The map and the tree of themes beside it; themes with the most demand first."""

    bubbles: Sequence[Bubble]
    branches: Sequence[Branch]
    # Problems that the next run puts on the map, and those beyond `MOST`.
    unmapped: int
    beyond: int


def problems_map(*, run: Run) -> int:
    """Lay out the live problems anew; answers how many are on the map."""
    ids, groups = groups_of(run)
    problems = Problem.objects.in_bulk(ids)
    before = np.array(
        [(np.nan, np.nan) if problems[pk].map_x is None else (problems[pk].map_x, problems[pk].map_y) for pk in ids],
        dtype=np.float32,
    ).reshape(len(ids), 2)
    for pk, (x, y) in zip(ids, positions(groups.sums, before).tolist(), strict=True):
        problems[pk].map_x, problems[pk].map_y = x, y
    Problem.objects.bulk_update(problems.values(), ["map_x", "map_y"], batch_size=BATCH)
    return len(ids)


def landscape_of(*, ranking: Ranking) -> Landscape:
    """The map and the themes of a snapshot, by the themes that problems are in now."""
    columns = (
        "problem_id", "problem__title", "problem__map_x", "problem__map_y", "rank", "score", "customers",
        "problem__theme__name", "receipt__packed_lines",
    )  # fmt: skip
    rows = list(ranking.entries.order_by("rank").values_list(*columns))
    total = sum((row[5] for row in rows), Decimal("0.00"))
    by_theme: dict[str, list[Row]] = {}
    for row in rows:
        by_theme.setdefault(row[7] or UNTHEMED, []).append(row)
    branches = sorted(
        (_branch(name, its, total) for name, its in by_theme.items()), key=lambda one: (-one.score, one.name)
    )
    place = {branch.name: number for number, branch in enumerate(branches)}
    mapped = [row for row in rows if row[2] is not None]
    bubbles = [
        Bubble(f"P-{pk}", title, x, y, rank, score, customers, place[theme or UNTHEMED])
        for pk, title, x, y, rank, score, customers, theme, _ in mapped[:MOST]
    ]
    return Landscape(bubbles, branches, len(rows) - len(mapped), max(len(mapped) - MOST, 0))


def _branch(name: str, rows: Sequence[Row], total: Decimal) -> Branch:
    score = sum((row[5] for row in rows), Decimal("0.00"))
    customers, arr = customers_among(bytes(row[8]) for row in rows)
    top = [(f"P-{row[0]}", row[1], row[4], row[5]) for row in rows[:TOP]]
    return Branch(name, len(rows), score, score / total if total else Decimal(0), customers, arr, top)
