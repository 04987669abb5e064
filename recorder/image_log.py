"""A camera's images in an episode file: JPEG bytes end to end, and an index into them.

A byte log is the cheapest layout that survives a crash: variable-length rows do not, and raw or
losslessly packed images cost ten times the space and more time than one core has.
"""

import zlib

import h5py
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from recorder.columns import GrowingRows
from recorder.hdf5 import rows_in
from recorder.schema import BYTES, CHUNK_BYTES, CRC32, INDEX, INDEX_COLUMNS
from teleop.interfaces import Image
from teleop.messages import FrameRef

QUALITY = 95
_CLOSE_UP = 128  # px; up to this size colour keeps its full resolution
_INDEX_ROWS = 256


def encode_jpeg(image: Image) -> bytes:
    """Return `image` as JPEG; small close-ups, where a pixel is a millimetre, in 4:4:4."""
    subsampling = "444" if max(image.shape[:2]) <= _CLOSE_UP else "420"
    return simplejpeg.encode_jpeg(
        np.ascontiguousarray(image), quality=QUALITY, colorspace="RGB", colorsubsampling=subsampling
    )


def decode_jpeg(code: bytes) -> Image:
    """Return the (H, W, 3) RGB image of a JPEG."""
    return simplejpeg.decode_jpeg(code, colorspace="RGB")


class ImageLog:
    """One camera's images in a file that is being written."""

    def __init__(self, group: h5py.Group) -> None:
        group.attrs["encoding"] = f"jpeg {QUALITY}"
        self._bytes = GrowingRows(group, BYTES, "u1", chunk_rows=CHUNK_BYTES)
        self._index = GrowingRows(group, INDEX, "i8", (len(INDEX_COLUMNS),), chunk_rows=_INDEX_ROWS)
        self._index.dataset.attrs["columns"] = list(INDEX_COLUMNS)
        self._crc32 = GrowingRows(group, CRC32, "u4", chunk_rows=_INDEX_ROWS)
        self._end = 0
        self._count = 0
        self._codes: list[bytes] = []
        self._rows: list[tuple[int, int, int, int]] = []

    def append(self, image: Image, ref: FrameRef) -> int:
        """Take an image in; returns its row."""
        code = encode_jpeg(image)
        self._codes.append(code)
        self._rows.append((self._end, len(code), ref.stamp_ns, ref.sequence))
        self._end += len(code)
        self._count += 1
        return self._count - 1

    def flush(self) -> None:
        """Hand what was taken in to the file; bytes before the index that points at them."""
        if not self._codes:
            return
        self._bytes.append(np.frombuffer(b"".join(self._codes), np.uint8))
        self._crc32.append([zlib.crc32(code) for code in self._codes])
        self._index.append(self._rows)
        self._codes.clear()
        self._rows.clear()


def whole_images(group: h5py.Group) -> int:
    """How many images from the first on have all their bytes, with the right check sum."""
    index: NDArray[np.int64] = rows_in(group, INDEX)
    sums: NDArray[np.uint32] = rows_in(group, CRC32)
    content: NDArray[np.uint8] = rows_in(group, BYTES)
    for row, ((offset, length, _, _), check) in enumerate(zip(index, sums, strict=False)):
        code = content[offset : offset + length]
        if len(code) != length or zlib.crc32(code.tobytes()) != check:
            return row
    return min(len(index), len(sums))
