"""A file of version 3: a segment, or a whole episode."""

import zlib
from pathlib import Path
from typing import Any

import h5py
import msgspec
import numpy as np
from numpy.typing import NDArray

from recorder.episode_file import version_of
from recorder.hdf5 import (
    attribute,
    dataset_in,
    group_in,
    has_attribute,
    is_own,
    members_of,
    names_of,
    rows_in,
)
from recorder.part import StoredLog, same_length
from recorder.schema import (
    CLOCK,
    COLUMNS,
    CRC32,
    DATA,
    DEVICE_NS,
    EVENTS,
    FRAMES,
    HOST_NS,
    LABEL,
    LENGTH,
    OFFSET,
    SEQUENCE,
    STEPS,
    STREAMS,
    Header,
)
from recorder.streams import SAMPLES_KIND
from teleop.errors import EpisodeIncomplete
from teleop.stream_messages import ClockPair, RecordedEvent, SampleBlock, StreamInfo

KIND = "kind"


class SegmentFile:
    """Implements `part.Part`. Takes over `file` and closes it.

    Raises:
        EpisodeError: its columns are not all there, or not of one length.
    """

    def __init__(self, path: Path, file: h5py.File, header: Header) -> None:
        self.path = path
        self.header = header
        self.version = version_of(file)
        self._file = file
        self._steps = group_in(file, STEPS)
        self.steps = header.steps
        shapes = {column.name: column.shape for column in COLUMNS}
        shapes |= dict.fromkeys(FRAMES, (len(header.cameras),))
        for name, shape in shapes.items():
            check_shape(dataset_in(self._steps, name), path, (header.steps, *shape))

    def rows(self, name: str) -> NDArray[Any]:
        return rows_in(self._steps, name)

    def labels(self) -> NDArray[np.int8] | None:
        """The stored ones, which only a whole episode has."""
        return rows_in(self._steps, LABEL) if is_own(self._steps, LABEL) else None

    def names(self, name: str) -> tuple[str, ...]:
        return names_of(dataset_in(self._steps, name))

    def images(self, camera: str) -> StoredLog | None:
        streams = group_in(self._file, STREAMS)
        if not is_own(streams, camera):
            return None
        group = group_in(streams, camera)
        stamps = [rows_in(group, name) for name in (HOST_NS, DEVICE_NS, SEQUENCE)]
        places = [rows_in(group, name) for name in (OFFSET, LENGTH, CRC32)]
        same_length(self.path, f"camera {camera}", *stamps, *places)
        return StoredLog(group, *places, *stamps)

    @property
    def streams(self) -> tuple[StreamInfo, ...]:
        streams = group_in(self._file, STREAMS)
        groups = [
            group_in(streams, name)
            for name in members_of(streams)
            if name not in self.header.cameras
        ]
        return tuple(stream_info(group) for group in groups if stream_kind(group) == SAMPLES_KIND)

    def samples(self, info: StreamInfo) -> SampleBlock:
        group = group_in(group_in(self._file, STREAMS), info.name)
        columns = [rows_in(group, name) for name in (SEQUENCE, HOST_NS, DEVICE_NS, DATA)]
        same_length(self.path, f"stream {info.name}", *columns)
        if columns[-1].shape[1:] != info.shape:
            raise EpisodeIncomplete(f"{self.path}: {info.name} is not of the shape it claims.")
        return SampleBlock(info, *columns)

    def events(self) -> tuple[RecordedEvent, ...]:
        return events_in(self._file, self.path)

    def clock(self) -> tuple[ClockPair, ...]:
        pairs = rows_in(self._file, CLOCK)
        if pairs.ndim != 2 or pairs.shape[1] != 2:
            raise EpisodeIncomplete(f"{self.path}: the clock table has not two columns.")
        return tuple(ClockPair(int(mono), int(real)) for mono, real in pairs)

    def close(self) -> None:
        self._file.close()


def events_in(file: h5py.File, path: Path) -> tuple[RecordedEvent, ...]:
    """All events of a file. Raises EpisodeIncomplete: one is damaged."""
    group = group_in(file, EVENTS)
    offset, length, sums, stamps = (
        rows_in(group, name) for name in (OFFSET, LENGTH, CRC32, HOST_NS)
    )
    same_length(path, "the events", offset, length, sums, stamps)
    none = np.full(len(stamps), -1)
    log = StoredLog(group, offset, length, sums, stamps, none, none)
    found: list[RecordedEvent] = []
    for row, (start, size, check) in enumerate(zip(offset, length, sums, strict=True)):
        code = log.content(int(start), int(start) + int(size))
        if zlib.crc32(code) != int(check):
            raise EpisodeIncomplete(f"{path}: event {row} is damaged.")
        try:
            found.append(msgspec.json.decode(code, type=RecordedEvent))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise EpisodeIncomplete(f"{path}: event {row} is none: {error}.") from error
    return tuple(found)


def check_shape(dataset: h5py.Dataset, path: Path, expected: tuple[int, ...]) -> None:
    """Raise EpisodeIncomplete unless the dataset is of that shape."""
    name = str(dataset.name).rpartition("/")[2]
    if dataset.shape[:1] != expected[:1]:
        rows = dataset.shape[0] if dataset.shape else "no"
        raise EpisodeIncomplete(f"{path}: {name} has {rows} rows instead of {expected[0]}.")
    if dataset.shape != expected:
        raise EpisodeIncomplete(
            f"{path}: a row of {name} is {dataset.shape[1:]} large instead of {expected[1:]}, as "
            "of another robot; import it with a mapping to two arms, or discard it."
        )


def stream_kind(group: h5py.Group) -> str:
    """Whether a stream is of images or samples. Raises EpisodeIncomplete: it does not say."""
    try:
        return str(attribute(group, KIND))
    except KeyError:
        raise EpisodeIncomplete(
            f"{group.file.filename}: {group.name} does not say what it is."
        ) from None


def stream_info(group: h5py.Group) -> StreamInfo:
    """How a stream describes itself. Raises EpisodeIncomplete: not as it should."""
    name = str(group.name).rpartition("/")[2]
    found: dict[str, Any] = {"name": name}
    for field in ("shape", "unit", "columns", "rate_hz", "latency_ns", "latency_note"):
        if has_attribute(group, field):
            found[field] = attribute(group, field)
    try:
        return msgspec.convert(found, StreamInfo)
    except msgspec.ValidationError as error:
        raise EpisodeIncomplete(
            f"{group.file.filename}: the stream {name} is described wrongly: {error}."
        ) from error
