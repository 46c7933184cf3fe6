"""What binds every run: the decisions of people, and whether a new one can hold beside them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback.models import FeedbackItem
from insights.engine.constraints import Constraints, ContradictionError, closed
from insights.models import Correction, Membership
from insights.models.problems import Author

Pair = tuple[int, int]


class CorrectionRefusedError(ValueError):
    """A correction that contradicts earlier ones, or that cannot be carried out. The text says why."""


@dataclass(frozen=True)
class Bindings:
    """Everything that binding corrections say, over ids: items that share a problem, that do not, that are pinned."""

    together: tuple[Pair, ...]
    apart: tuple[Pair, ...]
    pins: tuple[Pair, ...]

    def over(self, item_ids: NDArray[np.int64]) -> Constraints:
        """The same over row numbers; what concerns items that are not among the rows is left out."""
        row = {int(pk): number for number, pk in enumerate(item_ids)}

        def rows(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
            return tuple((row[a], row[b]) for a, b in pairs if a in row and b in row)

        pinned = {row[item]: problem for item, problem in self.pins if item in row}
        return Constraints(must_link=rows(self.together), cannot_link=rows(self.apart), pinned=pinned)


def bindings_load() -> Bindings:
    """What binds a run now. An item pinned twice is where the later correction put it."""
    together: list[Pair] = []
    apart: list[Pair] = []
    for correction in Correction.objects.binding():
        together += [(a, b) for a, b in correction.together]
        apart += [(a, b) for a, b in correction.apart]
    pins = Membership.objects.filter(placed_by=Author.PERSON).values_list("item_id", "problem_id")
    return Bindings(tuple(together), tuple(apart), tuple(pins))


def contradiction_refuse(
    *, together: Sequence[Pair] = (), apart: Sequence[Pair] = (), pins: dict[int, int] | None = None
) -> None:
    """Check new decisions against all that bind. `pins` is item to problem.

    Raises:
        CorrectionRefusedError: they cannot hold together. The text names the chain of items.
    """
    known = bindings_load()
    pinned = {**dict(known.pins), **(pins or {})}
    wanted = Bindings((*known.together, *together), (*known.apart, *apart), tuple(pinned.items()))
    ids = {pk for pair in (*wanted.together, *wanted.apart) for pk in pair} | set(pinned)
    rows = np.array(sorted(ids), dtype=np.int64)
    try:
        closed(wanted.over(rows), len(rows))
    except ContradictionError as error:
        chain = [int(rows[row]) for row in error.chain]
        pair = [int(rows[row]) for row in error.pair]
        raise CorrectionRefusedError(
            f"This contradicts earlier corrections: {item_names(pair, ' and ')} cannot be apart, because they are held "
            f"together by {item_names(chain, ' = ')}."
        ) from None


def item_names(item_ids: Sequence[int], joint: str = ", ") -> str:
    """Items by source and external id, as people know them."""
    found = {item.pk: item for item in FeedbackItem.objects.filter(pk__in=item_ids).select_related("source")}
    return joint.join(f"{found[pk].source.key} {found[pk].external_id}" for pk in item_ids if pk in found)
