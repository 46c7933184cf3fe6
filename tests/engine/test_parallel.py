"""Blocks cover all rows, and what fails in a thread fails the whole."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.engine.parallel import blocks, in_threads


@given(st.integers(0, 500), st.integers(1, 60))
def test_every_row_is_always_worked_on_exactly_once(n: int, size: int) -> None:
    counted = np.zeros(n, dtype=np.int64)

    def count(part: slice) -> None:
        counted[part] += 1

    in_threads(count, blocks(n, size))
    assert (counted == 1).all()
    assert all(part.stop - part.start <= size for part in blocks(n, size))


def test_an_error_in_one_part_is_raised() -> None:
    def fail(part: int) -> None:
        if part == 3:
            raise ValueError("part 3")

    with pytest.raises(ValueError, match="part 3"):
        in_threads(fail, range(5))
