"""Some rows of a recorded episode, with the images, samples and events that belong to them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from recorder.edits.clip import Piece
from recorder.episode_data import Samples
from recorder.reader import EpisodeReader
from recorder.schema import SEEN_SEQUENCE
from teleop.errors import EpisodeError
from teleop.stream_messages import ClockPair, RecordedEvent

_EVER = 1 << 62


class PartOfEpisode:
    """What a piece of a clip has of its recording.

    Attributes:
        reader: the recording; it stays open.
        piece: which rows of it.
        start_ns: what came from here on belongs to the piece; before the first row, everything.
        stop_ns: what came before this does; after the last row, everything.

    Raises:
        EpisodeError: the recording has fewer rows.
    """

    def __init__(self, reader: EpisodeReader, piece: Piece) -> None:
        if piece.stop > len(reader):
            raise EpisodeError(
                f"{reader.path} has {len(reader)} rows, but was edited when it had at least "
                f"{piece.stop}; undo its edits (`nudge record edits` lists them)."
            )
        self.reader = reader
        self.piece = piece
        stamps: NDArray[np.int64] = reader.column("stamp_ns")
        self.start_ns = int(stamps[piece.start]) if piece.start > 0 else -_EVER
        self.stop_ns = int(stamps[piece.stop]) if piece.stop < len(reader) else _EVER

    @property
    def whole(self) -> bool:
        """Whether it is the entire recording."""
        return self.piece.start == 0 and self.piece.stop == len(self.reader)

    def column(self, name: str) -> NDArray[Any]:
        return self.reader.column(name)[self.piece.start : self.piece.stop]

    def labels(self) -> NDArray[np.int8]:
        """The recording's labels, and what was relabelled by hand."""
        labels = self.reader.labels()[self.piece.start : self.piece.stop].copy()
        for each in self.piece.relabels:
            rows = slice(each.start - self.piece.start, each.stop - self.piece.start)
            labels[rows, each.arm] = each.label
        return labels

    def image_rows(self, camera: str) -> NDArray[np.int64]:
        """For each row that of the recording's image table, -1: none."""
        return self.reader.image_rows(camera)[self.piece.start : self.piece.stop]

    def holds_images(self, camera: str) -> NDArray[np.bool_]:
        """For each image of the recording whether it belongs here, or a row refers to it."""
        table = self.reader.image_table(camera)
        held = self._within(table.host_ns)
        own = self.image_rows(camera)
        held[own[own >= 0]] = True
        place = self.reader.header.cameras.index(camera)
        seen = np.unique(self.column(SEEN_SEQUENCE)[:, place])
        return held | np.isin(table.sequence, seen[seen >= 0])

    def samples(self, stream: str) -> Samples | None:
        """What came of a stream; None: the recording has none of it."""
        if stream not in {info.name for info in self.reader.streams}:
            return None
        found = self.reader.samples(stream)
        kept = self._within(found.host_ns)
        return Samples(
            found.info,
            found.sequence[kept],
            found.host_ns[kept],
            found.device_ns[kept],
            found.data[kept],
        )

    def events(self) -> tuple[RecordedEvent, ...]:
        return tuple(
            event
            for event in self.reader.events()
            if self.start_ns <= event.stamp_ns < self.stop_ns
        )

    def clock(self) -> tuple[ClockPair, ...]:
        """The pairs of its time, and the newest one before."""
        pairs = [pair for pair in self.reader.clock() if pair.monotonic_ns < self.stop_ns]
        before = [pair for pair in pairs if pair.monotonic_ns < self.start_ns]
        return tuple(pairs[max(0, len(before) - 1) :])

    def _within(self, stamp_ns: NDArray[np.int64]) -> NDArray[np.bool_]:
        return (stamp_ns >= self.start_ns) & (stamp_ns < self.stop_ns)
