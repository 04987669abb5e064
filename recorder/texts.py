"""A check that HDF5 itself lacks: does an attribute's text lie where the attribute says?

Texts of variable length lie in heaps elsewhere in the file, and an attribute keeps for each its
length, the heap's address and its number there. HDF5 2.0 trusts all three, and the sizes in the
heap: a damaged one keeps it walking for ever, or takes a gigabyte. So they are followed here first,
after the HDF5 file format specification, version 3, sections III.E (global heap), IV.A.1.a (object
headers) and IV.A.2.m (attributes).
"""

import os
import struct
from collections.abc import Iterator

_PREFIX_BYTES = 16
_CONTINUED, _ATTRIBUTE = 0x10, 0x0C
_MOST_BLOCKS = 64
_LONGEST_BLOCK = 1 << 20
_LONGEST_HEAP = 1 << 24
_ELEMENT = struct.Struct("<IQI")  # length, address of the heap, number in it
_UNPADDED = (2, 3)  # versions of the message; 1 pads its parts to 8 bytes
_OWN_CHECK_SUM = b"OHDR"


def check_texts(descriptor: int, header_at: int, name: str) -> None:
    """Raise ValueError unless all texts of an attribute are where it says.

    Args:
        descriptor: of the open file.
        header_at: address of the object's header in it.
        name: of an attribute of variable-length texts.
    """
    heaps: dict[int, dict[int, int]] = {}
    for length, heap, number in _elements(descriptor, header_at, name.encode()):
        if length == 0:
            continue
        if heap not in heaps:
            heaps[heap] = _heap(descriptor, heap)
        if heaps[heap].get(number, -1) < length:
            raise ValueError(f"the text {number} of the heap at {heap} is not there")


def _elements(descriptor: int, header_at: int, name: bytes) -> Iterator[tuple[int, int, int]]:
    any_message = False
    for kind, message in _messages(descriptor, header_at):
        any_message = True
        if kind != _ATTRIBUTE or len(message) < 9:
            continue
        version, shared = message[0], message[1]
        sizes = struct.unpack_from("<HHH", message, 2)
        start = 9 if version == 3 else 8
        if message[start : start + len(name) + 1] != name + b"\x00":
            continue
        if shared and version > 1:
            raise ValueError("its type is shared, which this program never writes")
        for size in sizes:
            start += size if version in _UNPADDED else (size + 7) // 8 * 8
        yield from _ELEMENT.iter_unpack(_whole(message[start:]))
        return
    if any_message:
        raise ValueError("the object's header does not hold it")


def _whole(data: bytes) -> bytes:
    return data[: len(data) // _ELEMENT.size * _ELEMENT.size]


def _messages(descriptor: int, header_at: int) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each message in an object's header, over all of its blocks."""
    prefix = _read(descriptor, header_at, _PREFIX_BYTES)
    if prefix[:4] == _OWN_CHECK_SUM:
        return
    blocks = [(header_at + _PREFIX_BYTES, struct.unpack_from("<I", prefix, 8)[0])]
    for number, (at, size) in enumerate(blocks):
        if number >= _MOST_BLOCKS or size > _LONGEST_BLOCK:
            raise ValueError("the object's header never ends")
        block, place = _read(descriptor, at, size), 0
        while place + 8 <= size:
            kind, length = struct.unpack_from("<HH", block, place)
            message = block[place + 8 : place + 8 + length]
            if kind == _CONTINUED and length >= 16:
                blocks.append(struct.unpack_from("<QQ", message))
            yield kind, message
            place += 8 + length


def _heap(descriptor: int, at: int) -> dict[int, int]:
    """How long each piece of a heap is, by its number."""
    sign, size = struct.unpack("<8sQ", _read(descriptor, at, 16))
    if sign != b"GCOL\x01\x00\x00\x00" or not 16 <= size <= _LONGEST_HEAP:
        raise ValueError(f"there is no heap at {at}")
    content = _read(descriptor, at, size)
    found: dict[int, int] = {}
    place = 16
    while place + 16 <= size:
        number, length = struct.unpack_from("<H6xQ", content, place)
        step = 16 + (length + 7) // 8 * 8 if number else length
        if step < 16 or place + step > size:
            raise ValueError(f"the heap at {at} cannot be walked through")
        if number:
            found[number] = length
        place += step
    return found


def _read(descriptor: int, at: int, size: int) -> bytes:
    if not 0 <= at < 1 << 62:
        raise ValueError(f"an address is {at}")
    content = os.pread(descriptor, size, at)
    if len(content) != size:
        raise ValueError(f"{size} bytes at {at} are beyond the file's end")
    return content
