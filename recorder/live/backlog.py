"""What waits to be written, in order, bounded by its bytes: images give way first, steps last."""

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from recorder.encoded import EncodedImage
from recorder.live.losses import Loss
from teleop.messages import EpisodeEnded, EpisodeOpened, Step
from teleop.stream_messages import ClockPair, RecordedEvent, SampleBlock


@dataclass(frozen=True)
class Opening:
    """An episode begins; its first step has the index `first`."""

    opened: EpisodeOpened
    first: int = 0


Item = Opening | Step | EncodedImage | SampleBlock | Loss | RecordedEvent | ClockPair | EpisodeEnded

STEP_BYTES = 6000  # of a decoded step: some twenty small arrays
SMALL_BYTES = 500  # of a name, an event, an array's own


class Kind(StrEnum):
    """What is dropped together when there is no room."""

    IMAGE = "image"
    SAMPLES = "samples"
    STEP = "step"
    MARK = "mark"  # boundaries, losses, events, clock: few and small, always taken


# How much of the room each kind may fill: what comes later in this order is never refused before
# what comes earlier.
SHARES: Mapping[Kind, float] = {
    Kind.IMAGE: 0.8,
    Kind.SAMPLES: 0.9,
    Kind.STEP: 1.0,
    Kind.MARK: float("inf"),
}


def kind_of(item: Item) -> Kind:
    """Which kind an item is."""
    match item:
        case EncodedImage():
            return Kind.IMAGE
        case SampleBlock():
            return Kind.SAMPLES
        case Step():
            return Kind.STEP
        case _:
            return Kind.MARK


def bytes_of(item: Item) -> int:
    """How much memory an item takes, about."""
    match item:
        case EncodedImage():
            return len(item.code) + SMALL_BYTES
        case SampleBlock():
            return item.data.nbytes + 3 * item.sequence.nbytes + 2 * SMALL_BYTES
        case Step():
            return STEP_BYTES
        case _:
            return SMALL_BYTES


@dataclass(frozen=True)
class Entry:
    """An item on its way into the episode of a key; keys count the episodes of this process."""

    key: int
    item: Item


class Backlog:
    """Between the threads that take in and the one that writes.

    Args:
        limit_bytes: what may wait; what is being written counts until `done`.
    """

    def __init__(self, limit_bytes: float) -> None:
        self._limit = limit_bytes
        self._entries: deque[Entry] = deque()
        self._bytes = 0
        self._changed = threading.Condition()

    @property
    def waiting_bytes(self) -> int:
        return self._bytes

    @property
    def share(self) -> float:
        """How full it is, 0 to 1 and a little more."""
        return self._bytes / self._limit

    def has_room(self, kind: Kind) -> bool:
        """Whether one more of a kind would be taken now; spares making what would be refused."""
        return self._bytes < self._limit * SHARES[kind]

    def put(self, entry: Entry) -> bool:
        """Take an entry; False: there is no room for its kind, and it is not taken."""
        size = bytes_of(entry.item)
        with self._changed:
            if self._bytes + size > self._limit * SHARES[kind_of(entry.item)]:
                return False
            self._bytes += size
            self._entries.append(entry)
            self._changed.notify()
        return True

    def take(self, timeout_s: float) -> tuple[Entry, ...]:
        """Return all that waits, oldest first; with nothing there, wait for the first."""
        with self._changed:
            if not self._entries:
                self._changed.wait(timeout_s)
            found = tuple(self._entries)
            self._entries.clear()
        return found

    def done(self, entry: Entry) -> None:
        """Give back the room of an entry that was taken."""
        with self._changed:
            self._bytes -= bytes_of(entry.item)
