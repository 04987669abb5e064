"""Monotonic time: the host's, and a simulated one that lockstep runs on."""

import time


class RealClock:
    """The host's monotonic clock."""

    def now_ns(self) -> int:
        return time.monotonic_ns()

    def sleep_until_ns(self, deadline_ns: int) -> None:
        """Return at the deadline, at once if it has passed. The core is given away meanwhile."""
        while (remaining_ns := deadline_ns - time.monotonic_ns()) > 0:
            time.sleep(remaining_ns * 1e-9)


class SimClock:
    """Time that moves only when it is told to; sleeping is a jump.

    It starts at one second, so that "0 ns" can never be mistaken for a stamp of the run.
    """

    def __init__(self, now_ns: int = 1_000_000_000) -> None:
        self._now_ns = now_ns

    def now_ns(self) -> int:
        return self._now_ns

    def advance(self, duration_ns: int) -> None:
        """Move on by `duration_ns`, which is not negative."""
        if duration_ns < 0:
            raise ValueError(f"monotonic time cannot go back by {-duration_ns} ns")
        self._now_ns += duration_ns

    def sleep_until_ns(self, deadline_ns: int) -> None:
        self._now_ns = max(self._now_ns, deadline_ns)
