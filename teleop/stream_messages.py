"""What reaches the recorder beside steps: samples of sensors at their own rates, and events.

A sensor's samples are stamped where they are taken, travel in blocks, and carry sequence numbers,
so that what was lost on the way shows as a gap. Stamps are never corrected: what is known of a
stream's latency stands beside it.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

WRENCH_STREAMS = ("wrench_left", "wrench_right")  # samples of (6,), force first, N and Nm
NO_STAMP = -1  # the device has no clock of its own


@dataclass(frozen=True)
class StreamInfo:
    """What a stream of samples is.

    Attributes:
        name: unique in the session, no slash: "wrench_left", "joints", "device".
        shape: of one sample.
        unit: for people, as in `messages`.
        columns: a name for each number of a flat sample, where that helps.
        rate_hz: nominal; 0: as they come.
        latency_ns: from the event in the world to the host stamp, -1: not known.
        latency_note: how that was measured, or by whom it is claimed.
    """

    name: str
    shape: tuple[int, ...]
    unit: str = ""
    columns: tuple[str, ...] = ()
    rate_hz: float = 0.0
    latency_ns: int = -1
    latency_note: str = ""


@dataclass(frozen=True, eq=False)
class SampleBlock:
    """Samples of one stream, oldest first.

    It names its stream in full, for a recorder that was restarted meanwhile.
    """

    info: StreamInfo
    sequence: NDArray[np.int64]  # (n,) counted at the source; a gap is a loss
    host_ns: NDArray[np.int64]  # (n,) monotonic time of this host
    device_ns: NDArray[np.int64]  # (n,) by the device's own clock, NO_STAMP: it has none
    data: NDArray[np.float32]  # (n, *info.shape)


class EventKind(StrEnum):
    """What happened."""

    TAKEOVER = "takeover"
    HAND_BACK = "hand_back"
    NOTICE = "notice"  # the operator was told something
    SETTINGS = "settings"  # of the session; each change as "path before → after"
    DEVICE = "device"  # the operator's readings come from this source from here on
    STEPS_LOST = "steps_lost"
    IMAGES_LOST = "images_lost"
    SAMPLES_LOST = "samples_lost"
    SILENT = "silent"  # a stream that gave samples gives none
    CLOCK_STEP = "clock_step"  # the wall clock jumped
    DISK = "disk"  # the disk is slow, nearly full, gone
    KEPT_FROM = "kept_from"  # corrections only: rows from here on are kept
    KEPT_TO = "kept_to"  # corrections only: rows after this one are not


@dataclass(frozen=True)
class RecordedEvent:
    """Something that happened at an instant of an episode."""

    stamp_ns: int
    kind: EventKind
    text: str = ""  # one sentence, for people
    source: str = ""  # a stream, camera or process
    numbers: dict[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True)
class ClockPair:
    """One instant by two clocks: wall time can be told of every stamp, also after a clock step."""

    monotonic_ns: int
    realtime_ns: int


def empty_block(info: StreamInfo) -> SampleBlock:
    """No samples of that stream."""
    none: NDArray[Any] = np.zeros(0, np.int64)
    return SampleBlock(info, none, none, none, np.zeros((0, *info.shape), np.float32))
