"""Wall time of monotonic stamps, from an episode's clock table.

The two clocks drift apart by some parts in a million, and interpolation follows that. A step of
the wall clock is not followed: after it, the offset from before goes on, so that order and
durations stay true. The step itself is an event of the episode.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from teleop.stream_messages import ClockPair

STEP_NS = 10_000_000  # between two pairs, a second apart, no drift comes to this


class WallTime:
    """The wall time (ns since 1970) of stamps of one episode.

    Args:
        clock: oldest first, at least one pair.
    """

    def __init__(self, clock: Sequence[ClockPair]) -> None:
        monotonic = np.array([pair.monotonic_ns for pair in clock], np.int64)
        realtime = np.array([pair.realtime_ns for pair in clock], np.int64)
        offset = realtime - monotonic
        drift = np.diff(offset)
        drift[np.abs(drift) > STEP_NS] = 0
        self._first = int(offset[0])
        self._monotonic = monotonic
        self._since = np.concatenate(([0], np.cumsum(drift)))

    def of(self, stamp_ns: NDArray[np.int64]) -> NDArray[np.int64]:
        """Wall time of monotonic stamps, the same shape."""
        # Relative to the first pair doubles hold nanoseconds exactly for a hundred days.
        at = (stamp_ns - self._monotonic[0]).astype(np.float64)
        known = (self._monotonic - self._monotonic[0]).astype(np.float64)
        drift = np.interp(at, known, self._since.astype(np.float64))
        return stamp_ns + self._first + np.rint(drift).astype(np.int64)

    def one(self, stamp_ns: int) -> int:
        """Wall time of one stamp."""
        return int(self.of(np.array([stamp_ns], np.int64))[0])
