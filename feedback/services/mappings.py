"""Saved mappings: how the columns of a file that comes again and again are read."""

from dataclasses import dataclass

from feedback.models import MappingProfile


class UnknownMappingError(LookupError):
    """A mapping that nobody has saved."""


@dataclass(frozen=True)
class Mapping:
    """Whose file it is, and its column names to ours."""

    system: str
    columns: dict[str, str]


def mapping_find(*, kind: str, name: str) -> Mapping:
    """The mapping saved under a name.

    Raises:
        UnknownMappingError: there is none; the text names those that there are.
    """
    profile = MappingProfile.objects.filter(kind=kind, name=name).first()
    if profile is None:
        known = ", ".join(MappingProfile.objects.filter(kind=kind).values_list("name", flat=True)) or "none yet"
        raise UnknownMappingError(f"No mapping of {kind} is saved as {name!r}. Saved: {known}.")
    return Mapping(system=profile.system, columns=dict(profile.columns))


def mapping_save(*, kind: str, name: str, mapping: Mapping) -> None:
    """Save a mapping under a name, over what was saved there before."""
    MappingProfile.objects.update_or_create(
        kind=kind, name=name, defaults={"system": mapping.system, "columns": mapping.columns}
    )
