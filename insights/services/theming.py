"""Themes of problems: found by the engine, kept from run to run, overruled by people."""

from collections import Counter
from collections.abc import Mapping, Sequence

from django.utils import timezone

from insights.models import Problem, Theme
from insights.models.problems import Author

BATCH = 500


def themes_assign(*, theme_of: Mapping[int, int], names: Sequence[str]) -> int:
    """Give problems, by id, the themes that the engine numbered; answers how many themes there are.

    A theme that most of its problems stay in stays the same theme and keeps its name: names that jump are worth
    nothing. A problem whose theme a person chose is left alone. Themes of the engine's own that nothing belongs to any
    more go.
    """
    free = Problem.objects.filter(pk__in=theme_of, themed_by=Author.ENGINE)
    before: dict[int, int | None] = dict(free.values_list("pk", "theme_id"))
    kept = _kept(theme_of, before)
    taken = {theme.name.casefold() for theme in Theme.objects.all()}
    for number in sorted({theme_of[problem] for problem in before} - set(kept)):
        name = _unused(names[number], taken)
        taken.add(name.casefold())
        kept[number] = Theme.objects.create(name=name).pk
    moved = [pk for pk, theme in before.items() if theme != kept[theme_of[pk]]]
    moment = timezone.now()
    Problem.objects.bulk_update(
        [Problem(pk=pk, theme_id=kept[theme_of[pk]], updated_at=moment) for pk in moved],
        ["theme", "updated_at"],
        batch_size=BATCH,
    )
    Theme.objects.filter(named_by=Author.ENGINE, problems__isnull=True).delete()
    return Theme.objects.count()


def _kept(theme_of: Mapping[int, int], before: Mapping[int, int | None]) -> dict[int, int]:
    """Which theme each number goes on as: the largest overlap first, no theme and no number twice."""
    shared = Counter((theme_of[problem], theme) for problem, theme in before.items() if theme is not None)
    size = Counter(theme for theme in before.values() if theme is not None)
    kept: dict[int, int] = {}
    for (number, theme), problems in sorted(shared.items(), key=lambda found: (-found[1], found[0])):
        # Of what was one theme the larger part goes on as it.
        if number not in kept and theme not in kept.values() and 2 * problems >= size[theme]:
            kept[number] = theme
    return kept


def _unused(name: str, taken: set[str]) -> str:
    """The name, or the name with the first number that makes it new."""
    name, number = name[:110] or "Theme", 2
    candidate = name
    while candidate.casefold() in taken:
        candidate, number = f"{name} {number}", number + 1
    return candidate
