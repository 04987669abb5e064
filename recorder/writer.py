"""One episode into its folder: segment after segment, each whole before it gets its name."""

import contextlib
import logging
import time
from collections.abc import Generator
from dataclasses import replace

from recorder.batch import Batch
from recorder.corrections import Corrections
from recorder.encoded import EncodedImage
from recorder.header import first_header, saved_message
from recorder.layout import Layout
from recorder.losses import Losses
from recorder.rows_so_far import RowsSoFar
from recorder.schema import WHOLE, Header, State
from recorder.segment import Segment
from recorder.storage import (
    episode_name,
    in_words,
    make_lasting,
    make_unused,
    require_room,
    segment_name,
)
from teleop.config import RecordConfig
from teleop.errors import EpisodeError
from teleop.messages import EpisodeOpened, EpisodeSaved, FrameRef, Mode, Outcome, Step
from teleop.session_folder import SessionFolder
from teleop.stream_messages import ClockPair, EventKind, RecordedEvent, SampleBlock

FLUSH_S = 0.25  # what a crash may cost
SEGMENT_S = 2.0
_USUAL = RecordConfig()

log = logging.getLogger(__name__)


class EpisodeWriter:
    """Writes one episode. Knows files only, and no time but that of what it is given.

    It counts every gap in what it is given; why there is one is for others to tell.

    Args:
        folder: the session.
        opened: what the episode is.
        config: which rows are kept, and how much of the disk is left free.
        segment_s: of recorded time, until the next segment.
        flush_s: of recorded time, between two hand-overs to the file.
        first_index: of the first step that can be expected.
        source: where the episode is imported from.

    Attributes:
        path: the episode's folder.

    Raises:
        DiskFull: less than the reserve is free.
        EpisodeError: the folder cannot be written.
    """

    def __init__(
        self,
        folder: SessionFolder,
        opened: EpisodeOpened,
        config: RecordConfig = _USUAL,
        *,
        segment_s: float = SEGMENT_S,
        flush_s: float = FLUSH_S,
        first_index: int = 0,
        source: str = "",
    ) -> None:
        self._reserve = round(config.reserve_mb * 1e6)
        self._flush_ns = round(flush_s * 1e9)
        self._segment_ns = segment_s * 1e9
        self._layout = Layout(opened.cameras)
        self._losses = Losses(first_index)
        kept_whole = config.keep == "all" or opened.demonstration
        self._corrections = None if kept_whole else Corrections(config)
        header = first_header(opened, time.time_ns(), corrections_only=not kept_whole)
        self._header = replace(header, source=source)
        self._rows = RowsSoFar()
        self._batch = Batch(clock=[ClockPair(opened.stamp_ns, self._header.opened_epoch_ns)])
        self._flushed_ns = opened.stamp_ns  # of the newest row that is in a file
        self._corrected = [False, False]  # arms the operator took, not yet handed back
        self._number = 0  # of the open segment, or of the next
        self._first_rows = 0  # of the open segment, a place in `_rows`
        self._broken = False  # HDF5 could not write
        with in_words(f"make an episode in {folder.episodes}"):
            make_lasting(folder.episodes)
            require_room(folder.episodes, self._reserve)
            self.path = make_unused(folder.episodes, episode_name(opened.episode))
            self._segment: Segment | None = self._begin_segment()

    @property
    def dropped_steps(self) -> int:
        """Rows missing, from gaps in their index, and rows that could not be written."""
        return self._losses.steps

    @property
    def lost_images(self) -> int:
        """Images missing, from gaps in their sequence, or for want of memory."""
        return self._losses.images + (self._corrections.lost_images if self._corrections else 0)

    @property
    def lost_samples(self) -> int:
        """Samples missing, from gaps in their sequence, or of another shape than their stream."""
        return self._losses.samples

    def append(self, step: Step) -> bool:
        """Take one row in; True if an arm was handed back to the policy in it.

        Raises:
            EpisodeError: the file could not be written.
        """
        self._losses.of_step(step)
        if self._corrections:
            self._note_version(step)
            self._corrections.step(step, self._batch)
        else:
            self._batch.steps.append(step)
        if step.stamp_ns - self._flushed_ns >= self._flush_ns:
            self.flush()
        return self._handed_back(step)

    def image(self, image: EncodedImage) -> None:
        """Take one image in; its row may come earlier or later."""
        self._losses.of_image(image.ref)
        if self._corrections:
            self._corrections.image(image, self._batch)
        else:
            self._batch.images.append(image)

    def missed(self, ref: FrameRef) -> None:
        """Count an image that is known to be lost, before the next one would show it."""
        self._losses.of_missed(ref)

    def lost(self, kind: EventKind, source: str, first: int, last: int) -> None:
        """Count what is known to be lost, by its numbers; what a gap shows is counted once."""
        self._losses.of_told(kind, source, first, last)

    def samples(self, block: SampleBlock) -> None:
        """Take samples in. A block of another shape than its stream's first is counted as lost."""
        if not self._losses.of_samples(block):
            return
        if self._corrections:
            self._corrections.samples(block, self._batch)
        else:
            self._batch.blocks.append(block)

    def event(self, event: RecordedEvent) -> None:
        """Take an event in."""
        self._batch.events.append(event)

    def clock(self, pair: ClockPair) -> None:
        """Take in one instant by two clocks."""
        self._batch.clock.append(pair)

    def _handed_back(self, step: Step) -> bool:
        back = False
        for arm, mode in enumerate(step.modes):
            if mode is Mode.OPERATOR:
                self._corrected[arm] = not self._header.demonstration
            elif mode is Mode.POLICY:
                back |= self._corrected[arm]
                self._corrected[arm] = False
        return back

    def _note_version(self, step: Step) -> None:
        """Remember the newest version that drove, also in rows that are not kept."""
        driven = Mode.POLICY in step.modes and any(step.proposal_valid)
        if driven and step.policy_version > self._header.policy_version:
            self._header = replace(self._header, policy_version=step.policy_version)

    def flush(self) -> None:
        """Hand all that came to the file, so that a crash does not cost it.

        Raises:
            DiskFull: less than the reserve is free.
            EpisodeError: the file could not be written.
        """
        if not self._batch:
            return
        segment, now_ns = self._segment, self._batch.stamp_ns()
        if segment and segment.filled and now_ns - segment.began_ns >= self._segment_ns:
            self._finish_segment(State.RECORDING)
        with in_words(f"write {self.path}"):
            require_room(self.path, self._reserve)
            if self._segment is None:
                self._segment = self._begin_segment()
            self._segment.write(self._batch, self._present())
        if self._batch.steps:
            self._rows.add(self._batch.steps)
            self._flushed_ns = self._batch.steps[-1].stamp_ns
        self._batch = Batch()

    def _begin_segment(self) -> Segment:
        self._first_rows = len(self._rows)
        header = replace(self._present(), segment=self._number)
        return Segment(self.path / segment_name(self._number), header, self._layout)

    def _finish_segment(self, state: State, header: Header | None = None) -> None:
        """Close the open segment for good; the last one by the header of the whole episode."""
        with self._making(f"finish a segment of {self.path}"):
            segment = self._segment = self._segment or self._begin_segment()
            own = replace(header or self._present(), state=state, segment=self._number)
            whole = state is State.FINAL and self._number == 0
            name = WHOLE if whole else segment_name(self._number)
            own = replace(own, segment=-1) if whole else self._rows.sums(own, self._first_rows)
            segment.finish(own, self.path / name)
        self._segment = None
        self._number += 1

    def cut(self) -> EpisodeSaved:
        """Finish the open segment early, so that what came so far can be read for good.

        Raises:
            EpisodeError: it could not be written.
        """
        self.flush()
        if self._segment and self._segment.filled:
            self._finish_segment(State.RECORDING)
        return saved_message(self._rows.sums(self._present()), str(self.path), final=False)

    def close(self, outcome: Outcome, reason: str, ended_ns: int | None = None) -> EpisodeSaved:
        """Finish the last segment; if it is the first, it is the whole episode already.

        Args:
            outcome: how the episode ended.
            reason: why, in words.
            ended_ns: when; by default with its last row.

        Raises:
            EpisodeError: it could not be finished; what was flushed stays.
        """
        self.flush()
        if self._corrections:
            self._corrections.end()
        header = replace(
            self._present(),
            outcome=outcome,
            reason=reason,
            ended_ns=self._flushed_ns if ended_ns is None else ended_ns,
        )
        self._finish_segment(State.FINAL, header)
        header = self._rows.sums(replace(header, state=State.FINAL))
        return saved_message(header, str(self.path), final=True)

    def give_up(self, reason: str) -> EpisodeSaved | None:
        """Finish the episode with the rows it already has, after a write has failed.

        Returns:
            The unlabelled episode; None if not even that could be written: it is to be salvaged.
        """
        self._losses.steps += len(self._batch.steps)
        self._batch = Batch()
        if not self._broken:
            try:
                return self.close(Outcome.UNLABELLED, reason)
            except EpisodeError as error:
                log.error("%s", error)
        if self._segment is not None:
            self._segment.abandon()
        return None

    @contextlib.contextmanager
    def _making(self, doing: str) -> Generator[None]:
        """As `in_words`, and remember that HDF5 could not write: the file is not to be touched."""
        with in_words(doing):
            try:
                yield
            except (OSError, RuntimeError):
                self._broken = True
                raise

    def _present(self) -> Header:
        lost = {"lost_images": self.lost_images, "lost_samples": self.lost_samples}
        cut = self._corrections.cut_rows if self._corrections else 0
        return replace(self._header, dropped_steps=self.dropped_steps, cut_rows=cut, **lost)
