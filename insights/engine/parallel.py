"""Work on blocks of rows, one thread per processor."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from threadpoolctl import threadpool_limits

Part = TypeVar("Part")


def in_threads(work: Callable[[Part], object], parts: Iterable[Part]) -> None:
    """Call `work` on each part; parts must write to places of their own.

    Matrix products, selections and sparse products run outside the interpreter's lock. Inside them the linear algebra
    library is held to one thread: its own threads wait for each other by spinning, which on a busy machine costs far
    more than it gains, and what is done between two products would be left to one thread.
    """
    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(os.cpu_count()) as threads:
        for done in [threads.submit(work, part) for part in parts]:
            done.result()


def blocks(n: int, size: int) -> list[slice]:
    """Slices of at most `size` that cover `n` rows."""
    return [slice(start, min(start + size, n)) for start in range(0, n, size)]
