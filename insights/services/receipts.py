"""Checking receipts: every figure of the current ranking worked out again, along a path of its own.

Nothing here is shared with the code that made the figures: a fault there must not hide itself. What a what-if of the
same terms says is held against them too.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from insights.models import Ranking, RankingEntry, ReceiptLine
from insights.services.snapshots import weights_of
from insights.services.what_if import Terms, what_if

CENT, MILLIONTH = Decimal("0.01"), Decimal("0.000001")
# Twice the digits that the score was computed with, so that rounding here settles no doubt there.
DIGITS = 56
CHUNK = 200


@dataclass(frozen=True)
class WrongFigure:
    """A figure that does not follow from the others. `line` is the customer's name, None for the receipt as a whole."""

    problem: str
    line: str | None
    figure: str
    says: str
    should_be: str

    def __str__(self) -> str:
        where = f", line {self.line}" if self.line is not None else ""
        return f"{self.problem}{where}: {self.figure} says {self.says}, should be {self.should_be}"


@dataclass(frozen=True)
class ReceiptsChecked:
    """What a check read: the ranking's number (None when nothing is ranked), how much, and what is wrong."""

    ranking: int | None
    receipts: int
    lines: int
    wrong: tuple[WrongFigure, ...]


def receipts_check() -> ReceiptsChecked:
    """Add up every receipt of the current ranking and work out each of its lines from its factors."""
    ranking = Ranking.objects.first()
    if ranking is None:
        return ReceiptsChecked(ranking=None, receipts=0, lines=0, wrong=())
    own = Terms(weights=weights_of(ranking.weights, version=ranking.weights_version))
    imagined = {one.problem_id: one.score for one in what_if(ranking=ranking, terms=own)}
    receipts = lines = 0
    wrong: list[WrongFigure] = []
    entries = ranking.entries.select_related("problem", "receipt").prefetch_related("receipt__lines").order_by("rank")
    with localcontext() as context:
        context.prec = DIGITS
        decay = _Decay(Decimal(ranking.weights["half_life_days"]))
        for entry in entries.iterator(chunk_size=CHUNK):
            its_lines = list(entry.receipt.lines.all())
            receipts += 1
            lines += len(its_lines)
            wrong += _entry_wrong(entry, its_lines, imagined[entry.problem_id])
            for line in its_lines:
                wrong += _line_wrong(entry.problem.key, line, ranking, decay)
    return ReceiptsChecked(ranking=ranking.number, receipts=receipts, lines=lines, wrong=tuple(wrong))


class _Decay:
    """0.5 to the power of age over half-life, each age worked out once."""

    def __init__(self, half_life: Decimal) -> None:
        self._half_life = half_life
        self._known: dict[int, Decimal] = {}

    def __call__(self, age: int) -> Decimal:
        if age not in self._known:
            self._known[age] = Decimal("0.5") ** (age / self._half_life)
        return self._known[age]


def _entry_wrong(entry: RankingEntry, lines: Sequence[ReceiptLine], imagined: Decimal) -> Iterator[WrongFigure]:
    total = sum((line.amount for line in lines), Decimal("0.00"))
    figures = (
        ("score", entry.score, total),
        ("receipt total", entry.receipt.score, total),
        ("what-if of the same terms", imagined, total),
        ("customers", entry.customers, len({line.customer_key for line in lines})),
        ("items", entry.items, sum(line.asks for line in lines)),
    )
    return _differing(entry.problem.key, None, figures)


def _line_wrong(problem: str, line: ReceiptLine, ranking: Ranking, decay: _Decay) -> Iterator[WrongFigure]:
    urgency = 1 + Decimal(ranking.weights["churn_weight"]) * line.churn_risk * line.renewal_nearness
    figures = (
        ("asks", line.asks, len(line.said)),
        ("intensity", line.intensity, _intensity(line.said, ranking.day, ranking.weights, decay)),
        ("weight", line.weight, (line.value * urgency * line.fit).quantize(CENT, rounding=ROUND_HALF_UP)),
        ("amount", line.amount, (line.weight * line.intensity).quantize(CENT, rounding=ROUND_HALF_UP)),
    )
    return _differing(problem, line.customer_name, figures)


def _intensity(
    said: Iterable[Sequence[Any]], day: dt.date, weights: Mapping[str, Mapping[str, str]], decay: _Decay
) -> Decimal:
    silence = Decimal(1)
    for _item, said_on, severity, role, influence in said:
        heard = Decimal(weights["severity"][severity]) * Decimal(influence or weights["role"][role])
        silence *= 1 - heard * decay(max((day - dt.date.fromisoformat(said_on)).days, 0))
    return (1 - silence).quantize(MILLIONTH, rounding=ROUND_HALF_UP)


def _differing(
    problem: str, line: str | None, figures: Iterable[tuple[str, Decimal | int, Decimal | int]]
) -> Iterator[WrongFigure]:
    for figure, says, should_be in figures:
        if says != should_be:
            yield WrongFigure(problem, line, figure, str(says), str(should_be))
