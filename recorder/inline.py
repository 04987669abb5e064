"""Steps and boundaries in, episodes out, in one process: for lockstep, where nothing hurries."""

import logging
from collections.abc import Callable
from typing import Protocol

from recorder.consolidate import consolidate
from recorder.encoded import EncodedImage
from recorder.image_log import encode_jpeg
from recorder.writer import FLUSH_S, EpisodeWriter
from teleop.errors import EpisodeError, FrameLost
from teleop.interfaces import Image
from teleop.messages import EpisodeEnded, EpisodeOpened, EpisodeSaved, FrameRef, Outcome, Step
from teleop.session_folder import SessionFolder
from teleop.stream_messages import RecordedEvent, SampleBlock

log = logging.getLogger(__name__)

_SEGMENT_S = 60.0  # of recorded time, which it keeps in memory
BETWEEN = -1  # number of the episode of steps that are shown, not recorded


class FrameArchive(Protocol):
    """Where the images are that steps refer to."""

    def read(self, ref: FrameRef) -> Image:
        """Return an image. Raises FrameLost if it is gone."""
        ...


def _ignore(_: EpisodeSaved) -> None:
    """Tell nobody."""


class InlineRecorder:
    """Writes every episode it is told of. Implements `interfaces.StepSink` and `SampleSink`.

    Steps of an episode whose opening was missed go into a folder of their own. Every call raises
    EpisodeError if something could not be written: the episode is finished with the rows it has,
    and the rest of it is counted as unrecorded.

    Args:
        folder: the session.
        frames: where the images are that steps refer to.
        saved: told of every hand-back and every finished episode, within the same call.
        flush_s: of recorded time, between two hand-overs to the file. Lockstep, where a crash
            costs nothing that cannot be repeated, may take more.

    Attributes:
        unrecorded_steps: steps that came and could not be kept.
    """

    def __init__(
        self,
        folder: SessionFolder,
        frames: FrameArchive,
        saved: Callable[[EpisodeSaved], None] = _ignore,
        flush_s: float = FLUSH_S,
    ) -> None:
        self._folder = folder
        self._frames = frames
        self._saved = saved
        self._flush_s = flush_s
        self._writer: EpisodeWriter | None = None
        self._newest: dict[str, FrameRef] = {}
        self._episode = BETWEEN
        self.unrecorded_steps = 0
        self._dropped_steps = 0
        self._lost_images = 0

    @property
    def episode(self) -> int:
        """The episode being written, -1: none."""
        return self._episode if self._writer else BETWEEN

    @property
    def dropped_steps(self) -> int:
        """Steps that never came, by the gaps in their index."""
        return self._dropped_steps + (self._writer.dropped_steps if self._writer else 0)

    @property
    def lost_images(self) -> int:
        """Images that were overwritten before they could be read."""
        return self._lost_images + (self._writer.lost_images if self._writer else 0)

    def opened(self, message: EpisodeOpened) -> None:
        self._open(message, first_index=0)

    def _open(self, message: EpisodeOpened, first_index: int) -> None:
        self.close("the next episode was opened before this one ended")
        self._episode = message.episode
        self._newest.clear()
        self._writer = EpisodeWriter(
            self._folder,
            message,
            segment_s=_SEGMENT_S,
            flush_s=self._flush_s,
            first_index=first_index,
        )

    def step(self, step: Step) -> None:
        if step.episode == BETWEEN:
            return
        if step.episode != self._episode:
            self._open(opening_of(step), step.index)
        writer = self._writer
        if writer is None:  # it has ended, or could not be written
            self.unrecorded_steps += 1
            return
        self._take_images(writer, step)
        try:
            if writer.append(step):
                self._saved(writer.cut())
        except EpisodeError as error:
            self._give_up(writer, str(error))
            raise

    def _take_images(self, writer: EpisodeWriter, step: Step) -> None:
        for ref in step.observation.frames:
            if self._newest.get(ref.camera) == ref:
                continue
            self._newest[ref.camera] = ref
            try:
                image = self._frames.read(ref)
            except FrameLost:
                writer.missed(ref)
            else:
                height, width, colours = image.shape
                code = encode_jpeg(image)
                writer.image(EncodedImage(ref, code, (height, width, colours)))

    def samples(self, block: SampleBlock) -> None:
        if self._writer is not None:
            self._writer.samples(block)

    def event(self, event: RecordedEvent) -> None:
        if self._writer is not None:
            self._writer.event(event)

    def ended(self, message: EpisodeEnded) -> None:
        if message.episode == self._episode:
            self._close(message.outcome, message.reason, message.stamp_ns)

    def flush(self) -> None:
        """Hand what has come to the file."""
        if self._writer is None:
            return
        try:
            self._writer.flush()
        except EpisodeError as error:
            self._give_up(self._writer, str(error))
            raise

    def close(self, reason: str = "the recorder was stopped") -> None:
        """Finish an open episode as UNLABELLED. Idempotent."""
        self._close(Outcome.UNLABELLED, reason, None)

    def _close(self, outcome: Outcome, reason: str, ended_ns: int | None) -> None:
        writer = self._writer
        if writer is None:
            return
        try:
            saved = writer.close(outcome, reason, ended_ns)
        except EpisodeError as error:
            self._give_up(writer, str(error))
            raise
        self._done(writer)
        try:
            consolidate(writer.path)
        except EpisodeError as error:  # its segments stay, and say the same
            log.warning("%s", error)
        self._saved(saved)

    def _give_up(self, writer: EpisodeWriter, reason: str) -> None:
        saved = writer.give_up(reason)
        self._done(writer)
        if saved is not None:
            self._saved(saved)

    def _done(self, writer: EpisodeWriter) -> None:
        self._writer = None
        self._dropped_steps += writer.dropped_steps
        self._lost_images += writer.lost_images


def opening_of(step: Step) -> EpisodeOpened:
    """What can be said of an episode whose opening was missed."""
    return EpisodeOpened(
        episode=step.episode,
        stamp_ns=step.stamp_ns,
        instruction=step.observation.instruction,
        cameras=tuple(ref.camera for ref in step.observation.frames),
        scene="",
    )
