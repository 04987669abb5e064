"""One recorder per session folder; the kernel's lock is gone with the process that holds it."""

import fcntl
import os
import uuid
from collections.abc import Generator
from contextlib import contextmanager

from teleop.errors import EpisodeError, FolderBusy
from teleop.session_folder import SessionFolder

LOCK = "recorder.lock"
_HOLDER_BYTES = 80


class FolderLock:
    """A lock that is held, and by it the certainty that the folder is still the same one.

    Args:
        folder: the session.
        descriptor: of its locked file.
        token: what this process wrote into it.
    """

    def __init__(self, folder: SessionFolder, descriptor: int, token: bytes) -> None:
        self._folder = folder
        self._token = token
        self._apart = _lies_apart(folder)
        self.descriptor = descriptor

    def still_there(self) -> bool:
        """Whether the folder is still the one that was locked; one that came back is locked anew.

        It is not where its disk was taken away, or another was put in its place: what is written
        then would lie on the wrong disk.
        """
        try:
            found = (self._folder.path / LOCK).stat()
            held = os.fstat(self.descriptor)
            same = (found.st_dev, found.st_ino) == (held.st_dev, held.st_ino)
            return (same or self._regain()) and _lies_apart(self._folder) == self._apart
        except OSError:
            return False

    def _regain(self) -> bool:
        """Lock the file that is there now, if it is the same under another number."""
        descriptor = os.open(self._folder.path / LOCK, os.O_RDONLY)
        if os.pread(descriptor, len(self._token) + 1, 0) != self._token:
            os.close(descriptor)
            return False
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(self.descriptor)
        self.descriptor = descriptor
        return True


def _lies_apart(folder: SessionFolder) -> bool:
    """Whether the episodes lie on another disk than the session."""
    try:
        return folder.episodes.stat().st_dev != folder.path.stat().st_dev
    except FileNotFoundError:
        return False


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
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = _holder(descriptor) or "unknown"
        os.close(descriptor)
        raise FolderBusy(
            f"Another recorder (process {holder}) writes into {folder.path}. "
            "End it first, or choose another session folder."
        ) from None
    token = f"{os.getpid()} {uuid.uuid4().hex}\n".encode()
    lock = FolderLock(folder, descriptor, token)
    try:
        with _tolerated():
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, token, 0)
            os.fsync(descriptor)
        yield lock
    finally:
        os.close(lock.descriptor)


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
    text = os.pread(descriptor, _HOLDER_BYTES, 0).decode(errors="replace").strip()
    pid = text.partition(" ")[0]
    return int(pid) if pid.isdigit() else 0


@contextmanager
def _tolerated() -> Generator[None]:
    """A full disk takes no pid; the lock holds all the same."""
    try:
        yield
    except OSError:
        return
