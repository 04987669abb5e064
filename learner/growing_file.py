"""A file that is added to and read by several places at once, without a buffer of its own."""

import fcntl
import os
import tempfile
import weakref
from pathlib import Path


class GrowingFile:
    """Bytes end to end; what was appended never moves.

    They are read with `pread`, so the pages of a large file are the system's memory, not ours.

    Args:
        path: made if it is not there; None: a file without a name that goes with this object.
    """

    def __init__(self, path: Path | None) -> None:
        if path is None:
            self._handle, name = tempfile.mkstemp(prefix="nudge-arena-")
            Path(name).unlink()
        else:
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        self.size = os.fstat(self._handle).st_size
        self._closing = weakref.finalize(self, os.close, self._handle)

    def close(self) -> None:
        """Idempotent."""
        self._closing()

    def claim(self) -> bool:
        """Keep other processes out while this is open; False if one has it."""
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def append(self, content: bytes) -> int:
        """Write at the end; where it begins."""
        start = self.size
        self.write(start, content)
        return start

    def write(self, start: int, content: bytes) -> None:
        """Write at a place, past the end too: what lies between reads as zeros."""
        rest, place = memoryview(content), start
        while rest:
            done = os.pwrite(self._handle, rest, place)
            rest, place = rest[done:], place + done
        self.size = max(self.size, place)

    def read(self, start: int, length: int) -> bytes:
        """So many bytes; zeros where the file does not reach."""
        found = os.pread(self._handle, length, start)
        while 0 < len(found) < length:
            more = os.pread(self._handle, length - len(found), start + len(found))
            if not more:
                break
            found += more
        return found if len(found) == length else found + bytes(length - len(found))

    def truncate(self, size: int) -> None:
        """Cut off what lies beyond `size`."""
        os.ftruncate(self._handle, size)
        self.size = size

    def sync(self) -> None:
        """Return when all of it would survive a power cut."""
        os.fdatasync(self._handle)
