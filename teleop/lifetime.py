"""Until when a process runs: a signal tells it to end, or the process that started it is gone.

A parent's death is seen by the change of `os.getppid()`: it needs no cooperation of the parent, so
it works after SIGKILL too. Every process of a session asks `Lifetime.over()` in its own loop, and
closes what it holds in its own order; nothing is done inside the signal handler.
"""

import os
import signal
from types import FrameType

_ENDING = frozenset((signal.SIGTERM, signal.SIGINT))


class Lifetime:
    """Asked in a process's loop; must be made in its main thread.

    Args:
        with_parent: end with the process that started this one, whatever becomes of the terminal;
            else with the terminal, unless told to survive it as by `nohup`.
    """

    def __init__(self, *, with_parent: bool = True) -> None:
        self._parent = os.getppid() if with_parent else 0
        self._signal = 0
        for number in _ENDING:
            signal.signal(number, self._note)
        if with_parent:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        elif signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._note)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._signal = number

    def over(self) -> str:
        """Why this process must end now; empty while it may go on.

        The signals are let through each time: a library that shields its own work from them may
        leave them blocked, as libumockdev-preload does when two threads use it at once, and a
        robot's process that cannot be asked to end is killed without having stopped its robot.
        """
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
        if self._signal:
            return signal.Signals(self._signal).name
        if self._parent and os.getppid() != self._parent:
            return "the session that started this process is gone"
        return ""
