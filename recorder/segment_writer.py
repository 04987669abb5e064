"""The HDF5 file of one segment, written at once."""

import contextlib
import ctypes
import os
from collections.abc import Sequence
from pathlib import Path

import h5py
import msgspec

from recorder.batch import Batch
from recorder.byte_log import ByteLog
from recorder.columns import GrowingRows, StepColumn
from recorder.encoded import EncodedImage
from recorder.hdf5 import group_in
from recorder.header import settle, write_header
from recorder.layout import Layout
from recorder.schema import (
    CLOCK,
    COLUMNS,
    EVENTS,
    FRAMES,
    HOST_NS,
    STEPS,
    STREAMS,
    Header,
)
from recorder.streams import (
    ImageLog,
    SampleLog,
    declare_images,
    declare_samples,
    image_info,
)
from teleop.messages import FrameRef, Step
from teleop.stream_messages import SampleBlock

_NONE = FrameRef("", -1, -1)


class SegmentFileWriter:
    """A file that is being made.

    Args:
        path: where; what lies there is replaced.
        layout: the streams and codes of the episode so far, which it adds to.

    Raises:
        OSError, RuntimeError: it cannot be written. After that only `abandon` may be called.
    """

    def __init__(self, path: Path, layout: Layout) -> None:
        self._layout = layout
        path.write_bytes(layout.template())
        self._file = h5py.File(path, "r+")
        self._descriptor = int(self._file.id.get_vfd_handle())
        with contextlib.ExitStack() as refused:
            refused.callback(self.abandon)
            self._open()
            refused.pop_all()

    def _open(self) -> None:
        layout = self._layout
        steps = group_in(self._file, STEPS)
        self._columns = [StepColumn(steps, each, layout.codes[each.name]) for each in COLUMNS]
        across = (len(layout.cameras),)
        self._across = [GrowingRows(steps, name, "i8", across) for name in FRAMES]
        self._events = ByteLog(group_in(self._file, EVENTS), (HOST_NS,))
        self._clock = GrowingRows(self._file, CLOCK, "i8", (2,))
        self._streams = group_in(self._file, STREAMS)
        self._images = {name: ImageLog(group_in(self._streams, name)) for name in layout.images}
        self._samples = {
            name: SampleLog(group_in(self._streams, name), info)
            for name, info in layout.samples.items()
        }

    def write(self, batch: Batch) -> None:
        """Write everything in it."""
        self._write_images(batch.images)
        self._write_samples(batch.blocks)
        if batch.steps:
            self._write_steps(batch.steps)
        self._events.append(
            [msgspec.json.encode(event) for event in batch.events],
            [(event.stamp_ns,) for event in batch.events],
        )
        self._clock.append([(each.monotonic_ns, each.realtime_ns) for each in batch.clock])

    def _write_images(self, images: Sequence[EncodedImage]) -> None:
        for camera in dict.fromkeys(image.ref.camera for image in images):
            own = [image for image in images if image.ref.camera == camera]
            if camera not in self._images:
                info = self._layout.images[camera] = image_info(own[0])
                self._images[camera] = ImageLog(declare_images(self._streams, info))
            self._images[camera].append(own)

    def _write_samples(self, blocks: Sequence[SampleBlock]) -> None:
        for name in dict.fromkeys(block.info.name for block in blocks):
            own = [block for block in blocks if block.info.name == name]
            if name not in self._samples:
                info = self._layout.samples[name] = own[0].info
                self._samples[name] = SampleLog(declare_samples(self._streams, info), info)
            self._samples[name].append(own)

    def _write_steps(self, steps: Sequence[Step]) -> None:
        for column in self._columns:
            column.append(steps)
        frames = [{ref.camera: ref for ref in step.observation.frames} for step in steps]
        seen = [{ref.camera: ref for ref in step.seen} for step in steps]
        of = self._layout.cameras
        sequence, stamp, saw = self._across
        sequence.append([[row.get(name, _NONE).sequence for name in of] for row in frames])
        stamp.append([[row.get(name, _NONE).stamp_ns for name in of] for row in frames])
        saw.append([[row.get(name, _NONE).sequence for name in of] for row in seen])

    def finish(self, header: Header) -> None:
        """Write the header, and labels if it is a whole episode's; close the file."""
        if header.segment < 0:
            settle(self._file, header)
        else:
            write_header(self._file, header)
        self._file.flush()
        self._file.close()

    def abandon(self) -> None:
        """Never touch the file again: HDF5 crashes the process that closes what it cannot write.

        What it writes as the process ends goes nowhere.
        """
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(self))  # its datasets are never collected
        if not self._file:  # it is closed already
            return
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, self._descriptor)
        os.close(nowhere)
