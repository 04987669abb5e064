"""Keeps profiles on disk from a thread of its own: to wait for the disk would hold up a tick."""

import queue
import threading
from pathlib import Path

from teleop.device_messages import DeviceProfile
from teleop.devices.profile_store import write_profile
from teleop.errors import SetupError


class ProfileSaver:
    """Saves profiles in the order they come.

    Args:
        folder: of the profiles.

    Attributes:
        trouble: why the last one could not be saved; empty: it was.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: queue.SimpleQueue[DeviceProfile | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self.trouble = ""

    def save(self, profile: DeviceProfile) -> None:
        """Return at once; the file is replaced a little later."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="profile-saver", daemon=True)
            self._thread.start()
        self._waiting.put(profile)

    def close(self) -> None:
        """Save what is waiting, then end. Idempotent."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(timeout=2.0)
            self._thread = None

    def _run(self) -> None:
        while (profile := self._waiting.get()) is not None:
            try:
                write_profile(self._folder, profile)
                self.trouble = ""
            except SetupError as error:
                self.trouble = str(error)
