"""Single items move to where they belong, or nowhere."""

import numpy as np

from insights.engine.neighbours import nearest
from insights.engine.settling import lonely, moved_to_nearest, placed
from tests.engine.worlds import World, world


def ones(clear: World) -> np.ndarray:
    return np.ones(len(clear.truth), dtype=np.int64)


def test_strays_move_to_the_group_that_they_resemble_unless_they_are_bound() -> None:
    clear = world(1, (40, 30, 20))
    problem, free = clear.truth.astype(np.int64), np.ones(len(clear.truth), dtype=np.bool_)
    strays = np.flatnonzero(clear.truth == 0)[:2]
    problem[strays], free[strays[1]] = 1, False
    moved = moved_to_nearest(clear.vectors, ones(clear), problem, free)
    assert moved[strays].tolist() == [0, 1]
    assert (np.delete(moved, strays) == np.delete(clear.truth, strays)).all()


def test_texts_whose_neighbours_are_far_and_of_other_problems_are_lonely() -> None:
    clear = world(2, (60, 40, 30), off_topic=8)
    problem = np.where(clear.truth < 0, np.arange(len(clear.truth)) % 3, clear.truth).astype(np.int64)
    found = lonely(clear.vectors, nearest(clear.vectors, 10), problem)
    assert (found == (clear.truth < 0)).all()


def test_lonely_items_are_left_unplaced_unless_they_are_bound() -> None:
    clear = world(3, (20, 10))
    free = np.ones(30, dtype=np.bool_)
    alone = np.zeros(30, dtype=np.bool_)
    alone[:2], free[1] = True, False
    labels = placed(clear.vectors, ones(clear), clear.truth.astype(np.int64), free, alone)
    assert labels[0] == -1
    assert (labels[1:] == clear.truth[1:]).all()
