"""Tables of customers that were never there, of which it is known who leaves and why."""

import numpy as np
from numpy.typing import NDArray

from customers.engine.churn.reading import Value


def subscribers(
    rows: int, *, seed: int = 0, intercept: float = -1.5
) -> tuple[dict[str, list[Value]], NDArray[np.bool_]]:
    """Tenure with a bend, a plan, blanks that matter, noise, and a pair of columns that only count together."""
    generator = np.random.default_rng(seed)
    tenure = generator.integers(0, 60, rows)
    plan = generator.choice(["Basic", "Pro", "Team"], rows, p=[0.5, 0.3, 0.2])
    survey = generator.normal(50, 20, rows).round(1)
    silent = generator.random(rows) < 0.2
    left, right = generator.choice(["a", "b"], rows), generator.choice(["x", "y"], rows)
    log_odds = (
        intercept
        + np.where(tenure < 12, 2.0 - tenure / 6, 0.0)
        + np.where(plan == "Basic", 0.7, 0.0)
        + np.where(silent, 1.0, -(survey - 50) / 40)
        + np.where((left == "a") == (right == "x"), 1.0, -1.0)
    )
    churned = generator.random(rows) < 1 / (1 + np.exp(-log_odds))
    columns: dict[str, list[Value]] = {
        "tenure": tenure.tolist(),
        "plan": plan.tolist(),
        "survey": [None if quiet else float(score) for quiet, score in zip(silent, survey, strict=True)],
        "left": left.tolist(),
        "right": right.tolist(),
        "noise": generator.normal(size=rows).tolist(),
    }
    return columns, churned
