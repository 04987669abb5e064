"""How a camera's images are packed, and how many in a file of versions 1 and 2 are whole."""

import zlib

import h5py
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from recorder.hdf5 import rows_in
from recorder.schema import BYTES, CRC32, INDEX
from teleop.interfaces import Image

QUALITY = 95
ENCODING = f"jpeg {QUALITY}"
_CLOSE_UP = 128  # px; up to this size colour keeps its full resolution


def encode_jpeg(image: Image) -> bytes:
    """Return `image` as JPEG; small close-ups, where a pixel is a millimetre, in 4:4:4."""
    subsampling = "444" if max(image.shape[:2]) <= _CLOSE_UP else "420"
    return simplejpeg.encode_jpeg(
        np.ascontiguousarray(image), quality=QUALITY, colorspace="RGB", colorsubsampling=subsampling
    )


def decode_jpeg(code: bytes) -> Image:
    """Return the (H, W, 3) RGB image of a JPEG."""
    return simplejpeg.decode_jpeg(code, colorspace="RGB")


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
