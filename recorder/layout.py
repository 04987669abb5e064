"""What all segments of one episode have in common: their streams, and what codes stand for."""

from collections.abc import Mapping, Sequence

import h5py

from recorder.byte_log import declare_byte_log
from recorder.columns import Codes, declare_column, declare_rows
from recorder.schema import (
    CLOCK,
    COLUMNS,
    EVENTS,
    FRAMES,
    HOST_NS,
    STEPS,
    STREAMS,
)
from recorder.streams import declare_images, declare_samples
from teleop.stream_messages import StreamInfo

_EVENT_BYTES = 1 << 12  # in a chunk


class Layout:
    """The streams and codes of an episode so far.

    Args:
        cameras: of `Header.cameras`.

    Attributes:
        images: by camera, those whose images have come.
        samples: by name, those that have come.
        codes: by name of the column; plain columns have some too, and never use them.
    """

    def __init__(self, cameras: tuple[str, ...]) -> None:
        self.cameras = cameras
        self.images: dict[str, StreamInfo] = {}
        self.samples: dict[str, StreamInfo] = {}
        self.codes = {column.name: Codes(column) for column in COLUMNS}
        self._made: tuple[int, bytes] = (-1, b"")

    def names(self) -> dict[str, tuple[str, ...]]:
        """What the codes of each column stand for."""
        return {name: codes.names for name, codes in self.codes.items() if codes.names}

    def know(self, names: Mapping[str, Sequence[str]]) -> None:
        """Give these names codes, in their order."""
        for column, known in names.items():
            for name in known:
                self.codes[column].place(name)

    def template(self) -> bytes:
        """An empty segment: to write it again costs a tenth of making its datasets again."""
        size = len(self.images) + len(self.samples)
        size += sum(len(codes.names) for codes in self.codes.values())
        if self._made[0] != size:
            with h5py.File("template", "w", driver="core", backing_store=False) as file:
                self._declare(file)
                file.flush()
                self._made = (size, file.id.get_file_image())
        return self._made[1]

    def _declare(self, file: h5py.File) -> None:
        steps = file.create_group(STEPS)
        for column in COLUMNS:
            declare_column(steps, column, self.codes[column.name])
        for name in FRAMES:
            declare_rows(steps, name, "i8", (len(self.cameras),))
        streams = file.create_group(STREAMS)
        for info in self.images.values():
            declare_images(streams, info)
        for info in self.samples.values():
            declare_samples(streams, info)
        declare_byte_log(file.create_group(EVENTS), (HOST_NS,), chunk_bytes=_EVENT_BYTES)
        declare_rows(file, CLOCK, "i8", (2,), chunk_rows=8)
