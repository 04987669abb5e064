"""Files of versions 1 and 2, which other people's disks hold: read for ever, never written.

They kept images in /images/CAMERA: `bytes`, `crc32` and one `index` of four columns; and
/steps/image told the row of each step's image, which its sequence tells as well. There were no
streams of samples, no events and no clock table.
"""

from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from recorder.episode_file import version_of
from recorder.hdf5 import dataset_in, group_in, names_of, rows_in
from recorder.part import StoredLog, same_length
from recorder.schema import (
    COLUMNS,
    CRC32,
    FRAME_SEQUENCE,
    FRAME_STAMP,
    IMAGE,
    IMAGES,
    INDEX,
    INDEX_COLUMNS,
    LABEL,
    SEEN_SEQUENCE,
    STEPS,
    Header,
    columns_of,
)
from recorder.segment_file import check_shape
from teleop.errors import EpisodeIncomplete
from teleop.stream_messages import (
    NO_STAMP,
    ClockPair,
    RecordedEvent,
    SampleBlock,
    StreamInfo,
    empty_block,
)

_ABSENT = {"observed_ns": -1}  # what columns read as that came later; all others 0


class OldFile:
    """Implements `part.Part`. Takes over `file` and closes it.

    Raises:
        EpisodeError: its columns are not all there, or not of one length.
    """

    streams: tuple[StreamInfo, ...] = ()

    def __init__(self, path: Path, file: h5py.File, header: Header) -> None:
        self.path = path
        self.header = header
        self.version = version_of(file)
        self.steps = header.steps
        self._file = file
        self._steps = group_in(file, STEPS)
        across = (len(header.cameras),)
        shapes = {column.name: column.shape for column in columns_of(version_of(file))}
        shapes |= {FRAME_SEQUENCE: across, FRAME_STAMP: across, IMAGE: across, LABEL: (2,)}
        for name, shape in shapes.items():
            check_shape(dataset_in(self._steps, name), path, (header.steps, *shape))
        self._absent = {
            column.name: np.full(
                (header.steps, *column.shape), _ABSENT.get(column.name, 0), column.dtype
            )
            for column in COLUMNS
            if column.name not in shapes
        }
        self._absent[SEEN_SEQUENCE] = np.full((header.steps, *across), -1, np.int64)

    def rows(self, name: str) -> NDArray[Any]:
        return self._absent[name] if name in self._absent else rows_in(self._steps, name)

    def labels(self) -> NDArray[np.int8] | None:
        """Those that the writer derived; they are kept as they were."""
        return rows_in(self._steps, LABEL)

    def names(self, name: str) -> tuple[str, ...]:
        return names_of(dataset_in(self._steps, name))

    def images(self, camera: str) -> StoredLog | None:
        group = group_in(group_in(self._file, IMAGES), camera)
        index, sums = rows_in(group, INDEX), rows_in(group, CRC32)
        same_length(self.path, f"camera {camera}", index, sums)
        if index.shape[1:] != (len(INDEX_COLUMNS),):
            raise EpisodeIncomplete(f"{self.path}: the index of camera {camera} is none.")
        offset, length, stamp_ns, sequence = index.T
        unknown = np.full(len(index), NO_STAMP, np.int64)
        return StoredLog(group, offset, length, sums, stamp_ns, unknown, sequence)

    def samples(self, info: StreamInfo) -> SampleBlock:
        return empty_block(info)

    def events(self) -> tuple[RecordedEvent, ...]:
        return ()

    def clock(self) -> tuple[ClockPair, ...]:
        return ()

    def close(self) -> None:
        self._file.close()
