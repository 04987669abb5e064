"""An episode as its readers see it: one file, segments still being added to, or an edited view."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from recorder.schema import Header
from teleop.messages import Step
from teleop.stream_messages import ClockPair, RecordedEvent, StreamInfo


@dataclass(frozen=True, eq=False)
class Samples:
    """All samples of one stream, oldest first."""

    info: StreamInfo
    sequence: NDArray[np.int64]  # (M,)
    host_ns: NDArray[np.int64]  # (M,)
    device_ns: NDArray[np.int64]  # (M,)
    data: NDArray[Any]  # (M, *info.shape)


@dataclass(frozen=True, eq=False)
class ImageTable:
    """The kept images of one camera, oldest first, without their content."""

    camera: str
    sequence: NDArray[np.int64]  # (M,)
    host_ns: NDArray[np.int64]  # (M,)
    device_ns: NDArray[np.int64]  # (M,)
    length: NDArray[np.int64]  # (M,) bytes of each JPEG


class EpisodeData(Protocol):
    """What exporters, the learner and the window read episodes by.

    Arrays are read-only. Every method raises EpisodeIncomplete where what it needs is damaged.
    """

    @property
    def path(self) -> Path:
        """The episode's folder, or its file where it is a single one."""
        ...

    @property
    def header(self) -> Header: ...

    def __len__(self) -> int:
        """How many steps."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def column(self, name: str) -> NDArray[Any]:
        """One column of all rows.

        A name of `schema.COLUMNS` (N, ...), "label" (N, 2), or "frame_sequence", "frame_stamp_ns",
        "seen_sequence" (N, C).
        """
        ...

    def names(self, column: str) -> tuple[str, ...]:
        """What the codes (or bits) of a coded column stand for."""
        ...

    def labels(self) -> NDArray[np.int8]:
        """Codes of `labels.Label`, (N, 2)."""
        ...

    def step(self, index: int) -> Step:
        """Row `index` as it was recorded."""
        ...

    def image_table(self, camera: str) -> ImageTable: ...

    def image_rows(self, camera: str) -> NDArray[np.int64]:
        """For each step the row of `image_table` that was its newest image, -1: none or lost."""
        ...

    def jpegs(self, camera: str, rows: Sequence[int] | None = None) -> list[bytes]:
        """Images as stored: these rows of `image_table`, or all. Check sums are checked."""
        ...

    def images(self, camera: str, rows: Sequence[int] | None = None) -> NDArray[np.uint8]:
        """Decoded images (n, H, W, 3) RGB: these rows of `image_table`, or all."""
        ...

    @property
    def streams(self) -> tuple[StreamInfo, ...]:
        """The streams of samples; cameras are in `header.cameras`."""
        ...

    def samples(self, stream: str) -> Samples: ...

    def events(self) -> tuple[RecordedEvent, ...]: ...

    def clock(self) -> tuple[ClockPair, ...]:
        """Oldest first; at least the opening of the episode."""
        ...

    def close(self) -> None:
        """Idempotent."""
        ...
