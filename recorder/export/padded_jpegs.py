"""JPEGs as equally long rows of a dataset, zeros after each: ALOHA's compressed images.

Padded to the longest, rows would take twice the space. Each is therefore a chunk for HDF5's gzip
filter, made here: the JPEG's bytes are stored as they are, which costs no time, and only the zeros
are packed. Any HDF5 library reads it.
"""

import zlib
from collections.abc import Iterable

import h5py
import numpy as np
from numpy.typing import NDArray

_HEADER = b"\x78\x01"  # of a zlib stream, RFC 1950
_RAW = -15  # deflate without header and check sum


def write_padded(
    group: h5py.Group, name: str, codes: Iterable[bytes], count: int, width: int
) -> NDArray[np.int64]:
    """Write a (count, width) u1 dataset; returns the length of each row's JPEG.

    Args:
        group: where.
        name: of the dataset.
        codes: the JPEGs, one a row.
        count: how many.
        width: at least the length of each.
    """
    dataset = group.create_dataset(
        name, (count, width), np.uint8, chunks=(1, width), compression="gzip"
    )
    lengths = np.zeros(count, np.int64)
    for row, code in enumerate(codes):
        dataset.id.write_direct_chunk((row, 0), _chunk(code, width))
        lengths[row] = len(code)
    return lengths


def _chunk(code: bytes, width: int) -> bytes:
    zeros = bytes(width - len(code))
    stored = zlib.compressobj(0, zlib.DEFLATED, _RAW)
    packed = zlib.compressobj(1, zlib.DEFLATED, _RAW)
    body = stored.compress(code) + stored.flush(zlib.Z_FULL_FLUSH)
    body += packed.compress(zeros) + packed.flush()
    check = zlib.adler32(zeros, zlib.adler32(code))
    return _HEADER + body + check.to_bytes(4, "big")
