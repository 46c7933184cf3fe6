"""What is near in meaning: other problems, and the members that would leave with those that a person picks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from insights.embedding.messages import message_vectors
from insights.engine.geometry import mapped
from insights.engine.placing import centred
from insights.engine.splitting import leanings
from insights.models import Membership, Problem, Run
from insights.services.embedding import embedding_version, encoder
from insights.services.placing import groups_of
from insights.services.spaces import map_of, vectors_in


@dataclass(frozen=True)
class Read:
    """A text with its vector in the space of a run: float32[1, d], a unit row."""

    run: Run
    vector: NDArray[np.float32]


def problems_near(*, problem: Problem, count: int) -> list[Problem]:
    """The live problems whose members mean the nearest to those of this one, the nearest first."""
    return _near(np.frombuffer(bytes(problem.vector_sum), dtype=np.float32), count, without=problem)


def problems_near_items(*, item_ids: Collection[int], problem: Problem, count: int) -> list[Problem]:
    """The live problems other than this one that these items are nearest to, the nearest first."""
    run = Run.objects.published().first()
    hashes = [text_hash for _, text_hash in _texts(problem, item_ids)]
    vectors = texts_vectors(run, hashes) if run and hashes else None
    if run is None or vectors is None:
        return []
    centre = np.frombuffer(bytes(run.centre), dtype=np.float32)
    return _near(centred(vectors, centre).sum(axis=0), count, without=problem)


def text_read(text: str) -> Read | None:
    """A text that was never stored, as the last run would see it; None before the first run of the active model."""
    run = Run.objects.published().first()
    if run is None or run.model != embedding_version() or not text.strip():
        return None
    return Read(run, mapped(message_vectors([text], encoder().encode), map_of(run)))


def problems_like(*, read: Read, count: int, least: float) -> list[tuple[int, float]]:
    """Ids of the live problems nearest to a text, each with its cosine, from `least` up, the nearest first."""
    centre = np.frombuffer(bytes(read.run.centre), dtype=np.float32)
    return [
        (pk, cosine) for pk, cosine in _nearest(read.run, centred(read.vector, centre)[0], count) if cosine >= least
    ]


def members_leaning(*, problem: Problem, picked: Collection[int], count: int) -> list[int]:
    """Ids of the items of a problem that are more like the picked ones than like the others, the most like first."""
    run = Run.objects.published().first()
    texts = _texts(problem)
    leaves = np.array([item in picked for item, _ in texts], dtype=np.bool_)
    if run is None or not leaves.any() or leaves.all():
        return []
    vectors = texts_vectors(run, [text_hash for _, text_hash in texts])
    if vectors is None:
        return []
    leaning = leanings(vectors, leaves)
    leaning[leaves] = 0
    order = np.argsort(-leaning, kind="stable")[:count]
    return [texts[row][0] for row in order if leaning[row] > 0]


def _near(total: NDArray[np.float32], count: int, *, without: Problem) -> list[Problem]:
    run = Run.objects.published().first()
    length = float(np.linalg.norm(total))
    if run is None or not length:
        return []
    order = [pk for pk, _ in _nearest(run, total / length, count + 1) if pk != without.pk][:count]
    found = Problem.objects.in_bulk(order)
    return [found[pk] for pk in order]


def _nearest(run: Run, direction: NDArray[np.float32], count: int) -> list[tuple[int, float]]:
    """Ids of the live problems with their cosines to a direction of length 1, the nearest first."""
    ids, groups = groups_of(run)
    lengths = np.linalg.norm(groups.sums, axis=1)
    cosines = groups.sums @ direction / np.where(lengths > 0, lengths, 1)
    return [(ids[row], float(cosines[row])) for row in np.argsort(-cosines, kind="stable")[:count].tolist()]


def _texts(problem: Problem, item_ids: Collection[int] | None = None) -> list[tuple[int, str]]:
    """Item id and text hash of the members, or of these of them."""
    members = Membership.objects.filter(problem=problem).order_by("item_id")
    if item_ids is not None:
        members = members.filter(item__in=item_ids)
    return list(members.values_list("item_id", "item__text_hash"))


def texts_vectors(run: Run, hashes: Sequence[str]) -> NDArray[np.float32] | None:
    """The vectors of texts in the space of a run, float32[n, d].

    None while a new model has not read all of the texts and regrouped them.
    """
    if run.model != embedding_version():
        return None
    try:
        return vectors_in(run, hashes)
    except KeyError:
        return None
