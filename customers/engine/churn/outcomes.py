"""Who left: reading the outcome column of a table."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LEFT = frozenset({"yes", "true", "1", "1.0", "churned"})
STAYED = frozenset({"no", "false", "0", "0.0", "active"})


class OutcomeError(ValueError):
    """A value that says neither that the account left nor that it stayed."""

    def __init__(self, place: int, value: str) -> None:
        super().__init__(f"{value!r} is not one of yes/no, true/false, 1/0, churned/active")
        self.place = place


def read_outcomes(values: Sequence[str]) -> NDArray[np.bool_]:
    """True where the account left, in any case of letters. n texts → bool[n].

    Raises:
        OutcomeError: another value; its `place` counts from 0.
    """
    folded = [value.strip().casefold() for value in values]
    for place, value in enumerate(folded):
        if value not in LEFT and value not in STAYED:
            raise OutcomeError(place, values[place].strip())
    return np.array([value in LEFT for value in folded], dtype=np.bool_)
