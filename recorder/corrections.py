"""Corrections only: rows wait in memory until somebody takes over, and most are never written.

Kept is what lies between `before_s` before a takeover and `after_s` after the hand-back, with its
images and samples. Events, clock pairs and losses are kept of the whole episode.
"""

from collections import deque

from recorder.batch import Batch
from recorder.encoded import EncodedImage
from teleop.config import RecordConfig
from teleop.messages import Mode, Step
from teleop.stream_messages import EventKind, RecordedEvent, SampleBlock

_IMAGE_AGE_NS = 2_000_000_000  # of an image that a row names: what a proposal was made from is old


class Corrections:
    """Moves what is to be kept into batches.

    Args:
        config: how much before and after, and how many bytes of images may wait.

    Attributes:
        cut_rows: rows that were not kept.
        lost_images: that had to give way for want of memory.
    """

    def __init__(self, config: RecordConfig) -> None:
        self._before_ns = round(config.before_s * 1e9)
        self._after_ns = round(config.after_s * 1e9)
        self._most_bytes = round(config.queue_mb * 1e6)
        self._steps: deque[Step] = deque()
        self._images: deque[EncodedImage] = deque()
        self._blocks: deque[SampleBlock] = deque()
        self._image_bytes = 0
        self._until_ns: int | None = None  # rows up to then are kept; None: they wait
        self._kept_ns = -1  # the last row that was kept
        self._held = [False, False]  # arms in the operator's hand, also while they hold
        self.cut_rows = 0
        self.lost_images = 0

    def step(self, step: Step, batch: Batch) -> None:
        """Take one row in; `batch` gets it, and what led to it, if it is to be kept."""
        for arm, mode in enumerate(step.modes):
            if mode in (Mode.OPERATOR, Mode.POLICY):
                self._held[arm] = mode is Mode.OPERATOR
        if any(self._held):
            if self._until_ns is None:
                self._forget(step.stamp_ns - self._before_ns)
                self._release(step, batch)
            self._until_ns = step.stamp_ns + self._after_ns
        elif self._until_ns is not None and step.stamp_ns > self._until_ns:
            self._until_ns = None
            batch.events.append(RecordedEvent(self._kept_ns, EventKind.KEPT_TO))
        if self._until_ns is not None:
            self._kept_ns = step.stamp_ns
            batch.steps.append(step)
            return
        self._steps.append(step)
        self._forget(step.stamp_ns - self._before_ns)

    def image(self, image: EncodedImage, batch: Batch) -> None:
        """Take one image in. It may come after rows that are later than it."""
        if self._keeps(image.ref.stamp_ns):
            batch.images.append(image)
            return
        self._images.append(image)
        self._image_bytes += len(image.code)
        while self._image_bytes > self._most_bytes:
            self._forget_image()
            self.lost_images += 1

    def samples(self, block: SampleBlock, batch: Batch) -> None:
        """Take samples in."""
        if self._keeps(int(block.host_ns[0])):
            batch.blocks.append(block)
        else:
            self._blocks.append(block)

    def end(self) -> None:
        """The episode is over: what waits is not kept."""
        self.cut_rows += len(self._steps)
        self._steps.clear()
        self._images.clear()
        self._blocks.clear()

    def _keeps(self, stamp_ns: int) -> bool:
        return self._until_ns is not None or stamp_ns <= self._kept_ns

    def _release(self, step: Step, batch: Batch) -> None:
        """Keep all that waits: somebody has taken over."""
        first_ns = self._steps[0].stamp_ns if self._steps else step.stamp_ns
        batch.events.append(RecordedEvent(first_ns, EventKind.KEPT_FROM))
        batch.steps += self._steps
        batch.images += self._images
        batch.blocks += self._blocks
        self._steps.clear()
        self._images.clear()
        self._blocks.clear()
        self._image_bytes = 0

    def _forget(self, before_ns: int) -> None:
        """Let go of what is older."""
        while self._steps and self._steps[0].stamp_ns < before_ns:
            self._steps.popleft()
            self.cut_rows += 1
        while self._images and self._images[0].ref.stamp_ns < before_ns - _IMAGE_AGE_NS:
            self._forget_image()
        while self._blocks and int(self._blocks[0].host_ns[-1]) < before_ns:
            self._blocks.popleft()

    def _forget_image(self) -> None:
        self._image_bytes -= len(self._images.popleft().code)
