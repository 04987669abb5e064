"""Reading an episode: its folder, whole or still in segments, or a single file of any version."""

import zlib
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recorder.episode_data import ImageTable, Samples
from recorder.header import derived_labels, summed
from recorder.image_log import decode_jpeg
from recorder.joining import (
    CODED,
    all_names,
    coded_rows,
    joined_samples,
    joined_table,
    rows_of_images,
)
from recorder.opening import header_of, open_parts
from recorder.part import StoredLog
from recorder.schema import FRAME_SEQUENCE, FRAME_STAMP, LABEL
from recorder.step_rows import step_at
from teleop.errors import EpisodeError, EpisodeIncomplete
from teleop.messages import Step
from teleop.stream_messages import ClockPair, RecordedEvent, StreamInfo

_BLOCK_BYTES = 8 << 20  # of images, read at once


class EpisodeReader:
    """One episode, opened for reading. Implements `episode_data.EpisodeData`.

    Columns are read once and kept. Of an episode that is still recorded it shows the segments that
    were finished when it was opened.

    Attributes:
        path: the episode's folder, or its file where it is a single one.
        version: of the schema that it was written by.
        header: of the whole episode; its sums are over all rows that are there.

    Raises:
        EpisodeError: there is no such episode.
        SchemaMismatch: the file is something else, or of a later version.
        EpisodeIncomplete: it was never finished, or is cut off.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._columns: dict[str, NDArray[Any]] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._logs: dict[str, tuple[StoredLog, ...]] = {}
        self._image_tables: dict[str, ImageTable] = {}
        self._parts = open_parts(path)
        with ExitStack() as refused:
            refused.callback(self.close)
            self.header = header_of(path, self._parts)
            self.version = max(part.version for part in self._parts)
            self._length = sum(part.steps for part in self._parts)
            if len(self._parts) > 1:
                self.header = summed(self.header, self.column)
            refused.pop_all()

    def __len__(self) -> int:
        return self._length

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Idempotent."""
        for part in self._parts:
            part.close()

    def column(self, name: str) -> NDArray[Any]:
        """Return one column of all rows, read-only: see `EpisodeData.column`."""
        if name not in self._columns:
            if name == LABEL:
                rows = [self._label_rows()]
            elif name in CODED:
                names = self.names(name)
                rows = [coded_rows(part, CODED[name], names) for part in self._parts]
            else:
                rows = [part.rows(name) for part in self._parts]
            joined = rows[0] if len(rows) == 1 else np.concatenate(rows)
            joined.flags.writeable = False
            self._columns[name] = joined
        return self._columns[name]

    def names(self, column: str) -> tuple[str, ...]:
        """What the codes (or the bits) of a coded column stand for."""
        if column not in self._names:
            if column not in CODED:
                raise EpisodeError(f"The column {column} holds no codes.")
            self._names[column] = all_names(CODED[column], self._parts)
        return self._names[column]

    def labels(self) -> NDArray[np.int8]:
        """Return `labels.Label` codes, (N, 2)."""
        return self.column(LABEL)

    def step(self, index: int) -> Step:
        """Return row `index` as it was recorded: see `step_rows.step_at`."""
        if not 0 <= index < len(self):
            raise IndexError(f"{self.path} has {len(self)} steps, there is no step {index}")
        return step_at(self, index)

    def image_table(self, camera: str) -> ImageTable:
        """Return what is known of each kept image of a camera."""
        if camera not in self._image_tables:
            self._image_tables[camera] = joined_table(camera, self._logs_of(camera))
        return self._image_tables[camera]

    def image_rows(self, camera: str) -> NDArray[np.int64]:
        """Return for each step the row of `image_table` that was its newest image, -1: none."""
        place = self._place(camera)
        sequence = self.column(FRAME_SEQUENCE)[:, place]
        return rows_of_images(
            sequence, self.column(FRAME_STAMP)[:, place], self.image_table(camera)
        )

    def jpegs(self, camera: str, rows: Sequence[int] | None = None) -> list[bytes]:
        """Return images as they are stored: the given rows of `image_table`, or all.

        Raises:
            EpisodeIncomplete: an image is damaged.
        """
        logs = self._logs_of(camera)
        starts = np.cumsum([0] + [len(log) for log in logs])
        wanted = range(int(starts[-1])) if rows is None else rows
        codes: list[bytes] = []
        for first, count in _runs(wanted, logs, starts):
            part = int(np.searchsorted(starts, first, side="right")) - 1
            codes += self._read(camera, logs[part], first - int(starts[part]), count)
        return codes

    def images(self, camera: str, rows: Sequence[int] | None = None) -> NDArray[np.uint8]:
        """Return decoded images (n, H, W, 3) RGB: the given rows of `image_table`, or all.

        Raises:
            EpisodeIncomplete: an image is damaged.
        """
        codes = self.jpegs(camera, rows)
        try:
            images = [decode_jpeg(code) for code in codes]
            return np.stack(images) if images else np.zeros((0, 0, 0, 3), np.uint8)
        except ValueError as error:
            raise EpisodeIncomplete(
                f"{self.path}: an image of camera {camera} cannot be decoded: {error}."
            ) from error

    @property
    def streams(self) -> tuple[StreamInfo, ...]:
        """The streams of samples, as their latest segment describes them."""
        return tuple({info.name: info for part in self._parts for info in part.streams}.values())

    def samples(self, stream: str) -> Samples:
        """Return all samples of a stream."""
        known = [info.name for info in self.streams]
        if stream not in known:
            raise EpisodeError(
                f"{self.path} has no stream {stream}; it has: {', '.join(known) or 'none'}."
            )
        return joined_samples(self._parts, stream)

    def events(self) -> tuple[RecordedEvent, ...]:
        """Return what happened, oldest first."""
        return tuple(event for part in self._parts for event in part.events())

    def clock(self) -> tuple[ClockPair, ...]:
        """Return pairs of monotonic and wall time, oldest first; the opening if there are none."""
        pairs = tuple(pair for part in self._parts for pair in part.clock())
        return pairs or (ClockPair(self.header.opened_ns, self.header.opened_epoch_ns),)

    def _label_rows(self) -> NDArray[np.int8]:
        stored = self._parts[0].labels() if len(self._parts) == 1 else None
        if stored is not None and stored.shape == (len(self), 2):
            return stored
        return derived_labels(self.header, self.column)

    def _logs_of(self, camera: str) -> tuple[StoredLog, ...]:
        self._place(camera)
        if camera not in self._logs:
            found = [part.images(camera) for part in self._parts]
            logs = tuple(log for log in found if log is not None)
            for log in logs:
                log.check()
            self._logs[camera] = logs
        return self._logs[camera]

    def _read(self, camera: str, log: StoredLog, first: int, count: int) -> list[bytes]:
        """Images that lie end to end, with their check sums checked."""
        rows = range(first, first + count)
        start = int(log.offset[first])
        content = log.content(start, int(log.offset[rows[-1]]) + int(log.length[rows[-1]]))
        codes: list[bytes] = []
        for row in rows:
            at = int(log.offset[row]) - start
            code = content[at : at + int(log.length[row])]
            if zlib.crc32(code) != int(log.crc32[row]):
                raise EpisodeIncomplete(
                    f"{log.group.file.filename}: image {row} of camera {camera} is damaged."
                )
            codes.append(code)
        return codes

    def _place(self, camera: str) -> int:
        if camera not in self.header.cameras:
            known = ", ".join(self.header.cameras) or "none"
            raise EpisodeError(f"{self.path} has no camera {camera}; it has: {known}.")
        return self.header.cameras.index(camera)


def _runs(
    wanted: Sequence[int], logs: Sequence[StoredLog], starts: NDArray[np.integer]
) -> list[tuple[int, int]]:
    """First row and count of what can be read at once: end to end in one file, not too large."""
    ends = [(log.offset + log.length).tolist() for log in logs]
    offsets = [log.offset.tolist() for log in logs]
    runs: list[tuple[int, int]] = []
    begun = 0
    for row in wanted:
        if not 0 <= row < int(starts[-1]):
            raise EpisodeError(f"There is no image {row}; there are {int(starts[-1])}.")
        part = int(np.searchsorted(starts, row, side="right")) - 1
        own = row - int(starts[part])
        if runs and row == sum(runs[-1]) and own > 0:
            follows = offsets[part][own] == ends[part][own - 1]
            if follows and ends[part][own] - begun <= _BLOCK_BYTES:
                runs[-1] = (runs[-1][0], runs[-1][1] + 1)
                continue
        runs.append((row, 1))
        begun = offsets[part][own]
    return runs
