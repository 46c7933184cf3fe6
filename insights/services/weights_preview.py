"""What other weights would change, before anybody decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from insights.engine.score import Weights
from insights.models import Problem, Ranking, WeightsVersion
from insights.services.weights import weights_current, weights_figures
from insights.services.what_if import Imagined, Terms, what_if

TOP, MOVERS = 20, 10


@dataclass(frozen=True)
class Move:
    """A problem where it stands and where it would."""

    problem: Problem
    rank: int
    rank_then: int
    score: Decimal
    score_then: Decimal

    @property
    def gained(self) -> int:
        """Places; below zero when it would lose some."""
        return self.rank - self.rank_then

    @property
    def gained_score(self) -> Decimal:
        """In the base currency."""
        return self.score_then - self.score


@dataclass(frozen=True)
class Preview:
    """What would follow from other weights, compared with the latest ranking; `ranking` is None before there is one.

    `top` holds whoever is or would be among the first, in the order that would be; `movers` who would move furthest.
    """

    ranking: Ranking | None
    changes: tuple[str, ...]
    problems: int
    moved: int
    total: Decimal
    total_then: Decimal
    top: tuple[Move, ...]
    movers: tuple[Move, ...]


def weights_preview(*, weights: Weights) -> Preview:
    """Work out what publishing these weights now would do. Nothing is stored."""
    ranking = Ranking.objects.first()
    found = [] if ranking is None else what_if(ranking=ranking, terms=Terms(weights=weights))
    # With every voice counting, the order is the rank.
    places = list(enumerate(found, start=1))
    moved = [(then, one) for then, one in places if then != one.live_rank]
    furthest = sorted(moved, key=lambda place: (-abs(place[0] - place[1].live_rank), place[0]))
    return Preview(
        ranking=ranking,
        changes=tuple(weights_changes(weights=weights)),
        problems=len(found),
        moved=len(moved),
        total=sum((one.live_score for one in found), Decimal("0.00")),
        total_then=sum((one.score for one in found), Decimal("0.00")),
        top=_moves([(then, one) for then, one in places if min(then, one.live_rank) <= TOP]),
        movers=_moves(furthest[:MOVERS]),
    )


def weights_changes(*, weights: Weights) -> list[str]:
    """Which weights differ from those in use, and how: churn weight 2 → 3."""
    now, then = weights_figures(weights=weights_current()), weights_figures(weights=weights)
    return [f"{_label(name)} {now[name]:f} → {then[name]:f}" for name in now if now[name] != then[name]]


def _label(name: str) -> str:
    field = WeightsVersion._meta.get_field(name)
    return str(getattr(field, "verbose_name", name))


def _moves(places: Sequence[tuple[int, Imagined]]) -> tuple[Move, ...]:
    problems = Problem.objects.in_bulk([one.problem_id for _, one in places])
    return tuple(Move(problems[one.problem_id], one.live_rank, then, one.live_score, one.score) for then, one in places)
