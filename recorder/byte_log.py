"""Pieces of bytes end to end in an episode file, and an index into them: images and events.

A byte log is the cheapest layout that survives a crash: variable-length rows do not, and raw or
losslessly packed images cost ten times the space and more time than one core has.
"""

import zlib
from collections.abc import Sequence

import h5py
import numpy as np

from recorder.columns import GrowingRows, declare_rows
from recorder.schema import BYTES, CRC32, LENGTH, OFFSET

_INDEX_ROWS = 64


def declare_byte_log(
    group: h5py.Group, numbers: Sequence[str], *, chunk_bytes: int = 1 << 18
) -> None:
    """Create the empty datasets of a log, with further columns of a number for each piece."""
    declare_rows(group, BYTES, "u1", chunk_rows=chunk_bytes)
    for name in (OFFSET, LENGTH, *numbers):
        declare_rows(group, name, "i8", chunk_rows=_INDEX_ROWS)
    declare_rows(group, CRC32, "u4", chunk_rows=_INDEX_ROWS)


class ByteLog:
    """A log that `declare_byte_log` made, while it is being written."""

    def __init__(self, group: h5py.Group, numbers: Sequence[str]) -> None:
        self._bytes = GrowingRows(group, BYTES, "u1")
        self._crc32 = GrowingRows(group, CRC32, "u4")
        self._index = [GrowingRows(group, name, "i8") for name in (OFFSET, LENGTH, *numbers)]

    def append(self, pieces: Sequence[bytes], numbers: Sequence[Sequence[int]]) -> None:
        """Write pieces, and the numbers of each; bytes before the index that points at them."""
        if not pieces:
            return
        lengths = np.array([len(piece) for piece in pieces])
        offsets = len(self._bytes) + np.cumsum(lengths) - lengths
        self._bytes.append(np.frombuffer(b"".join(pieces), np.uint8))
        self._crc32.append([zlib.crc32(piece) for piece in pieces])
        columns = (offsets, lengths, *zip(*numbers, strict=True))
        for rows, values in zip(self._index, columns, strict=True):
            rows.append(values)
