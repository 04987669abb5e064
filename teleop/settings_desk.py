"""Settings changed in flight, as the control process passes them on: recorded, written, told."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from teleop.bus import SETTINGS, Publisher
from teleop.config import TakeoverConfig
from teleop.session_folder import SessionFolder
from teleop.session_record import SessionRecord, write_record
from teleop.settings_fields import table
from teleop.settings_live import Configured, Settings, SettingsInForce

TELL_NS = 1_000_000_000  # for windows that were opened meanwhile


class SettingsDesk:
    """Writes `session.json` anew in a thread of its own: a disk may take longer than a tick.

    Args:
        folder: of the session.
        record: what `session.json` holds.
        publisher: of control.
        keep: in the episode.
        use: for the operator's devices.
    """

    def __init__(
        self,
        folder: SessionFolder,
        record: SessionRecord,
        publisher: Publisher,
        keep: Callable[[Configured], None],
        use: Callable[[TakeoverConfig], None],
    ) -> None:
        self._folder = folder
        self._record = record
        self._publisher = publisher
        self._keep = keep
        self._use = use
        table()  # made now: reading the words of all fields takes 50 ms, which no tick has
        self._writer = ThreadPoolExecutor(1, "session.json")
        self._written: Future[None] | None = None
        self._due_ns = 0

    def configured(self, configured: Configured) -> None:
        """Other settings are in force from now on."""
        self._keep(configured)
        self._use(configured.config.takeover)
        self._record = replace(self._record, config=configured.config)
        self._written = self._writer.submit(write_record, self._folder, self._record)
        self._due_ns = 0

    def round(self, settings: Callable[[], Settings], now_ns: int) -> None:
        """Tell what is in force, if that is due."""
        if now_ns >= self._due_ns:
            self._due_ns = now_ns + TELL_NS
            self._publisher.send(SETTINGS, SettingsInForce(now_ns, settings()))

    @property
    def trouble(self) -> str:
        """Why the file is not as the settings are; empty: it is, or will be."""
        if self._written is None or not self._written.done():
            return ""
        error = self._written.exception()
        if error is None:
            return ""
        return (
            f"The settings count, but {self._folder.config} could not be written ({error}): a "
            "process that is restarted goes by the old ones. Make room on the disk, set them again."
        )

    def close(self) -> None:
        """Return when all is written. Idempotent."""
        self._writer.shutdown()
