"""Making a session folder ours: created, writable, short enough for sockets, and locked."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from teleop.errors import SessionError
from teleop.session_folder import SessionFolder
from teleop.sockets import LONGEST_IPC_PATH

LONGEST_SOCKET_NAME = 24  # room left for a name under bus/


def default_session_path(now: datetime, base: Path = Path("sessions")) -> Path:
    """Where a session goes that was given no folder, such as `sessions/2026-03-01-14-05-09`."""
    return base / now.strftime("%Y-%m-%d-%H-%M-%S")


@contextmanager
def claimed(path: Path) -> Generator[SessionFolder]:
    """The session folder at `path`, made and locked until the block is left.

    The lock is the kernel's: it is gone with the process that holds it, however that ends.

    Raises:
        SessionError: the folder cannot be made or written, its path is too long for a Unix socket,
            or another session uses it.
    """
    folder = SessionFolder(path.expanduser().absolute())
    length = len(os.fsencode(folder.bus)) + 1 + LONGEST_SOCKET_NAME
    if length > LONGEST_IPC_PATH:
        raise SessionError(
            f"The session folder's path is {length - LONGEST_IPC_PATH} characters too long for "
            f"its sockets: {folder.path}. Choose a shorter one with --session."
        )
    try:
        parts = (folder.path, folder.logs, folder.bus, folder.frames)
        for part in (*parts, folder.episodes, folder.policies):
            part.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder.lock, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise SessionError(
            f"The session folder {folder.path} cannot be written ({error.strerror}). "
            "Choose another one with --session, or mend its permissions."
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = os.pread(lock, 20, 0).decode(errors="replace").strip()
        os.close(lock)
        raise SessionError(
            f"Another session (process {holder or 'unknown'}) is using {folder.path}. "
            "End it first, or choose another folder with --session."
        ) from None
    try:
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        for socket in folder.bus.iterdir():  # left over by a session that was killed
            socket.unlink()
        yield folder
    finally:
        os.close(lock)
