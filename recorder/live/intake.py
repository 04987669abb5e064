"""What comes over the bus, put to the episode it belongs to; what is missing is noticed. No I/O."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from recorder.live.backlog import Backlog, Entry, Opening
from recorder.live.losses import Cause, Loss, loss_of
from recorder.live.sequences import SampleGaps, SilenceWatch, patience_ns, step_gap
from recorder.live.spans import Span, Spans, opening_of
from teleop.messages import EpisodeEnded, EpisodeOpened, Outcome, Step
from teleop.stream_messages import ClockPair, RecordedEvent, SampleBlock

BETWEEN = -1  # number of the episode of steps that are shown, not recorded
KEPT_NS = 1_000_000_000  # samples and events that may belong to an episode not yet announced
GRACE_NS = 500_000_000  # for the last images of an episode, which are stamped before they come

Message = EpisodeOpened | EpisodeEnded | Step | SampleBlock | RecordedEvent


class Intake:
    """Gives every message its episode, by its stamp, and puts it into the backlog.

    Args:
        backlog: where everything goes.
        spans: which episodes are open.
        lost: told of each loss.
        cameras: of the session, for an episode whose opening was missed.

    Attributes:
        key: of the newest episode, 0: there was none yet.
        silence: of streams and cameras.
    """

    def __init__(
        self,
        backlog: Backlog,
        spans: Spans,
        lost: Callable[[int, Loss], None],
        cameras: tuple[str, ...] = (),
    ) -> None:
        self._backlog = backlog
        self._spans = spans
        self._lost = lost
        self._cameras = cameras
        self._open: Span | None = None  # the newest, also after its end
        self._due = 0  # index of the next step
        self._newest_ns = 0  # stamp of the newest step
        self._closing: dict[int, tuple[EpisodeEnded, int]] = {}  # with the end of the wait
        self._gaps = SampleGaps()
        self._recent: deque[SampleBlock | RecordedEvent] = deque()
        self.silence = SilenceWatch()
        self.key = 0

    @property
    def episode(self) -> int:
        """The number of the episode that is open, -1: none."""
        return self._open.opened.episode if self._open and self.is_open else BETWEEN

    @property
    def is_open(self) -> bool:
        """Whether an episode is open that has not ended."""
        return any(span.until_ns is None for span in self._spans.now())

    def take(self, message: Message, now_ns: int) -> None:
        """Take one message in that came at `now_ns`."""
        match message:
            case EpisodeOpened():
                self._begin(message, now_ns, 0)
            case Step():
                self._step(message, now_ns)
            case EpisodeEnded():
                self._end(message, now_ns)
            case SampleBlock():
                self._samples(message, now_ns)
            case RecordedEvent():
                self._keep(message, now_ns)
                self.event(message)

    def event(self, event: RecordedEvent) -> None:
        """Record an event in the episode that it happened in."""
        for span in self._spans.now():
            if span.holds(event.stamp_ns):
                self._backlog.put(Entry(span.key, event))

    def clock(self, pair: ClockPair) -> None:
        """Record an instant by two clocks."""
        for span in self._spans.now():
            if span.holds(pair.monotonic_ns):
                self._backlog.put(Entry(span.key, pair))

    def ready(self, now_ns: int) -> tuple[int, ...]:
        """The keys of ended episodes that all cameras have passed, or that have waited enough."""
        return tuple(
            span.key
            for span in self._spans.now()
            if span.key in self._closing
            and (now_ns >= self._closing[span.key][1] or self._spans.all_passed(span))
        )

    def close(self, key: int) -> None:
        """Let an episode that is ready be finished."""
        self._spans.forget(key)
        self._backlog.put(Entry(key, self._closing.pop(key)[0]))

    def stop(self, now_ns: int) -> None:
        """End the open episode, because the recorder ends."""
        if self.is_open:
            reason = "the recorder was stopped"
            self._finish(EpisodeEnded(self.episode, now_ns, Outcome.UNLABELLED, reason), now_ns)

    def _begin(
        self, opened: EpisodeOpened, now_ns: int, first: int, named: dict[str, int] | None = None
    ) -> None:
        if self._open is not None and self.is_open:
            reason = "the next episode was opened before this one ended"
            before_ns = opened.stamp_ns - 1
            self._finish(EpisodeEnded(self.episode, before_ns, Outcome.UNLABELLED, reason), now_ns)
        self.key += 1
        self._due = first
        self._newest_ns = opened.stamp_ns
        span = Span(self.key, opened, first=named or {})
        self._open = span
        self._backlog.put(Entry(self.key, Opening(opened, first)))
        self._spans.open(span)
        self.silence.opened(now_ns)
        self._gaps = SampleGaps()  # what a source counts between two episodes is not sent
        for recent in self._recent:
            self._put(span, recent)

    def _step(self, step: Step, now_ns: int) -> None:
        if step.episode == BETWEEN:
            return
        if self._open is None or step.episode != self._open.opened.episode:
            named = {ref.camera: ref.sequence for ref in step.observation.frames}
            self._begin(opening_of(step, self._cameras), now_ns, step.index, named)
        if loss := step_gap(self._due, step):
            self._lose(loss)
        self._due = step.index + 1
        self._newest_ns = step.stamp_ns
        if self._open is None or not self._backlog.put(Entry(self._open.key, step)):
            self._lose(loss_of(step, Cause.DISK))

    def _lose(self, loss: Loss) -> None:
        self._lost(self.key, loss)

    def _end(self, message: EpisodeEnded, now_ns: int) -> None:
        if message.episode == self.episode:
            self._finish(message, now_ns)

    def _finish(self, message: EpisodeEnded, now_ns: int) -> None:
        self._spans.end(self.key, max(message.stamp_ns, self._newest_ns))
        self._closing[self.key] = (message, now_ns + GRACE_NS)

    def _samples(self, block: SampleBlock, now_ns: int) -> None:
        name = block.info.name
        if back := self.silence.heard(name, now_ns, patience_ns(block.info.rate_hz)):
            self.event(back)
        loss = self._gaps.take(block)
        self._keep(block, now_ns)
        for span in self._spans.now():
            if loss is not None:
                self._lost(span.key, loss)
                loss = None
            self._put(span, block)

    def _keep(self, item: SampleBlock | RecordedEvent, now_ns: int) -> None:
        """Remember it for a second: it may belong to an episode that is not yet announced."""
        self._recent.append(item)
        while now_ns - _newest_ns(self._recent[0]) > KEPT_NS and len(self._recent) > 1:
            self._recent.popleft()

    def _put(self, span: Span, item: SampleBlock | RecordedEvent) -> None:
        if isinstance(item, RecordedEvent):
            if span.holds(item.stamp_ns):
                self._backlog.put(Entry(span.key, item))
            return
        part = within(item, span)
        if part is not None and not self._backlog.put(Entry(span.key, part)):
            self._lost(span.key, loss_of(part, Cause.DISK))


def within(block: SampleBlock, span: Span) -> SampleBlock | None:
    """The samples of a block that belong to an episode, None: none do."""
    from_ns, until_ns = span.opened.stamp_ns, span.until_ns
    if not len(block.host_ns):
        return None
    if from_ns <= block.host_ns[0] and (until_ns is None or block.host_ns[-1] <= until_ns):
        return block
    kept = block.host_ns >= from_ns
    if until_ns is not None:
        kept &= block.host_ns <= until_ns
    if not np.any(kept):
        return None
    return replace(
        block,
        sequence=block.sequence[kept],
        host_ns=block.host_ns[kept],
        device_ns=block.device_ns[kept],
        data=block.data[kept],
    )


def _newest_ns(item: SampleBlock | RecordedEvent) -> int:
    if isinstance(item, RecordedEvent):
        return item.stamp_ns
    return int(item.host_ns[-1]) if len(item.host_ns) else 0
