"""One recorder per session folder; the kernel's lock is gone with the process that holds it."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from teleop.errors import EpisodeError, FolderBusy
from teleop.session_folder import SessionFolder

LOCK = "recorder.lock"
_PID_BYTES = 20


@dataclass(frozen=True)
class FolderLock:
    """A lock that is held, and by it the certainty that the folder is still the same one."""

    path: Path
    descriptor: int

    def still_there(self) -> bool:
        """Whether the folder is still the one that was locked.

        It is not where its disk was taken away, or another was put in its place: what is written
        then would lie on the wrong disk.
        """
        try:
            found = self.path.stat()
        except OSError:
            return False
        held = os.fstat(self.descriptor)
        return (found.st_dev, found.st_ino) == (held.st_dev, held.st_ino)


@contextmanager
def locked(folder: SessionFolder) -> Generator[FolderLock]:
    """Hold the session's episodes until the block is left.

    Raises:
        FolderBusy: another recorder writes there.
        EpisodeError: the folder cannot be written.
    """
    path = folder.path / LOCK
    try:
        folder.episodes.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise EpisodeError(
            f"Cannot record into {folder.episodes}: {error}. Choose a session folder that this "
            "user may write."
        ) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise FolderBusy(
                f"Another recorder (process {_holder(descriptor) or 'unknown'}) writes into "
                f"{folder.path}. End it first, or choose another session folder."
            ) from None
        with _tolerated():
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield FolderLock(path, descriptor)
    finally:
        os.close(descriptor)


def recorder_of(folder: SessionFolder) -> int:
    """The pid of the recorder that writes into the session, 0: none does."""
    try:
        descriptor = os.open(folder.path / LOCK, os.O_RDONLY)
    except OSError:
        return 0
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return _holder(descriptor) or -1
    finally:
        os.close(descriptor)
    return 0


def _holder(descriptor: int) -> int:
    text = os.pread(descriptor, _PID_BYTES, 0).decode(errors="replace").strip()
    return int(text) if text.isdigit() else 0


@contextmanager
def _tolerated() -> Generator[None]:
    """A full disk takes no pid; the lock holds all the same."""
    try:
        yield
    except OSError:
        return
