"""Which instants belong to which episode, known to every thread that takes something in."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from teleop.messages import EpisodeOpened, Step


@dataclass(frozen=True)
class Span:
    """The instants of an episode of this process.

    Attributes:
        key: counts the episodes of this process.
        opened: as it was announced, or as a step tells of it.
        until_ns: its last instant, None: it goes on.
        first: the images that its first step names, by camera, where the opening was missed.
        broken: nothing more can be written of it.
    """

    key: int
    opened: EpisodeOpened
    until_ns: int | None = None
    first: Mapping[str, int] = field(default_factory=dict[str, int])
    broken: bool = False

    def holds(self, stamp_ns: int) -> bool:
        """Whether that instant is one of the episode's."""
        return self.opened.stamp_ns <= stamp_ns and (
            self.until_ns is None or stamp_ns <= self.until_ns
        )

    def is_past(self, stamp_ns: int) -> bool:
        """Whether that instant lies after the episode's end."""
        return self.until_ns is not None and stamp_ns > self.until_ns


class Spans:
    """The episodes that still take something in: one, and for a moment its predecessor."""

    def __init__(self) -> None:
        self._spans: tuple[Span, ...] = ()
        self._passed: set[tuple[int, str]] = set()
        self._lock = threading.Lock()

    def now(self) -> tuple[Span, ...]:
        """Oldest first."""
        return self._spans

    def open(self, span: Span) -> None:
        """Let an episode begin."""
        with self._lock:
            self._spans = (*self._spans, span)

    def end(self, key: int, until_ns: int) -> None:
        """What comes later than `until_ns` is no longer of that episode."""
        self._change(key, lambda span: replace(span, until_ns=until_ns))

    def mark_broken(self, key: int) -> None:
        """Nothing more can be written of that episode."""
        self._change(key, lambda span: replace(span, broken=True))

    def _change(self, key: int, change: Callable[[Span], Span]) -> None:
        with self._lock:
            self._spans = tuple(change(span) if span.key == key else span for span in self._spans)

    def forget(self, key: int) -> None:
        """The episode takes nothing in any more."""
        with self._lock:
            self._spans = tuple(span for span in self._spans if span.key != key)
            self._passed = {place for place in self._passed if place[0] != key}

    def pass_by(self, key: int, camera: str) -> None:
        """A camera has shown an image from after the end of an episode."""
        with self._lock:
            self._passed.add((key, camera))

    def all_passed(self, span: Span) -> bool:
        """Whether no camera can give another image of the episode."""
        with self._lock:
            return all((span.key, camera) in self._passed for camera in span.opened.cameras)


def opening_of(step: Step, cameras: tuple[str, ...]) -> EpisodeOpened:
    """What can be said of an episode whose opening was missed."""
    return EpisodeOpened(
        episode=step.episode,
        stamp_ns=step.stamp_ns,
        instruction=step.observation.instruction,
        cameras=cameras or tuple(ref.camera for ref in step.observation.frames),
        scene="",
    )
