"""What a whole message means: its text as one, and sentence by sentence.

A model reads a long message as a blur of greeting, story and request. The mean of its sentences, each read alone,
brings the request out again; a message of one sentence is its own mean.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from insights.engine.wording.sentences import sentences

Vectors = NDArray[np.float32]
# Bounds what a long log pasted into a ticket may cost.
SENTENCES = 32
# Raise when this module starts to give other vectors for the same model.
REVISION = "m2"


def message_vectors(texts: Sequence[str], encode: Callable[[Sequence[str]], Vectors]) -> Vectors:
    """Unit vectors, float32[len(texts), d]: the text's own vector plus the mean of its sentences' vectors.

    `encode` gives unit vectors and is called once.
    """
    if not texts:
        return encode(texts)
    parts = [[sentence.text for sentence in sentences(text)][:SENTENCES] for text in texts]
    parts = [some if len(some) > 1 else [] for some in parts]
    vectors = encode([*texts, *(sentence for some in parts for sentence in some)])
    whole, rest = vectors[: len(texts)].copy(), vectors[len(texts) :]
    start = 0
    for row, some in enumerate(parts):
        if some:
            whole[row] += _unit(rest[start : start + len(some)].mean(axis=0))
            start += len(some)
    return np.asarray(whole / np.linalg.norm(whole, axis=1, keepdims=True), dtype=np.float32)


def _unit(vector: Vectors) -> Vectors:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), dtype=np.float32)
