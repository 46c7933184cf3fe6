"""Stopping a benchmark: no signal is lost, and none falls into the clearing up."""

import signal
from types import FrameType


class Stopping:
    """SIGINT and SIGTERM end the work with a KeyboardInterrupt, once: what clears up afterwards is not disturbed.

    Python drops what is raised while a destructor or a callback from C runs, so whoever works also asks now and then.
    """

    def __init__(self) -> None:
        """Take the two signals over."""
        self._asked = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)

    def raise_if_asked(self) -> None:
        """End the work here when a signal came.

        Raises:
            KeyboardInterrupt: it did.
        """
        if self._asked:
            raise KeyboardInterrupt

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        if not self._asked:
            self._asked = True
            raise KeyboardInterrupt
