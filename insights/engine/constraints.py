"""What people said about pairs of items, closed under "same", and refused when it contradicts itself."""

from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Pair = tuple[int, int]


@dataclass(frozen=True)
class Constraints:
    """Corrections as the engine sees them. Items are row numbers, groups are any integers the caller chose.

    `must_link`: pairs that share a problem. `cannot_link`: pairs that do not.
    `pinned`: item → existing group; two items pinned to one group share a problem, to two groups do not.
    """

    must_link: tuple[Pair, ...] = ()
    cannot_link: tuple[Pair, ...] = ()
    pinned: dict[int, int] = field(default_factory=dict)


class ContradictionError(ValueError):
    """A pair is held apart although a chain of corrections holds it together.

    `pair` is the forbidden pair and `chain` the items from its first to its second member, each linked to
    the next by "same" or by pins to one group.
    """

    def __init__(self, pair: Pair, chain: tuple[int, ...]) -> None:
        self.pair = pair
        self.chain = chain
        steps = " = ".join(str(item) for item in chain)
        super().__init__(f"Items {pair[0]} and {pair[1]} cannot be apart: they are joined by {steps}.")


@dataclass(frozen=True)
class Blocks:
    """Closed constraints. `block`: int64[n], items of one block share a problem (most blocks have one item).

    `apart`: int64[p, 2], pairs of blocks that must not share a problem. `bound`: bool[n], items that some
    constraint speaks about. `pin`: block → group it is pinned to.
    """

    block: NDArray[np.int64]
    apart: NDArray[np.int64]
    bound: NDArray[np.bool_]
    pin: dict[int, int]


def closed(constraints: Constraints, n: int) -> Blocks:
    """Close the constraints over `n` items. Raises ContradictionError with the chain that contradicts."""
    together = _links(constraints)
    block, bound = np.arange(n, dtype=np.int64), np.zeros(n, dtype=np.bool_)
    seen: set[int] = set()
    for start in together:
        if start not in seen:
            members = _reached(together, start)
            seen |= members
            block[list(members)] = min(members)
            bound[list(members)] = True
    for a, b in constraints.cannot_link:
        bound[[a, b]] = True
        if block[a] == block[b]:
            raise ContradictionError((a, b), _chain(together, a, b))
    pin: dict[int, int] = {}
    first: dict[int, int] = {}
    for item, group in constraints.pinned.items():
        bound[item] = True
        home = int(block[item])
        if pin.setdefault(home, group) != group:
            raise ContradictionError((first[home], item), _chain(together, first[home], item))
        first.setdefault(home, item)
    apart = {(int(block[a]), int(block[b])) for a, b in constraints.cannot_link}
    homes = sorted(pin)
    apart |= {(a, b) for i, a in enumerate(homes) for b in homes[i + 1 :]}
    return Blocks(block, np.array(sorted(apart), dtype=np.int64).reshape(-1, 2), bound, pin)


def broken(constraints: Constraints, labels: NDArray[np.int32]) -> tuple[Pair, ...]:
    """The pairs that `labels` (int32[n], -1 = unplaced) would break; empty when every correction is honoured."""
    wrong = [(a, b) for a, b in constraints.must_link if a != b and (labels[a] != labels[b] or labels[a] < 0)]
    wrong += [(a, b) for a, b in constraints.cannot_link if labels[a] == labels[b] >= 0]
    home: dict[int, tuple[int, int]] = {}
    for item, group in constraints.pinned.items():
        label, first = home.setdefault(group, (int(labels[item]), item))
        if labels[item] != label or label < 0:
            wrong.append((first, item))
    owners: dict[int, tuple[int, int]] = {}
    for group, (label, item) in home.items():
        other, first = owners.setdefault(label, (group, item))
        if other != group:
            wrong.append((first, item))
    return tuple(wrong)


def _links(constraints: Constraints) -> dict[int, set[int]]:
    together: dict[int, set[int]] = {}
    first_of: dict[int, int] = {}
    pins = [(first_of.setdefault(group, item), item) for item, group in constraints.pinned.items()]
    for a, b in (*constraints.must_link, *pins):
        if a != b:
            together.setdefault(a, set()).add(b)
            together.setdefault(b, set()).add(a)
    return together


def _reached(together: dict[int, set[int]], start: int) -> set[int]:
    found, queue = {start}, deque([start])
    while queue:
        new = together[queue.popleft()] - found
        found |= new
        queue.extend(new)
    return found


def _chain(together: dict[int, set[int]], start: int, end: int) -> tuple[int, ...]:
    came_from = {start: start}
    queue = deque([start])
    while queue and end not in came_from:
        here = queue.popleft()
        for there in sorted(together.get(here, ())):
            if there not in came_from:
                came_from[there] = here
                queue.append(there)
    chain = [end]
    while chain[-1] != start:
        chain.append(came_from[chain[-1]])
    return tuple(reversed(chain))
