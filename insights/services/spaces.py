"""The space that a run works in: the model's vectors, seen through what answers have taught."""

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from insights.engine.geometry import mapped
from insights.engine.placing import centred
from insights.models import Membership, Problem, Run
from insights.services.embedding import embedding_version, hashes_embedded, vectors_of

Vectors = NDArray[np.float32]


def map_of(run: Run) -> Vectors | None:
    """The linear map that a run learned, float32[d, d]; None where it had learned nothing."""
    values = np.frombuffer(bytes(run.learned_map), dtype=np.float32)
    side = int(np.sqrt(len(values)))
    return values.reshape(side, side) if side else None


def vectors_in(run: Run, text_hashes: Sequence[str]) -> Vectors:
    """The vectors of texts in the space of a run, float32[n, d], unit rows."""
    return mapped(vectors_of(text_hashes), map_of(run))


def problem_centres_refresh(*, problem_ids: Collection[int]) -> None:
    """Work out anew where these problems lie, from the members that they have now.

    Members whose text the model has not read yet count when it has. After a change of model the next run does it all.
    """
    run = Run.objects.published().first()
    if run is None or run.model != embedding_version():
        return
    centre = np.frombuffer(bytes(run.centre), dtype=np.float32)
    texts: dict[int, list[str]] = {problem_id: [] for problem_id in problem_ids}
    members = Membership.objects.filter(problem__in=problem_ids).values_list("problem_id", "item__text_hash")
    read = hashes_embedded([text_hash for _, text_hash in members])
    for problem_id, text_hash in members:
        if text_hash in read:
            texts[problem_id].append(text_hash)
    for problem_id, hashes in texts.items():
        if not hashes:
            Problem.objects.filter(pk=problem_id).update(vector_sum=b"", vector_count=0)
            continue
        total = centred(vectors_in(run, hashes), centre).sum(axis=0)
        n = len(hashes)
        usual = (float(total @ total) - n) / (n * (n - 1)) if n > 1 else 1.0
        Problem.objects.filter(pk=problem_id).update(
            vector_sum=total.astype(np.float32).tobytes(), vector_count=n, usual=usual
        )
