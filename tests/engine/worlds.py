"""Synthetic corpora: blobs of unit vectors around directions at right angles, with a known truth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from insights.engine.constraints import Constraints

Vectors = NDArray[np.float32]
Labels = NDArray[np.int32]

LONG_TAIL = (60, 40, 30, 20, 14, 10, 8)


@dataclass(frozen=True)
class World:
    """`truth`: the blob of each vector, -1 = off-topic."""

    vectors: Vectors
    truth: Labels


def unit(rows: NDArray[np.floating]) -> Vectors:
    """Rows of length one."""
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def random_rows(seed: int, n: int, d: int = 48) -> Vectors:
    """Vectors without any structure, float32[n, d]."""
    return unit(np.random.default_rng(seed).normal(size=(n, d)))


def world(seed: int, sizes: Sequence[int] = LONG_TAIL, *, off_topic: int = 0, noise: float = 0.5, d: int = 48) -> World:
    """Blobs of these sizes in random order, and vectors that resemble neither a blob nor each other."""
    random = np.random.default_rng(seed)
    directions = np.linalg.qr(random.normal(size=(d, d)))[0]
    blob = np.repeat(np.arange(len(sizes) + off_topic), [*sizes, *[1] * off_topic])
    truth = np.where(blob < len(sizes), blob, -1).astype(np.int32)
    spread = noise * random_rows(seed + 1, len(blob), d) * (truth >= 0)[:, None]
    order = random.permutation(len(blob))
    return World(unit(directions[blob] + spread)[order], truth[order])


seeds = st.integers(0, 10_000)


@st.composite
def worlds(draw: st.DrawFn, largest: int = 30, noisiest: float = 1.5) -> World:
    """Anything from a handful of vectors to a few blurred blobs among noise."""
    sizes = draw(st.lists(st.integers(1, largest), min_size=1, max_size=8))
    noise = draw(st.floats(0.0, noisiest))
    return world(draw(seeds), sizes, off_topic=draw(st.integers(0, 10)), noise=noise)


@st.composite
def corrections(draw: st.DrawFn, n: int, groups: int = 4) -> Constraints:
    """Constraints over `n` items, free to contradict each other."""
    pairs = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda pair: n < 2 or pair[0] != pair[1])
    return Constraints(
        must_link=tuple(draw(st.lists(pairs, max_size=6))),
        cannot_link=tuple(draw(st.lists(pairs, max_size=4))),
        pinned=draw(st.dictionaries(st.integers(0, n - 1), st.integers(0, groups - 1), max_size=5)),
    )


def corrections_true_to(labels: NDArray[np.integer], seed: int, count: int = 8) -> Constraints:
    """Constraints that say nothing but what `labels` says already."""
    random = np.random.default_rng(seed)
    placed = np.flatnonzero(labels >= 0)
    pairs = [(int(a), int(b)) for a, b in random.choice(placed, (count, 2)) if a != b]
    return Constraints(
        must_link=tuple((a, b) for a, b in pairs if labels[a] == labels[b]),
        cannot_link=tuple((a, b) for a, b in pairs if labels[a] != labels[b]),
        pinned={int(item): int(labels[item]) for item in random.choice(placed, count)},
    )
