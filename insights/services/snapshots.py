"""What a snapshot remembers of weights and asks, as JSON and back."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from insights.engine.movement import DatedAsk
from insights.engine.score import Weights


def asks_json(asks: Iterable[DatedAsk]) -> list[list[Any]]:
    """Asks as a receipt line stores them: item, day, severity, role, influence."""
    return [[ask.item, ask.said_on.isoformat(), ask.severity, ask.role, _text(ask.influence)] for ask in asks]


def asks_of(said: Sequence[Sequence[Any]]) -> tuple[DatedAsk, ...]:
    """The asks of a receipt line."""
    return tuple(
        DatedAsk(item, dt.date.fromisoformat(day), severity, role, None if influence is None else Decimal(influence))
        for item, day, severity, role, influence in said
    )


def weights_json(weights: Weights) -> dict[str, Any]:
    """Weights as a ranking stores them, exact."""
    return {
        "churn_weight": str(weights.churn_weight),
        "half_life_days": str(weights.half_life_days),
        "severity": {name: str(weight) for name, weight in weights.severity.items()},
        "role": {name: str(weight) for name, weight in weights.role.items()},
        "free_floor_share": str(weights.free_floor_share),
    }


def weights_of(stored: Mapping[str, Any], *, version: str) -> Weights:
    """The weights of a ranking."""
    return Weights(
        version=version,
        churn_weight=Decimal(stored["churn_weight"]),
        half_life_days=Decimal(stored["half_life_days"]),
        severity={name: Decimal(weight) for name, weight in stored["severity"].items()},
        role={name: Decimal(weight) for name, weight in stored["role"].items()},
        free_floor_share=Decimal(stored["free_floor_share"]),
    )


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
