"""One window of a session has the keys; any further one only watches.

Two would take the socket from each other, and the operator's keys would go nowhere.
"""

import fcntl
import os
from pathlib import Path

LOCK = "window.lock"


class KeysClaim:
    """The kernel's lock on the session's keys: gone with the process, however it ends.

    Attributes:
        held: whether this window has the keys.
    """

    def __init__(self, session: Path) -> None:
        self._file = -1
        try:
            self._file = os.open(session / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:  # another window has it, or the folder may not be written
            self.release()
        self.held = self._file >= 0

    def release(self) -> None:
        """Idempotent."""
        if self._file >= 0:
            os.close(self._file)
        self._file = -1
        self.held = False
