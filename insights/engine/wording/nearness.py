"""How near the vectors of possible titles lie to their groups, and to each other."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from insights.engine.wording.candidates import Candidate

Vectors = NDArray[np.float32]
# Candidates compared to all groups at a time: bounds the table.
_BLOCK = 4_096


def nearness(vectors: Vectors, candidates: Sequence[Candidate], centres: Vectors) -> tuple[Vectors, Vectors]:
    """Cosine of each candidate to its own group, and how far that exceeds the best other group (1 with no other)."""
    own = np.empty(len(candidates), dtype=np.float32)
    margin = np.ones(len(candidates), dtype=np.float32)
    groups = np.array([candidate.group for candidate in candidates], dtype=np.intp)
    for start in range(0, len(candidates), _BLOCK):
        block = slice(start, start + _BLOCK)
        table = vectors[block] @ centres.T
        rows = np.arange(len(table))
        own[block] = table[rows, groups[block]]
        if len(centres) > 1:
            table[rows, groups[block]] = -np.inf
            margin[block] = own[block] - table.max(axis=1)
    return own, margin


def agreement(vectors: Vectors, candidates: Sequence[Candidate], groups: int) -> Vectors:
    """Cosine of each candidate to the mean of all others of its group: whether it asks for what the others ask for."""
    group = np.array([candidate.group for candidate in candidates], dtype=np.intp)
    weight = np.array([max(c.phrase.kind.value, 0.0) * c.said for c in candidates], dtype=np.float32)
    weighted = vectors * weight[:, None]
    sums = np.zeros((groups, vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, group, weighted)
    others = sums[group] - weighted
    length = np.linalg.norm(others, axis=1)
    cosine = (others * vectors).sum(axis=1) / np.maximum(length, 1e-9)
    return np.asarray(np.where(length > 1e-6, cosine, 0.0), dtype=np.float32)
