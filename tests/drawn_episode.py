"""An episode that lies in memory only, with every kind of stream, for exporters' tests."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recorder.episode_data import ImageTable, Samples
from recorder.image_log import decode_jpeg, encode_jpeg
from recorder.labels import label_rows
from recorder.schema import COLUMNS, Coding, Header, State
from teleop.messages import FrameRef, Outcome, Step
from teleop.stream_messages import NO_STAMP, ClockPair, EventKind, RecordedEvent, StreamInfo
from tests.sample_steps import CAMERAS, picture, plain_step

EPOCH_NS = 1_763_800_000_000_000_000
START_NS = 1_000_000_000
FRAME_NS = 30_000_000


class DrawnEpisode:
    """Random rows, images of two cameras, a wrench of 1 kHz with a gap and a device's clock."""

    def __init__(self, count: int = 30) -> None:
        self.path = Path("episode_00004")
        self._steps = [plain_step(index) for index in range(count)]
        self._columns: dict[str, NDArray[Any]] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        for column in COLUMNS:
            self._take(column.name, [column.read(step) for step in self._steps])
        rows = np.arange(count)[:, None]
        self._columns["frame_sequence"] = np.repeat(rows // 3 + 1, 2, axis=1)
        self._columns["frame_stamp_ns"] = START_NS + np.repeat(rows // 3 * FRAME_NS, 2, axis=1)
        self._columns["seen_sequence"] = self._columns["frame_sequence"] - 1
        self.header = Header(
            state=State.FINAL,
            episode=4,
            opened_ns=START_NS,
            opened_epoch_ns=EPOCH_NS,
            ended_ns=START_NS + count * 10_000_000,
            instruction="Plug it in.",
            scene="plug/shifted/17",
            cameras=CAMERAS,
            demonstration=False,
            outcome=Outcome.SUCCESS,
            reason="inserted",
            dropped_steps=0,
            lost_images=0,
            steps=count,
            uid="8f14e45fceea167a",
        )
        random = np.random.default_rng(1)
        taken = np.delete(np.arange(count * 10), [5, 6])  # two samples were lost
        self.wrench = Samples(
            StreamInfo("wrench_left", (6,), "N, Nm", ("fx", "fy", "fz", "tx", "ty", "tz"), 1000.0),
            taken,
            START_NS + taken * 1_000_000,
            70_000 + taken * 1_000_001,
            random.standard_normal((len(taken), 6)).astype(np.float32),
        )

    def _take(self, name: str, values: list[Any]) -> None:
        column = next(each for each in COLUMNS if each.name == name)
        if column.coding is Coding.PLAIN:
            self._columns[name] = np.array(values, column.dtype)
            return
        used = {str(each) for value in values for each in _flat(value)}
        names = tuple(str(each) for each in column.names)
        names += tuple(sorted(used - set(names)))
        self._names[name] = names
        if column.coding is Coding.SET:
            codes = [sum(1 << names.index(each) for each in value) for value in values]
        elif column.shape:
            codes = [[names.index(str(each)) for each in value] for value in values]
        else:
            codes = [names.index(str(value)) for value in values]
        self._columns[name] = np.array(codes, column.dtype)

    def __len__(self) -> int:
        return len(self._steps)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def column(self, name: str) -> NDArray[Any]:
        return self.labels() if name == "label" else self._columns[name]

    def names(self, column: str) -> tuple[str, ...]:
        return self._names[column]

    def labels(self) -> NDArray[np.int8]:
        shown = np.full(len(self), self.header.demonstration)
        return label_rows(self._columns["modes"], self._columns["stamp_ns"], shown)

    def step(self, index: int) -> Step:
        return self._steps[index]

    def image_table(self, camera: str) -> ImageTable:
        sequence = np.arange(1, (len(self) + 2) // 3 + 1)
        host = START_NS + (sequence - 1) * FRAME_NS
        lengths = np.array([len(code) for code in self.jpegs(camera)])
        device = host + 7 if camera == CAMERAS[0] else np.full_like(host, NO_STAMP)
        return ImageTable(camera, sequence, host, device, lengths)

    def image_rows(self, camera: str) -> NDArray[np.int64]:
        return self._columns["frame_sequence"][:, CAMERAS.index(camera)] - 1

    def jpegs(self, camera: str, rows: Sequence[int] | None = None) -> list[bytes]:
        count = (len(self) + 2) // 3
        return [
            encode_jpeg(picture(FrameRef(camera, row + 1, 0)))
            for row in (range(count) if rows is None else rows)
        ]

    def images(self, camera: str, rows: Sequence[int] | None = None) -> NDArray[np.uint8]:
        return np.stack([decode_jpeg(code) for code in self.jpegs(camera, rows)])

    @property
    def streams(self) -> tuple[StreamInfo, ...]:
        return (self.wrench.info,)

    def samples(self, stream: str) -> Samples:
        assert stream == self.wrench.info.name
        return self.wrench

    def events(self) -> tuple[RecordedEvent, ...]:
        return (
            RecordedEvent(START_NS + 50_000_000, EventKind.TAKEOVER, "Right arm.", "control"),
            RecordedEvent(
                START_NS + 60_000_000, EventKind.SAMPLES_LOST, "", "wrench_left", {"samples": 2.0}
            ),
        )

    def clock(self) -> tuple[ClockPair, ...]:
        return (
            ClockPair(START_NS, EPOCH_NS),
            ClockPair(START_NS + 1_000_000_000, EPOCH_NS + 1_000_001_000),
        )

    def close(self) -> None:
        pass


def _flat(value: Any) -> Sequence[Any]:
    return (value,) if isinstance(value, str) else value
