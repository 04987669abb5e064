"""A disk that can be filled: a small file system in memory, else a limit on file sizes."""

import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Generator
from contextlib import contextmanager
from io import RawIOBase
from pathlib import Path
from typing import Protocol

SIZE_BYTES = 400_000_000
RESERVE_BYTES = 100_000_000  # what the recorder keeps back
LAST_BYTES = 1 << 20
BALLAST = "ballast"


class Disk(Protocol):
    """Where the session is recorded."""

    @property
    def kind(self) -> str: ...

    def fill(self, leave_bytes: int) -> None:
        """Leave so much room and no more."""
        ...

    def clear(self) -> None:
        """Give the room back."""
        ...


class MemoryDisk:
    """A tmpfs of its own, filled by a file."""

    kind = "a disk of 400 MB in memory"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def fill(self, leave_bytes: int) -> None:
        with (self._folder / BALLAST).open("ab", buffering=0) as file:
            while (wanted := self._free() - max(leave_bytes, LAST_BYTES)) > 0:
                try:
                    os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), wanted)
                except OSError:
                    continue  # something else was written meanwhile
                break
            if leave_bytes == 0:
                file.seek(0, os.SEEK_END)
                _fill_up(file)

    def _free(self) -> int:
        return shutil.disk_usage(self._folder).free

    def clear(self) -> None:
        (self._folder / BALLAST).unlink(missing_ok=True)


def _fill_up(file: RawIOBase) -> None:
    """Write until not a byte more goes in."""
    size = LAST_BYTES
    while size:
        try:
            file.write(bytes(size))
        except OSError:
            size //= 2


class FileLimit:
    """Lets the recorder's files grow no further; what a full disk does to one process."""

    kind = "a limit on the size of the recorder's files, without root"

    def __init__(self, recorder: Callable[[], int]) -> None:
        self._recorder = recorder

    def fill(self, leave_bytes: int) -> None:
        if leave_bytes < RESERVE_BYTES:
            self._limit(4096)  # every write beyond fails

    def clear(self) -> None:
        self._limit(resource.RLIM_INFINITY)

    def _limit(self, size: int) -> None:
        pid = self._recorder()
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size if hard < 0 else min(size, hard), hard))


@contextmanager
def memory_disk(folder: Path) -> Generator[MemoryDisk | None]:
    """A file system at `folder` until the block is left; None where this user may not mount."""
    words = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_BYTES}", "nudge-drill", str(folder)]
    if subprocess.run(words, capture_output=True, check=False).returncode != 0:
        yield None
        return
    try:
        yield MemoryDisk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)
