"""What a model's card is made of, and how much history it takes to have one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from customers.engine.churn.reading import Kind
from customers.engine.churn.training import TooLittleHistoryError

FEWEST_ACCOUNTS, FEWEST_LEFT, FEWEST_STAYED = 200, 40, 40


@dataclass(frozen=True)
class Feature:
    """A column of the model. `importance` is its mean absolute contribution in log-odds."""

    name: str
    kind: Kind
    importance: float


def check_history(churned: NDArray[np.bool_]) -> None:
    """Refuse to learn from too few accounts. docs/churn.md shows the learning curve behind the numbers.

    Raises:
        TooLittleHistoryError: fewer than 200 accounts, or fewer than 40 that left or that stayed.
    """
    accounts, left = len(churned), int(churned.sum())
    if accounts < FEWEST_ACCOUNTS or left < FEWEST_LEFT or accounts - left < FEWEST_STAYED:
        raise TooLittleHistoryError(
            f"{accounts} accounts, of which {left} left, are too little history for a model: it takes "
            f"{FEWEST_ACCOUNTS} accounts, at least {FEWEST_LEFT} that left and {FEWEST_STAYED} that stayed. "
            "Until then the scorecard is used."
        )
