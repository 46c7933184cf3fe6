"""Verbatim repeats, collapsed before anything is compared and spread out again at the end.

Exports repeat themselves, and a thousand copies of one text would fill each other's neighbour lists and leave no room
for what else is said about the problem.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from insights.engine.constraints import Blocks

NOWHERE = -1
_AT_ONCE = 65_536  # rows copied at a time, 100 MB
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Atoms:
    """Distinct items in an order that depends on their content alone.

    `rows`: float32[a, d], unit rows about `centre` (float32[d], the mean of the distinct vectors). `weight`: int64[a],
    how many items each stands for. `of_item`: int64[n], the atom of each item. `home`: int64[a], the published problem,
    -1 for none. `blocks`: the constraints, with atoms in the place of items.
    """

    rows: NDArray[np.float32]
    centre: NDArray[np.float32]
    weight: Numbers
    of_item: Numbers
    home: Numbers
    blocks: Blocks


def collapsed(vectors: NDArray[np.float32], home: Numbers, blocks: Blocks) -> Atoms:
    """Items with the same vector, the same published problem and the same constraints, as one.

    `vectors`: float32[n, d]; `home`: int64[n], -1 for none.
    """
    said = np.where(blocks.bound, blocks.block, NOWHERE)
    order = np.lexsort([said, home, *vectors.T[:8][::-1]])
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = (said[order[1:]] != said[order[:-1]]) | (home[order[1:]] != home[order[:-1]])
    for start in range(1, len(order), _AT_ONCE):
        part = order[start - 1 : start + _AT_ONCE]
        new[start : start + _AT_ONCE] |= (vectors[part[1:]] != vectors[part[:-1]]).any(axis=1)
    of_item = np.empty(len(order), dtype=np.int64)
    of_item[order] = np.cumsum(new) - 1
    first = order[new]
    rows, centre = _centred(vectors, first)
    return Atoms(rows, centre, np.bincount(of_item), of_item, home[first], _of_atoms(blocks, first))


def _centred(vectors: NDArray[np.float32], chosen: Numbers) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The chosen rows about their mean, at length one; and the mean. A block at a time: a copy of all is 1.5 GB."""
    rows = np.empty((len(chosen), vectors.shape[1]), dtype=np.float32)
    total = np.zeros(vectors.shape[1])
    for start in range(0, len(chosen), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        rows[part] = vectors[chosen[part]]
        total += rows[part].sum(axis=0, dtype=np.float64)
    centre = (total / len(chosen)).astype(np.float32)
    for start in range(0, len(chosen), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        some -= centre
        some /= np.maximum(np.linalg.norm(some, axis=1, keepdims=True), 1e-9)
    return rows, centre


def _of_atoms(blocks: Blocks, first: Numbers) -> Blocks:
    names, block = np.unique(blocks.block[first], return_inverse=True)
    number = {int(name): row for row, name in enumerate(names)}
    pin = {number[name]: group for name, group in blocks.pin.items()}
    return Blocks(block.astype(np.int64), np.searchsorted(names, blocks.apart), blocks.bound[first], pin)
