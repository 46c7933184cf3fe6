"""Titles and drafts of job statements for the groups of a run."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from customers.models import Account, Contact
from insights.engine.geometry import mapped
from insights.engine.wording.job_statements import JobStatement, job_statements
from insights.engine.wording.themes import theme_names
from insights.engine.wording.titles import group_titles
from insights.services.embedding import encoder

SHORTEST_NAME = 3


@dataclass(frozen=True)
class Wording:
    """What a problem is called, and its draft job statement."""

    title: str
    statement: JobStatement


def wordings(
    *,
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    members: Sequence[NDArray[np.intp]],
    learned: NDArray[np.float32] | None,
) -> list[Wording]:
    """Words for each group of rows, taken from what customers said. No customer's or contact's name gets in.

    `learned` is the map behind `vectors`: candidates are looked at in the same space.
    """
    forbidden = _names()

    def encode(candidates: Sequence[str]) -> NDArray[np.float32]:
        return mapped(encoder().encode(candidates), learned)

    titles = group_titles(texts, vectors, members, encode=encode, forbidden=forbidden)
    statements = job_statements(texts, vectors, members, encode=encode, forbidden=forbidden)
    return [Wording(title.text, statement) for title, statement in zip(titles, statements, strict=True)]


def names_of_themes(
    *,
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    members: Sequence[NDArray[np.intp]],
    theme: NDArray[np.int32],
    words: Sequence[Wording],
    learned: NDArray[np.float32] | None,
) -> list[str]:
    """A name for each theme; `theme` is the theme of each group, int32[groups], the rest as for `wordings`."""
    groups = [np.flatnonzero(theme == number) for number in range(int(theme.max(initial=-1)) + 1)]
    return theme_names(
        texts,
        vectors,
        members,
        groups,
        titles=[each.title for each in words],
        encode=lambda candidates: mapped(encoder().encode(candidates), learned),
        forbidden=_names(),
    )


def _names() -> set[str]:
    """Every name of an account or contact, whole and word by word."""
    whole = {*Account.objects.values_list("name", flat=True), *Contact.objects.values_list("name", flat=True)}
    words = {word for name in whole for word in re.findall(r"\w+", name) if len(word) >= SHORTEST_NAME}
    return {name for name in whole if name} | words
