"""One file of an episode, whichever version wrote it, as the reader joins them."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import h5py
import numpy as np
from numpy.typing import NDArray

from recorder.hdf5 import dataset_in, values_in
from recorder.schema import BYTES, Header
from teleop.errors import EpisodeIncomplete
from teleop.stream_messages import ClockPair, RecordedEvent, SampleBlock, StreamInfo


@dataclass(frozen=True, eq=False)
class StoredLog:
    """Things kept as bytes end to end, such as a camera's images; all arrays (M,)."""

    group: h5py.Group
    offset: NDArray[np.int64]
    length: NDArray[np.int64]
    crc32: NDArray[np.uint32]
    host_ns: NDArray[np.int64]
    device_ns: NDArray[np.int64]
    sequence: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offset)

    def check(self) -> None:
        """Raise EpisodeIncomplete unless all could lie in the bytes side by side."""
        there = self._bytes.shape[0]
        claimed = float(np.sum(self.length, dtype=np.float64))
        if claimed > there or (self.length < 0).any() or (self.offset < 0).any():
            raise EpisodeIncomplete(
                f"{self.group.file.filename}: {self.group.name} names {claimed:.0f} bytes, there "
                f"are {there}."
            )

    def content(self, start: int, end: int) -> bytes:
        """The bytes from `start` up to but not including `end`.

        Raises:
            EpisodeIncomplete: they are not all there.
        """
        length = self._bytes.shape[0]
        if not 0 <= start <= end <= length:
            raise EpisodeIncomplete(
                f"{self.group.file.filename}: {self.group.name} names the bytes {start} to {end}, "
                f"there are {length}."
            )
        return values_in(self._bytes, slice(start, end)).tobytes()

    @cached_property
    def _bytes(self) -> h5py.Dataset:
        return dataset_in(self.group, BYTES)


class Part(Protocol):
    """One file of an episode. Every method raises EpisodeIncomplete where it is damaged."""

    @property
    def path(self) -> Path: ...

    @property
    def header(self) -> Header: ...

    @property
    def version(self) -> int: ...

    @property
    def steps(self) -> int: ...

    def rows(self, name: str) -> NDArray[Any]:
        """A column of the steps, as it is stored; a default where its version had none."""
        ...

    def labels(self) -> NDArray[np.int8] | None:
        """The stored codes of `labels.Label`, (N, 2); None: the file has none."""
        ...

    def names(self, name: str) -> tuple[str, ...]: ...

    def images(self, camera: str) -> StoredLog | None:
        """The images of a camera; None: the file has none of it."""
        ...

    @property
    def streams(self) -> tuple[StreamInfo, ...]: ...

    def samples(self, info: StreamInfo) -> SampleBlock: ...

    def events(self) -> tuple[RecordedEvent, ...]: ...

    def clock(self) -> tuple[ClockPair, ...]: ...

    def close(self) -> None: ...


def same_length(path: Path, what: str, *columns: NDArray[Any]) -> None:
    """Raise EpisodeIncomplete unless all have as many rows as the first."""
    lengths = {len(column) for column in columns}
    if len(lengths) > 1:
        raise EpisodeIncomplete(
            f"{path}: the columns of {what} are not of one length but {sorted(lengths)}."
        )
