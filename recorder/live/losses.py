"""Losses as bursts: told while they happen, one event for each burst, none forgotten. Pure."""

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum

from recorder.encoded import EncodedImage
from teleop.messages import Step
from teleop.stream_messages import EventKind, RecordedEvent, SampleBlock

QUIET_NS = 2_000_000_000  # without a loss for so long a burst is over
LONGEST_NS = 10_000_000_000  # a longer one is told in parts, so that a crash does not forget it


class Cause(StrEnum):
    """Why something was lost."""

    DISK = "the disk does not keep up"
    ENCODER = "this machine does not compress images fast enough"
    ROAD = "it did not arrive"
    AWAY = "the recorder was being started again"
    STOPPED = "nothing can be written"


@dataclass(frozen=True)
class Loss:
    """Something that was lost at an instant; numbers of a sequence, both ends included."""

    kind: EventKind  # STEPS_LOST, IMAGES_LOST or SAMPLES_LOST
    source: str  # camera or stream, empty for steps
    cause: Cause
    first: int
    last: int
    count: int


@dataclass(frozen=True)
class Burst:
    """Losses of one source that came one after the other."""

    key: int  # of the episode
    loss: Loss  # all of them in one
    began_ns: int
    newest_ns: int


WHAT = {
    EventKind.STEPS_LOST: "steps",
    EventKind.IMAGES_LOST: "images",
    EventKind.SAMPLES_LOST: "samples",
}


class Losses:
    """Gathers losses into bursts, and counts them.

    Attributes:
        total: everything lost since the process began, by kind.
        steps: lost in each episode.
    """

    def __init__(self) -> None:
        self._bursts: dict[tuple[EventKind, str], Burst] = {}
        self._over: list[Burst] = []
        self.total: dict[EventKind, int] = dict.fromkeys(WHAT, 0)
        self.steps: Counter[int] = Counter()

    def note(self, key: int, loss: Loss, now_ns: int) -> None:
        """Take a loss in the episode `key` in."""
        self.total[loss.kind] += loss.count
        if loss.kind is EventKind.STEPS_LOST:
            self.steps[key] += loss.count
        place = (loss.kind, loss.source)
        burst = self._bursts.get(place)
        if burst is not None and (burst.key, burst.loss.cause) != (key, loss.cause):
            self._over.append(self._bursts.pop(place))
            burst = None
        if burst is None:
            self._bursts[place] = Burst(key, loss, now_ns, now_ns)
            return
        joined = replace(
            burst.loss,
            first=min(burst.loss.first, loss.first),
            last=max(burst.loss.last, loss.last),
            count=burst.loss.count + loss.count,
        )
        self._bursts[place] = replace(burst, loss=joined, newest_ns=now_ns)

    def running(self) -> tuple[Burst, ...]:
        """The bursts that are not over."""
        return tuple(self._bursts.values())

    def over(self, now_ns: int, ended: int | None = None) -> tuple[Burst, ...]:
        """Return, once, every burst that is over, has become long, or is of an ended episode."""
        for place, burst in list(self._bursts.items()):
            if (
                burst.key == ended
                or now_ns - burst.newest_ns >= QUIET_NS
                or now_ns - burst.began_ns >= LONGEST_NS
            ):
                self._over.append(self._bursts.pop(place))
        found, self._over = tuple(self._over), []
        return found


def loss_of(item: EncodedImage | SampleBlock | Step, cause: Cause) -> Loss:
    """What is lost with something that cannot be written."""
    match item:
        case EncodedImage():
            number, source = item.ref.sequence, item.ref.camera
            return Loss(EventKind.IMAGES_LOST, source, cause, number, number, 1)
        case SampleBlock():
            first, last = int(item.sequence[0]), int(item.sequence[-1])
            name, count = item.info.name, len(item.sequence)
            return Loss(EventKind.SAMPLES_LOST, name, cause, first, last, count)
        case Step():
            return Loss(EventKind.STEPS_LOST, "", cause, item.index, item.index, 1)


def event_of(burst: Burst) -> RecordedEvent:
    """The event that is written of a burst."""
    loss = burst.loss
    of = f" of {loss.source}" if loss.source else ""
    span_s = (burst.newest_ns - burst.began_ns) / 1e9
    return RecordedEvent(
        burst.began_ns,
        loss.kind,
        f"{loss.count} {WHAT[loss.kind]}{of} were lost within {span_s:.1f} s: {loss.cause}.",
        loss.source,
        {
            "count": float(loss.count),
            "first": float(loss.first),
            "last": float(loss.last),
            "seconds": span_s,
        },
    )


def sentence(bursts: tuple[Burst, ...], since: str) -> str:
    """Say what is being lost, empty: nothing; `since` is the time of day it began."""
    parts: list[str] = []
    for kind, what in WHAT.items():
        of_kind = sorted(
            (burst for burst in bursts if burst.loss.kind is kind), key=lambda one: one.loss.source
        )
        if not of_kind:
            continue
        count = sum(burst.loss.count for burst in of_kind)
        each = ", ".join(f"{one.loss.source} {one.loss.count}" for one in of_kind)
        named = f" ({each})" if of_kind[0].loss.source else ""
        parts.append(f"{count} {what}{named}")
    if not parts:
        return ""
    causes = "; ".join(sorted({str(burst.loss.cause) for burst in bursts}))
    return f"Lost since {since}: {', '.join(parts)}: {causes}."
