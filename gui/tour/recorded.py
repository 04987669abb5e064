"""What is played of a recorded episode: its rows, its images, and what the wrists felt between."""

from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from recorder.image_log import decode_jpeg
from recorder.reader import EpisodeReader
from teleop.interfaces import Image
from teleop.messages import Mode
from teleop.stream_messages import WRENCH_STREAMS

KEPT = 800  # rows of each kind: 8 s at 100 Hz
_NONE: NDArray[np.float32] = np.zeros((0, 6), np.float32)


class Recorded:
    """An episode's rows in memory; images are decoded when they are first asked for.

    Args:
        path: of an episode in which the operator drove, so that both kinds of rows exist.
    """

    def __init__(self, path: Path) -> None:
        self._reader = EpisodeReader(path)
        self.header = self._reader.header
        self.cameras = self.header.cameras
        self.steps = [self._reader.step(row) for row in range(min(len(self._reader), 3 * KEPT))]
        self._rows = {camera: self._reader.image_rows(camera) for camera in self.cameras}
        self._pictures: dict[tuple[str, int], Image] = {}
        driven = [row for row, step in enumerate(self.steps) if Mode.OPERATOR in step.modes]
        led = [row for row, step in enumerate(self.steps) if Mode.OPERATOR not in step.modes]
        self._driven, self._led = driven[:KEPT] or led[:KEPT], led[:KEPT] or driven[:KEPT]
        names = {info.name for info in self._reader.streams}
        self._felt = [
            self._reader.samples(name) if name in names else None for name in WRENCH_STREAMS
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._reader.close()

    @property
    def shapes(self) -> dict[str, tuple[int, int, int]]:
        """(height, width, 3) of the images of each camera that has any."""
        found: dict[str, tuple[int, int, int]] = {}
        for camera in self.cameras:
            picture = self.picture(camera, len(self.steps) - 1)
            if picture is not None:
                found[camera] = picture.shape
        return found

    def place(self, tick: int, *, driven: bool) -> int:
        """The row to show at `tick`; the stretch is played forth and back, without a jump."""
        rows = self._driven if driven else self._led
        at = tick % (2 * len(rows))
        return rows[at] if at < len(rows) else rows[2 * len(rows) - 1 - at]

    def picture(self, camera: str, place: int) -> Image | None:
        """The newest image of `camera` at that row; None: there was none yet."""
        row = int(self._rows[camera][place])
        if row < 0:
            return None
        if (camera, row) not in self._pictures:
            [code] = self._reader.jpegs(camera, [row])
            self._pictures[camera, row] = decode_jpeg(code)
        return self._pictures[camera, row]

    def felt(self, place: int, ticks: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """What each wrist felt in the last `ticks` rows up to that one, (n, 6)."""
        first, last = (self.steps[max(0, row)].stamp_ns for row in (place - ticks, place))
        cut: list[NDArray[np.float32]] = []
        for samples in self._felt:
            if samples is None:
                cut.append(_NONE)
                continue
            begin, end = np.searchsorted(samples.host_ns, (first, last), side="right")
            cut.append(samples.data[begin:end].astype(np.float32))
        return cut[0], cut[1]
