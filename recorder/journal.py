"""What an open segment is until it is finished: a log of all that came, only ever added to.

HDF5 keeps its structures in caches and hands them over piece by piece: a kill in the middle of that
can cost rows that were written long before. A log loses its torn last record, and nothing else.

A file begins with `MAGIC`; a record is the length of its payload and its check sum, each 4 bytes,
and the payload, msgpack as on the bus. The first is a `JournalHead`, all others are `Entry`.
"""

import errno
import fcntl
import os
import struct
import zlib
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from recorder.batch import Batch
from recorder.schema import Header
from teleop.errors import EpisodeIncomplete, MalformedMessage
from teleop.wire import decoder, encode

MAGIC = b"nudge journal 3\n"
_HEAD = struct.Struct("<II")


@dataclass(frozen=True)
class JournalHead:
    """Where the segment begins."""

    header: Header
    names: dict[str, tuple[str, ...]]  # what codes stood for in the segments before


@dataclass(frozen=True)
class Entry:
    """What was handed over at once."""

    header: Header  # with the losses up to then
    batch: Batch


class Journal:
    """A log that is being written.

    Raises:
        OSError: it cannot be made, or not be locked.
    """

    def __init__(self, path: Path, head: JournalHead) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
        self._end = 0
        with suppress(BlockingIOError):  # told by it that somebody writes here
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._write([MAGIC, *_framed(encode(head))])

    def add(self, entry: Entry) -> None:
        """Hand a record to the system, whole or not at all. Raises OSError."""
        self._write(_framed(encode(entry)))

    def _write(self, parts: list[bytes]) -> None:
        length = sum(map(len, parts))
        written = os.writev(self._handle, parts)
        if written < length:
            with suppress(OSError):
                os.ftruncate(self._handle, self._end)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._end += length

    def close(self) -> None:
        """Idempotent."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def _framed(payload: bytes) -> list[bytes]:
    return [_HEAD.pack(len(payload), zlib.crc32(payload)), payload]


_head = decoder(JournalHead)
_entry = decoder(Entry)


def is_journal(path: Path) -> bool:
    """Whether the file is one, as far as it tells."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def read_journal(path: Path) -> tuple[JournalHead, list[Entry]]:
    """All whole records up to the first that is not.

    Raises:
        EpisodeIncomplete: not even its first record is whole.
    """
    payloads = _payloads(path)
    try:
        head = _head(next(payloads, b""))
    except MalformedMessage as error:
        raise EpisodeIncomplete(f"{path} has no whole beginning: {error}") from error
    entries: list[Entry] = []
    for payload in payloads:
        try:
            entries.append(_entry(payload))
        except MalformedMessage:
            break
    return head, entries


def _payloads(path: Path) -> Generator[bytes]:
    with path.open("rb") as file:
        left = os.fstat(file.fileno()).st_size - len(MAGIC)
        file.seek(len(MAGIC))
        while left >= _HEAD.size:
            length, check = _HEAD.unpack(file.read(_HEAD.size))
            left -= _HEAD.size + length
            payload = file.read(length) if left >= 0 else b""
            if len(payload) != length or zlib.crc32(payload) != check:
                return
            yield payload
