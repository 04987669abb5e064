"""A new HDF5 file, on a disk that may be full.

HDF5 cannot let go of a file that it cannot write: closing it fails, keeps the space, and may crash
the process as it ends. Here it writes through an object that takes everything: after the first
refusal the rest goes nowhere, the file is closed in peace, and then the refusal is told.
"""

import contextlib
import io
from collections.abc import Generator
from pathlib import Path

import h5py

from teleop.errors import ConversionError


@contextlib.contextmanager
def new_file(path: Path) -> Generator[h5py.File]:
    """An HDF5 file to write, which replaces what is there under that name.

    Raises:
        ConversionError: from the OSError by which the disk refused it; what there is is removed.
    """
    try:
        raw = path.open("w+b", buffering=0)
    except OSError as error:
        raise _refused(path, error) from error
    with raw:
        taker = _TakesAll(raw)
        with h5py.File(taker, "w") as file:
            yield file
    if taker.error is not None:
        path.unlink(missing_ok=True)
        raise _refused(path, taker.error) from taker.error


def _refused(path: Path, error: OSError) -> ConversionError:
    return ConversionError(
        f"{path} cannot be written: {error.strerror or error}. What is done stays done; free some "
        "space, the same command continues."
    )


class _TakesAll(io.RawIOBase):
    """A file that never refuses a write; `error` is the first refusal of the one below."""

    def __init__(self, raw: io.RawIOBase) -> None:
        super().__init__()
        self._raw = raw
        self.error: OSError | None = None

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        return self._raw.tell()

    def readinto(self, buffer: memoryview) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        got = self._raw.readinto(buffer) or 0
        if self.error is not None and got < len(buffer):  # of what went nowhere
            buffer[got:] = bytes(len(buffer) - got)
            return len(buffer)
        return got

    def write(self, content: memoryview) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        done = 0
        try:
            while self.error is None and done < len(content):
                done += self._raw.write(content[done:]) or 0
        except OSError as error:
            self.error = error
        return len(content)

    def truncate(self, size: int | None = None) -> int:
        try:
            return self._raw.truncate(size)
        except OSError as error:
            self.error = self.error or error
            return size or 0
