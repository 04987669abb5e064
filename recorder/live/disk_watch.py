"""How the disk does: nearly full, slow, not answering. Pure."""

from collections import deque
from dataclasses import dataclass

from teleop.stream_messages import EventKind, RecordedEvent

NEARLY_FULL_S = 300.0  # room for less recording than this is told
STUCK_S = 1.5  # a call that has not come back for so long is told while it lasts
SLOW_TOLD_S = 1.0  # a call that took so long is told, not only recorded
SLOW_SHOWN_S = 5.0  # how long a slow call is told after it came back
_WINDOW_S = 20.0


@dataclass(frozen=True)
class DiskState:
    """What is known of the disk at an instant.

    Attributes:
        free_bytes: -1: not known.
        room_s: how long the room suffices at the present rate, infinite: nothing is recorded.
        stuck_s: for how long it has not answered, 0: it has.
    """

    free_bytes: int
    room_s: float
    stuck_s: float
    slow: str = ""


class DiskWatch:
    """Follows how fast the room shrinks.

    Args:
        reserve_bytes: what is left free for good.
    """

    def __init__(self, reserve_bytes: float) -> None:
        self._reserve = reserve_bytes
        self._free: deque[tuple[float, int]] = deque()
        self._slow_s = float("-inf")
        self._slow = ""
        self._nearly_full = False

    def look(
        self, now_s: float, free_bytes: int, call_began_s: float, recording: bool
    ) -> DiskState:
        """Take in how the disk is now; `call_began_s` is 0 while nothing waits for it."""
        if not recording or free_bytes < 0:
            self._free.clear()
        elif not self._free or now_s - self._free[-1][0] >= 1.0:
            self._free.append((now_s, free_bytes))
            while now_s - self._free[0][0] > _WINDOW_S:
                self._free.popleft()
        stuck_s = now_s - call_began_s if call_began_s else 0.0
        return DiskState(
            free_bytes,
            self._room_s(),
            stuck_s if stuck_s >= STUCK_S else 0.0,
            self._slow if now_s - self._slow_s < SLOW_SHOWN_S else "",
        )

    def slow(self, now_s: float, seconds: float) -> RecordedEvent:
        """A call took long: the event to record."""
        text = f"The disk took {seconds:.1f} s over one write."
        if seconds >= SLOW_TOLD_S:
            self._slow_s, self._slow = now_s, text
        return RecordedEvent(round(now_s * 1e9), EventKind.DISK, text, "", {"seconds": seconds})

    def nearly_full(self, now_s: float, state: DiskState) -> RecordedEvent | None:
        """The event of a disk that has become nearly full, once."""
        before, self._nearly_full = self._nearly_full, state.room_s < NEARLY_FULL_S
        if before or not self._nearly_full:
            return None
        numbers = {"free_gb": state.free_bytes / 1e9, "room_s": state.room_s}
        return RecordedEvent(round(now_s * 1e9), EventKind.DISK, room_text(state), "", numbers)

    def _room_s(self) -> float:
        if len(self._free) < 3:
            return float("inf")
        (first_s, first), (last_s, last) = self._free[0], self._free[-1]
        used, span_s = first - last, last_s - first_s
        room = max(0.0, last - self._reserve)
        return room * span_s / used if used > 0 else float("inf")


def room_text(state: DiskState) -> str:
    """The sentence about a disk that is nearly full."""
    free = f"{state.free_bytes / 1e9:.1f} GB are free"
    minutes = state.room_s / 60.0
    length = f"{minutes:.0f} min" if minutes >= 1.0 else f"{state.room_s:.0f} s"
    return f"The disk has room for {length} of recording ({free}): free some space."
