"""Embeddings: computed once for each distinct text and model, stored as float16."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from insights.embedding.messages import REVISION, message_vectors
from insights.models import Embedding

if TYPE_CHECKING:
    from insights.embedding.encoder import Encoder

BATCH = 500
Vectors = NDArray[np.float32]


@lru_cache(maxsize=1)
def encoder() -> "Encoder":
    """The model that the settings name. Loaded at its first use, once per process."""
    # PyTorch takes seconds to import and must not be loaded before a fork: only a process that embeds pays for it.
    from insights.embedding.encoder import Encoder  # noqa: PLC0415

    return Encoder(settings.HEARD_EMBEDDING_MODEL)


def embedding_version() -> str:
    """What made an embedding: changes when the vectors would."""
    return f"{encoder().version}-{REVISION}"


def embeddings_store(*, texts: Mapping[str, str]) -> int:
    """Embed the texts (by their hash) that have no embedding yet; answers how many were new."""
    model, version = encoder(), embedding_version()
    hashes = sorted(texts)
    known = hashes_embedded(hashes)
    missing = [text_hash for text_hash in hashes if text_hash not in known]
    vectors = message_vectors([texts[text_hash] for text_hash in missing], model.encode)
    Embedding.objects.bulk_create(
        [
            Embedding(text_hash=text_hash, model=version, vector=vector.tobytes())
            for text_hash, vector in zip(missing, vectors.astype(np.float16), strict=True)
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    return len(missing)


def hashes_embedded(text_hashes: Iterable[str]) -> set[str]:
    """Those of the texts, by their hashes, that the active model has read."""
    known: set[str] = set()
    for some in _slices(sorted(set(text_hashes))):
        found = Embedding.objects.filter(model=embedding_version(), text_hash__in=some)
        known.update(found.values_list("text_hash", flat=True))
    return known


def vectors_of(text_hashes: Sequence[str]) -> Vectors:
    """The vectors of texts, float32[n, d] in the order asked for; every text must have its embedding.

    Raises:
        KeyError: a text has no embedding under the active model.
    """
    version = embedding_version()
    rows: dict[str, bytes] = {}
    for some in _slices(sorted(set(text_hashes))):
        found = Embedding.objects.filter(model=version, text_hash__in=some)
        rows.update({text_hash: bytes(vector) for text_hash, vector in found.values_list("text_hash", "vector")})
    if not text_hashes:
        return np.empty((0, 0), dtype=np.float32)
    joined = b"".join(rows[text_hash] for text_hash in text_hashes)
    vectors = np.frombuffer(joined, dtype=np.float16).reshape(len(text_hashes), -1).astype(np.float32)
    # float16 costs a little length: make them unit vectors again.
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def _slices(hashes: Sequence[str]) -> Iterable[Sequence[str]]:
    return (hashes[start : start + BATCH] for start in range(0, len(hashes), BATCH))
