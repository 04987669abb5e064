"""Images and samples at their own rates, in a segment that is being written."""

from collections.abc import Sequence

import h5py
import numpy as np

from recorder.byte_log import ByteLog, declare_byte_log
from recorder.columns import GrowingRows, declare_rows
from recorder.encoded import EncodedImage
from recorder.image_log import ENCODING
from recorder.schema import DATA, DEVICE_NS, HOST_NS, SEQUENCE
from teleop.stream_messages import SampleBlock, StreamInfo

IMAGE_KIND, SAMPLES_KIND = "image", "samples"
_NUMBERS = (HOST_NS, DEVICE_NS, SEQUENCE)
_SAMPLES = 256  # in a chunk: a quarter of a second at 1 kHz


def image_info(image: EncodedImage) -> StreamInfo:
    """What the stream of a camera's images is, by the first of them."""
    return StreamInfo(image.ref.camera, image.shape, "RGB")


def declare_images(streams: h5py.Group, info: StreamInfo) -> h5py.Group:
    """Create the empty stream of a camera."""
    group = streams.create_group(info.name)
    _describe(group, info, IMAGE_KIND)
    group.attrs["encoding"] = ENCODING
    declare_byte_log(group, _NUMBERS)
    return group


def declare_samples(streams: h5py.Group, info: StreamInfo) -> h5py.Group:
    """Create the empty stream of a sensor."""
    group = streams.create_group(info.name)
    _describe(group, info, SAMPLES_KIND)
    for name in _NUMBERS:
        declare_rows(group, name, "i8", chunk_rows=_SAMPLES)
    declare_rows(group, DATA, "f4", info.shape, chunk_rows=_SAMPLES)
    return group


def _describe(group: h5py.Group, info: StreamInfo, kind: str) -> None:
    group.attrs["kind"] = kind
    group.attrs["name"] = info.name
    group.attrs["shape"] = np.array(info.shape, np.int64)
    group.attrs["unit"] = info.unit
    group.attrs["columns"] = np.array(info.columns, dtype=h5py.string_dtype())
    group.attrs["rate_hz"] = info.rate_hz
    group.attrs["latency_ns"] = info.latency_ns
    group.attrs["latency_note"] = info.latency_note


class ImageLog:
    """One camera's images."""

    def __init__(self, group: h5py.Group) -> None:
        self._log = ByteLog(group, _NUMBERS)

    def append(self, images: Sequence[EncodedImage]) -> None:
        """Write images after those that are there."""
        numbers = [(each.ref.stamp_ns, each.device_ns, each.ref.sequence) for each in images]
        self._log.append([each.code for each in images], numbers)


class SampleLog:
    """One sensor's samples."""

    def __init__(self, group: h5py.Group, info: StreamInfo) -> None:
        self._data = GrowingRows(group, DATA, "f4", info.shape)
        self._numbers = [GrowingRows(group, name, "i8") for name in _NUMBERS]

    def append(self, blocks: Sequence[SampleBlock]) -> None:
        """Write blocks after those that are there; numbers before the stamps that count them."""
        self._data.append(np.concatenate([block.data for block in blocks]))
        columns = [(block.host_ns, block.device_ns, block.sequence) for block in blocks]
        for rows, values in zip(self._numbers, zip(*columns, strict=True), strict=True):
            rows.append(np.concatenate(values))
