"""Saved what-ifs: keeping them, and what they say of a ranking."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction

from customers.models import Account
from insights.models import Ranking, Scenario
from insights.models.weights import RANGES
from insights.services.snapshots import weights_of
from insights.services.weights import weights_figures, weights_from
from insights.services.what_if import Imagined, Terms, what_if

NAME_CHARACTERS = 120


class ScenarioRefusedError(ValueError):
    """A scenario that cannot be kept: what of it, and why."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name, self.reason = name, reason


@dataclass(frozen=True)
class Draft:
    """What a scenario shall say. `weights` by the names of `RANGES`: those that differ from the ranking's own."""

    weights: Mapping[str, Decimal] = field(default_factory=dict)
    segment: str = ""
    prospects: bool = True
    without: Collection[Account] = ()


@transaction.atomic
def scenario_save(*, name: str, draft: Draft, scenario: Scenario | None = None, author: User | None = None) -> Scenario:
    """Keep a new scenario, or change one.

    Raises:
        ScenarioRefusedError: no name, the name of another, a weight out of its range, or a segment of nobody.
    """
    name = name.strip()
    if not name or len(name) > NAME_CHARACTERS:
        raise ScenarioRefusedError("name", f"give it a name of 1 to {NAME_CHARACTERS} characters")
    named = Scenario.objects.filter(name__iexact=name).first()
    if named is not None and named != scenario:
        raise ScenarioRefusedError("name", f"there is a scenario {name!r} already")
    draft_check(draft=draft)
    saved = scenario or Scenario(author=author)
    saved.name, saved.segment, saved.prospects = name, draft.segment, draft.prospects
    saved.weights = {weight: str(figure) for weight, figure in draft.weights.items()}
    saved.save()
    saved.without.set(draft.without)
    return saved


def draft_check(*, draft: Draft) -> None:
    """See that a what-if can be worked out.

    Raises:
        ScenarioRefusedError: a weight out of its range, or a segment of nobody.
    """
    for weight, figure in draft.weights.items():
        if weight not in RANGES:
            raise ScenarioRefusedError("weights", f"{weight!r} is none of {', '.join(RANGES)}")
        low, high = RANGES[weight]
        if not low <= figure <= high:
            raise ScenarioRefusedError("weights", f"{weight} goes from {low} to {high:,}")
    if draft.segment and not Account.objects.filter(segment=draft.segment).exists():
        raise ScenarioRefusedError("segment", f"no account is of a segment {draft.segment!r}")


def draft_of(*, scenario: Scenario) -> Draft:
    """What a kept scenario says."""
    return Draft(
        weights={weight: Decimal(figure) for weight, figure in scenario.weights.items()},
        segment=scenario.segment,
        prospects=scenario.prospects,
        without=tuple(scenario.without.all()),
    )


def live_figures(*, ranking: Ranking) -> dict[str, Decimal]:
    """The weights that made a ranking, by the names of `RANGES`."""
    return weights_figures(weights=weights_of(ranking.weights, version=ranking.weights_version))


def draft_imagined(*, draft: Draft, ranking: Ranking) -> list[Imagined]:
    """A ranking as a what-if would have it: its own weights, but for those that differ."""
    figures = {**live_figures(ranking=ranking), **draft.weights}
    terms = Terms(
        weights=weights_from(figures=figures, version=ranking.weights_version),
        segment=draft.segment,
        without=frozenset(account.pk for account in draft.without),
        prospects=draft.prospects,
    )
    return what_if(ranking=ranking, terms=terms)
