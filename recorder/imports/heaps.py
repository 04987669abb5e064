"""A check that HDF5 itself lacks: are the heaps sound in which a file keeps its texts?

HDF5 walks through a heap by the sizes of its pieces. One of size nought, such as a page that a
power cut left empty, keeps it walking for ever (HDF5 2.0), and one beyond the end lets it read
what is not its own.
"""

import mmap
import struct
from pathlib import Path

_SIGN = b"GCOL\x01\x00\x00\x00"  # a global heap collection, version 1
_HEAD_BYTES = 16
_LARGEST = 1 << 24
_WINDOW = 8 << 20  # at either end: texts belong to the structures, which are written first or last


def sound_heaps(path: Path) -> bool:
    """Whether HDF5 can walk through all heaps of texts; of a large file, near both its ends."""
    with path.open("rb") as file:
        size = path.stat().st_size
        if size < _HEAD_BYTES:
            return True
        with mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) as content:
            first = _sound(content, 0, min(size, _WINDOW))
            return first and _sound(content, max(_WINDOW, size - _WINDOW), size)


def _sound(content: mmap.mmap, start: int, end: int) -> bool:
    at = content.find(_SIGN, start, end)
    while at >= 0:
        if not _walks(content, at):
            return False
        at = content.find(_SIGN, at + 1, end)
    return True


def _walks(content: mmap.mmap, at: int) -> bool:
    (size,) = struct.unpack_from("<Q", content, at + 8) if at + 16 <= len(content) else (0,)
    end = at + size
    if not _HEAD_BYTES <= size <= _LARGEST or end > len(content):
        return False
    piece = at + _HEAD_BYTES
    while piece + _HEAD_BYTES <= end:
        number, length = struct.unpack_from("<H6xQ", content, piece)
        step = _HEAD_BYTES + (length + 7) // 8 * 8 if number else length
        if step < _HEAD_BYTES or piece + step > end:
            return False
        piece += step
    return True
