"""An edited episode, read as if it had been recorded so.

Labels are those of the recording: a mistake stays one where its correction was trimmed away, and
is never learned as if it were right. What was relabelled by hand replaces them. The sums in the
header are taken anew over the rows that are left; rows count from 0, lost ones leave their gaps.
Images and samples belong to the row that they came after; images that a row refers to stay.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recorder.edits.clip import Clip, Piece
from recorder.edits.clip_header import clip_header
from recorder.edits.part_of_episode import PartOfEpisode
from recorder.episode_data import EpisodeData, ImageTable, Samples
from recorder.joining import CODED, recoded
from recorder.reader import EpisodeReader
from recorder.schema import LABEL
from recorder.step_rows import step_at
from teleop.errors import EpisodeError
from teleop.messages import Step
from teleop.stream_messages import ClockPair, RecordedEvent, StreamInfo

_INDEX, _INSTRUCTION = "index", "instruction"


def open_clip(clip: Clip) -> EpisodeData:
    """Open a clip for reading.

    Raises:
        EpisodeError: one of its recordings is gone, damaged, or shorter than when it was edited.
    """
    if not clip.edits:
        return EpisodeReader(clip.pieces[0].path)
    return ClipReader(clip)


class ClipReader:
    """A clip, opened for reading. Implements `episode_data.EpisodeData`.

    Attributes:
        clip: what is read.
        path: of the first recording in it.
        header: as if the clip had been recorded so.

    Raises:
        EpisodeError: one of its recordings is gone, damaged, or shorter than when it was edited.
    """

    def __init__(self, clip: Clip) -> None:
        self.clip = clip
        self.path: Path = clip.pieces[0].path
        self._columns: dict[str, NDArray[Any]] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._tables: dict[str, _Images] = {}
        with ExitStack() as files:
            readers: dict[str, EpisodeReader] = {}
            for piece in clip.pieces:
                if piece.episode not in readers:
                    readers[piece.episode] = files.enter_context(EpisodeReader(piece.path))
            self._parts = [PartOfEpisode(readers[piece.episode], piece) for piece in clip.pieces]
            self._pieces: tuple[Piece, ...] = clip.pieces
            if (np.diff(self.column("stamp_ns")) <= 0).any() and len(readers) > 1:
                raise EpisodeError(
                    f"{clip.name} was merged of recordings whose times overlap; undo the merge."
                )
            self.header = clip_header(clip.outcome, self._parts, self.column)
            self._files = files.pop_all()

    def __len__(self) -> int:
        return self.clip.rows

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Idempotent."""
        self._files.close()

    def column(self, name: str) -> NDArray[Any]:
        """Return one column of all rows, read-only: see `EpisodeData.column`."""
        if name not in self._columns:
            if name == LABEL:
                blocks = [part.labels() for part in self._parts]
            elif name == _INDEX:
                blocks = self._indices()
            elif name in CODED:
                blocks = self._coded(name)
            else:
                blocks = [part.column(name) for part in self._parts]
            self._columns[name] = _end_to_end(blocks)
        return self._columns[name]

    def names(self, column: str) -> tuple[str, ...]:
        """What the codes (or bits) of a coded column stand for, in all pieces."""
        if column not in self._names:
            names: dict[str, None] = {}
            for part in self._parts:
                names |= dict.fromkeys(part.reader.names(column))
            if column == _INSTRUCTION:
                told = (piece.instruction for piece in self._pieces)
                names |= dict.fromkeys(each for each in told if each is not None)
            self._names[column] = tuple(names)
        return self._names[column]

    def labels(self) -> NDArray[np.int8]:
        """Return `labels.Label` codes, (N, 2)."""
        return self.column(LABEL)

    def step(self, index: int) -> Step:
        """Return row `index`: see `step_rows.step_at`."""
        if not 0 <= index < len(self):
            raise IndexError(f"{self.clip.name} has {len(self)} steps, there is no step {index}")
        return step_at(self, index)

    def image_table(self, camera: str) -> ImageTable:
        """Return what is known of each kept image of a camera."""
        return self._images(camera).table

    def image_rows(self, camera: str) -> NDArray[np.int64]:
        """Return for each step the row of `image_table` that was its newest image, -1: none."""
        return self._images(camera).of_steps

    def jpegs(self, camera: str, rows: Sequence[int] | None = None) -> list[bytes]:
        """Return images as stored: these rows of `image_table`, or all."""
        found: list[bytes] = []
        for reader, own in self._places(camera, rows):
            found += reader.jpegs(camera, own)
        return found

    def images(self, camera: str, rows: Sequence[int] | None = None) -> NDArray[np.uint8]:
        """Return decoded images (n, H, W, 3) RGB: these rows of `image_table`, or all."""
        blocks = [reader.images(camera, own) for reader, own in self._places(camera, rows)]
        if len({block.shape[1:] for block in blocks}) > 1:
            raise EpisodeError(f"{self.clip.name}: the images of {camera} are of several sizes.")
        return np.concatenate(blocks) if blocks else np.zeros((0, 0, 0, 3), np.uint8)

    @property
    def streams(self) -> tuple[StreamInfo, ...]:
        """The streams of samples of all pieces, as the last one describes them."""
        return tuple(
            {info.name: info for part in self._parts for info in part.reader.streams}.values()
        )

    def samples(self, stream: str) -> Samples:
        """Return the samples of a stream that came while the clip's rows were recorded."""
        infos = {info.name: info for info in self.streams}
        if stream not in infos:
            raise EpisodeError(
                f"{self.clip.name} has no stream {stream}; it has: {', '.join(infos) or 'none'}."
            )
        blocks = [found for part in self._parts if (found := part.samples(stream)) is not None]
        if len({block.info.shape for block in blocks}) > 1:
            raise EpisodeError(f"{self.clip.name}: the samples of {stream} are of several shapes.")
        columns = ("sequence", "host_ns", "device_ns", "data")
        return Samples(
            infos[stream],
            *(_end_to_end([getattr(block, name) for block in blocks]) for name in columns),
        )

    def events(self) -> tuple[RecordedEvent, ...]:
        """Return what happened while the clip's rows were recorded, oldest first."""
        return tuple(event for part in self._parts for event in part.events())

    def clock(self) -> tuple[ClockPair, ...]:
        """Return pairs of monotonic and wall time, oldest first; one at least before each piece."""
        pairs = (pair for part in self._parts for pair in part.clock())
        return tuple(dict.fromkeys(pairs))

    def _indices(self) -> list[NDArray[np.int64]]:
        """The rows' numbers from 0 on; what was lost within a piece leaves its gap."""
        blocks: list[NDArray[np.int64]] = []
        first = 0
        for part in self._parts:
            own: NDArray[np.int64] = part.column(_INDEX)
            blocks.append(own - own[0] + first)
            first = int(blocks[-1][-1]) + 1
        return blocks

    def _coded(self, name: str) -> list[NDArray[Any]]:
        names = self.names(name)
        places = {each: place for place, each in enumerate(names)}
        blocks: list[NDArray[Any]] = []
        for part in self._parts:
            rows = part.column(name)
            if name == _INSTRUCTION and part.piece.instruction is not None:
                rows = np.full_like(rows, places[part.piece.instruction])
            else:
                own = part.reader.names(name)
                if own != names[: len(own)]:
                    rows = recoded(CODED[name], rows, [places[each] for each in own])
            blocks.append(rows)
        return blocks

    def _images(self, camera: str) -> "_Images":
        if camera not in self._tables:
            self._tables[camera] = _joined_images(camera, self._parts)
        return self._tables[camera]

    def _places(
        self, camera: str, rows: Sequence[int] | None
    ) -> list[tuple[EpisodeReader, list[int]]]:
        """Which images of which recording are wanted, in runs of one recording."""
        images = self._images(camera)
        wanted = range(len(images.places)) if rows is None else rows
        if any(not 0 <= row < len(images.places) for row in wanted):
            raise EpisodeError(
                f"{self.clip.name}: camera {camera} has {len(images.places)} images; another one "
                "was asked for."
            )
        runs = groupby((images.places[row] for row in wanted), key=lambda place: place[0])
        return [(self._parts[part].reader, [row for _, row in places]) for part, places in runs]


class _Images:
    """One camera's images of all pieces, each once, though two pieces may refer to it."""

    def __init__(
        self, table: ImageTable, places: list[tuple[int, int]], of_steps: NDArray[np.int64]
    ) -> None:
        self.table = table
        self.places = places  # of each image: the part whose recording holds it, its row there
        self.of_steps = of_steps


def _joined_images(camera: str, parts: Sequence[PartOfEpisode]) -> _Images:
    places: list[tuple[int, int]] = []
    known: dict[int, NDArray[np.int64]] = {}  # by reader: the clip's row of each of its images
    blocks: list[ImageTable] = []
    of_steps: list[NDArray[np.int64]] = []
    for number, part in enumerate(parts):
        table = part.reader.image_table(camera)
        rows = known.setdefault(id(part.reader), np.full(len(table.sequence), -1, np.int64))
        fresh = np.flatnonzero(part.holds_images(camera) & (rows < 0))
        rows[fresh] = len(places) + np.arange(len(fresh))
        places += [(number, int(row)) for row in fresh]
        blocks.append(_selected(table, fresh))
        own = part.image_rows(camera)
        of_steps.append(np.where(own >= 0, rows[own], -1) if len(rows) else own)
    columns = ("sequence", "host_ns", "device_ns", "length")
    table = ImageTable(
        camera, *(_end_to_end([getattr(block, name) for block in blocks]) for name in columns)
    )
    return _Images(table, places, _end_to_end(of_steps))


def _selected(table: ImageTable, rows: NDArray[np.intp]) -> ImageTable:
    arrays = (table.sequence, table.host_ns, table.device_ns, table.length)
    return ImageTable(table.camera, *(array[rows] for array in arrays))


def _end_to_end(blocks: Sequence[NDArray[Any]]) -> NDArray[Any]:
    joined = np.concatenate(blocks)
    joined.flags.writeable = False
    return joined
