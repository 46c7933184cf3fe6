"""Which weights a score weighs by now, and changing them: each change is a version that is never edited."""

from collections.abc import Mapping
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction

from insights.engine.score import Weights
from insights.models import WeightsVersion
from insights.models.weights import RANGES
from insights.services.due import rank_queue
from insights.services.touching import everything_touch

SEVERITY, ROLE = "severity_", "role_"
Figures = Mapping[str, Decimal]


class WeightsRefusedError(ValueError):
    """Weights that cannot be published. The text says why."""


def weights_current() -> Weights:
    """What the next ranking weighs by."""
    version = WeightsVersion.objects.first()
    # A table that was emptied says what it started with.
    return Weights() if version is None else weights_of_version(version=version)


def weights_of_version(*, version: WeightsVersion) -> Weights:
    """The weights of one version."""
    figures = {name: getattr(version, name) for name in RANGES}
    return weights_from(figures=figures, version=str(version.number))


def weights_from(*, figures: Figures, version: str) -> Weights:
    """Weights from figures by the names of `RANGES`."""
    plain = {name: Decimal(_text(figure)) for name, figure in figures.items()}

    def those_of(prefix: str) -> dict[str, Decimal]:
        return {name.removeprefix(prefix): plain[name] for name in RANGES if name.startswith(prefix)}

    return Weights(
        version=version,
        churn_weight=plain["churn_weight"],
        half_life_days=plain["half_life_days"],
        severity=those_of(SEVERITY),
        role=those_of(ROLE),
        free_floor_share=plain["free_floor_share"],
    )


def weights_figures(*, weights: Weights) -> dict[str, Decimal]:
    """The figures of weights, by the names of `RANGES`."""
    return {
        "churn_weight": weights.churn_weight,
        "half_life_days": weights.half_life_days,
        **{f"{SEVERITY}{name}": weight for name, weight in weights.severity.items()},
        **{f"{ROLE}{name}": weight for name, weight in weights.role.items()},
        "free_floor_share": weights.free_floor_share,
    }


@transaction.atomic
def weights_publish(
    *, weights: Weights, reason: str, author: User | None, instead_of: str | None = None
) -> WeightsVersion:
    """Store weights as the next version and have everything ranked by them.

    Args:
        weights: What to weigh by. Their version is not looked at.
        reason: Why, for whoever reads the list of versions later.
        author: Who decided.
        instead_of: The version that this was decided upon, where somebody may have changed it meanwhile.

    Raises:
        WeightsRefusedError: no reason, nothing changes, or another version is in use by now.
        ValidationError: a weight is out of its range.
    """
    # One publisher at a time.
    WeightsVersion.objects.select_for_update().first()
    current = weights_current()
    if instead_of is not None and instead_of != current.version:
        raise WeightsRefusedError(
            f"Weights {current.version} were published meanwhile. What you see now compares with them: look again."
        )
    if not reason.strip():
        raise WeightsRefusedError("Say why they are changed: whoever reads the list later will ask.")
    figures = weights_figures(weights=weights)
    if figures == weights_figures(weights=current):
        raise WeightsRefusedError(f"These are the figures of weights {current.version}, which are in use.")
    version = WeightsVersion(number=int(current.version) + 1, reason=reason.strip(), author=author, **figures)
    version.full_clean()
    version.save()
    everything_touch()
    rank_queue()
    return version


def _text(figure: Decimal) -> str:
    """Without the zeros that a column adds: as a snapshot stores it."""
    return format(figure.normalize(), "f")
