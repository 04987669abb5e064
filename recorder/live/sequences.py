"""Gaps in what is counted at its source, and streams that fall silent. Pure."""

from dataclasses import dataclass

from recorder.live.losses import Cause, Loss
from teleop.messages import Step
from teleop.stream_messages import EventKind, RecordedEvent, SampleBlock

SILENT_NS = 500_000_000
CAMERA_SILENT_NS = 1_000_000_000  # a drawn camera may be slow without being ill
_PERIODS = 10  # of its own rate, for a slow stream


def step_gap(expected: int, step: Step) -> Loss | None:
    """The steps missing before `step`, where `expected` is the index that was due."""
    missing = step.index - expected
    if missing <= 0:
        return None
    return Loss(EventKind.STEPS_LOST, "", Cause.ROAD, expected, step.index - 1, missing)


class SampleGaps:
    """Follows the sequence of every stream of samples."""

    def __init__(self) -> None:
        self._next: dict[str, int] = {}

    def take(self, block: SampleBlock) -> Loss | None:
        """The samples missing before and within `block`; numbers that begin anew are no loss."""
        if not len(block.sequence):
            return None
        name = block.info.name
        first, last = int(block.sequence[0]), int(block.sequence[-1])
        expected = self._next.get(name, first)
        self._next[name] = last + 1
        if first < expected:
            expected = first
        missing = last + 1 - expected - len(block.sequence)
        if missing <= 0:
            return None
        return Loss(EventKind.SAMPLES_LOST, name, Cause.ROAD, expected, last, missing)


@dataclass(frozen=True)
class Heard:
    """When a stream gave something last."""

    newest_ns: int
    patience_ns: int
    silent: bool = False


class SilenceWatch:
    """Notices streams and cameras that gave something in this session and give no more."""

    def __init__(self) -> None:
        self._heard: dict[str, Heard] = {}

    def heard(self, name: str, now_ns: int, patience_ns: int) -> RecordedEvent | None:
        """Something came of `name`; an event if it had been silent."""
        before = self._heard.get(name)
        self._heard[name] = Heard(now_ns, patience_ns)
        if before is None or not before.silent:
            return None
        pause_s = (now_ns - before.newest_ns) / 1e9
        text = f"{name} gives something again, after {pause_s:.1f} s."
        return RecordedEvent(now_ns, EventKind.SILENT, text, name, {"seconds": pause_s})

    def opened(self, now_ns: int) -> None:
        """An episode begins: everything has its time again to give something."""
        for name, heard in self._heard.items():
            self._heard[name] = Heard(now_ns, heard.patience_ns)

    def fallen_silent(self, now_ns: int) -> tuple[RecordedEvent, ...]:
        """Return, once for each silence, those that have given nothing for too long."""
        found: list[RecordedEvent] = []
        for name, heard in self._heard.items():
            if not heard.silent and now_ns - heard.newest_ns > heard.patience_ns:
                self._heard[name] = Heard(heard.newest_ns, heard.patience_ns, silent=True)
                pause_s = (now_ns - heard.newest_ns) / 1e9
                text = f"{name} has given nothing for {pause_s:.1f} s."
                numbers = {"seconds": pause_s}
                found.append(RecordedEvent(now_ns, EventKind.SILENT, text, name, numbers))
        return tuple(found)

    def silent(self) -> tuple[str, ...]:
        """The names of those that are silent now."""
        return tuple(name for name, heard in self._heard.items() if heard.silent)


def patience_ns(rate_hz: float) -> int:
    """How long a stream of that rate may pause; 0 or less: it comes as it comes, and never is."""
    if rate_hz <= 0.0:
        return 1 << 62
    return max(SILENT_NS, round(_PERIODS * 1e9 / rate_hz))
