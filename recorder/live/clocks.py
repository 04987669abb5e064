"""The wall clock against the monotonic one, about once a second. Pure, but for `read_clocks`."""

import time

from teleop.stream_messages import ClockPair, EventKind, RecordedEvent

STEP_NS = 100_000_000  # a clock that is only slewed gains half a millisecond a second
_TRIES = 3


def read_clocks() -> ClockPair:
    """One instant by both clocks: of some readings the one that took the least time."""
    best = ClockPair(0, 0)
    least_ns = 1 << 62
    for _ in range(_TRIES):
        before_ns = time.monotonic_ns()
        realtime_ns = time.time_ns()
        taken_ns = time.monotonic_ns() - before_ns
        if taken_ns < least_ns:
            least_ns, best = taken_ns, ClockPair(before_ns + taken_ns // 2, realtime_ns)
    return best


def clock_step(before: ClockPair | None, after: ClockPair) -> RecordedEvent | None:
    """The event of a wall clock that jumped between two pairs."""
    if before is None:
        return None
    jump_ns = (after.realtime_ns - after.monotonic_ns) - (before.realtime_ns - before.monotonic_ns)
    if abs(jump_ns) < STEP_NS:
        return None
    way = "forward" if jump_ns > 0 else "back"
    text = f"The wall clock was set {way} by {abs(jump_ns) / 1e9:.1f} s; stamps go on as before."
    return RecordedEvent(
        after.monotonic_ns, EventKind.CLOCK_STEP, text, "", {"seconds": jump_ns / 1e9}
    )
