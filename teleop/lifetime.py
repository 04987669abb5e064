"""Until when a process runs: a signal tells it to end, or the process that started it is gone.

A parent's death is seen by the change of `os.getppid()`: it needs no cooperation of the parent, so
it works after SIGKILL too. Every process of a session asks `Lifetime.over()` in its own loop, and
closes what it holds in its own order; nothing is done inside the signal handler.
"""

import os
import signal
from types import FrameType


class Lifetime:
    """Asked in a process's loop; must be made in its main thread."""

    def __init__(self) -> None:
        self._parent = os.getppid()
        self._signal = 0
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._signal = number

    def over(self) -> str:
        """Why this process must end now; empty while it may go on."""
        if self._signal:
            return signal.Signals(self._signal).name
        if os.getppid() != self._parent:
            return "the session that started this process is gone"
        return ""
