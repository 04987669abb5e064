"""The one thread that writes: it owns every episode's writer, and waits for the disk alone."""

import logging
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from recorder.encoded import EncodedImage
from recorder.folder_lock import FolderLock
from recorder.live.backlog import Backlog, Entry, Item, Opening
from recorder.live.losses import Cause, Loss, loss_of
from recorder.live.news import Begun, Failed, News, NotKept, Saved, Slow
from recorder.storage import free_bytes
from recorder.writer import EpisodeWriter
from teleop.config import RecordConfig
from teleop.errors import EpisodeError
from teleop.messages import EpisodeEnded, EpisodeSaved, Outcome, Step
from teleop.session_folder import SessionFolder
from teleop.stream_messages import ClockPair, RecordedEvent, SampleBlock

FLUSH_S = 0.25  # what a crash may cost
SLOW_S = 0.5  # a call of the writer that took longer is told
_WAIT_S = 0.1
_GATHER_S = 0.02  # waking up for each of some 300 entries a second costs more than writing it
_FREE_S = 1.0

log = logging.getLogger(__name__)


class WritingThread:
    """Takes entries from the backlog into episodes, and goes on after a write that failed.

    Args:
        folder: the session.
        lock: held on it; nothing is written once the folder is another one.
        config: what is recorded.
        backlog: where entries come from.
        tell: given its news, in this thread.

    Attributes:
        call_began_s: monotonic time since which it waits for the disk, 0: it does not.
        longest_s: the longest such wait since it was last asked for; the asker sets it to 0.
        free_bytes: of the disk, a second ago at most; -1: not known.
        written_bytes: images, samples and steps, about.
        hurry: images that still wait are given up, so that steps are written in time.
    """

    def __init__(
        self,
        folder: SessionFolder,
        lock: FolderLock,
        config: RecordConfig,
        backlog: Backlog,
        tell: Callable[[News], None],
    ) -> None:
        self._folder = folder
        self._lock = lock
        self._config = config
        self._backlog = backlog
        self._tell = tell
        self._writers: dict[int, EpisodeWriter] = {}
        self._over = threading.Event()
        self._flushed_s = self._looked_s = 0.0
        self.call_began_s = self.longest_s = 0.0
        self.free_bytes = -1
        self.hurry = False
        self._thread = threading.Thread(target=self._work, name="writing", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def end(self) -> None:
        """Write what waits, finish what is open, and end; `join` waits for that."""
        self._over.set()

    def join(self, timeout_s: float) -> bool:
        """Wait for the end; whether it came."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while True:
            over = self._over.is_set()
            entries = self._backlog.take(0.0 if over else _WAIT_S)
            for entry in entries:
                self._write(entry)
                self._backlog.done(entry)
            self._keep_up(time.monotonic())
            if over and not entries:
                break
            self._over.wait(_GATHER_S)
        for key in list(self._writers):
            self._close(key, Outcome.UNLABELLED, "the recorder was stopped", None)

    def _keep_up(self, now_s: float) -> None:
        """Flush what has stopped coming, and look at the disk."""
        if now_s - self._flushed_s > FLUSH_S:
            self._flushed_s = now_s
            for key, writer in list(self._writers.items()):
                with self._failing(key):
                    writer.flush()
        if now_s - self._looked_s > _FREE_S:
            self._looked_s = now_s
            try:
                self.free_bytes = free_bytes(self._folder.path)
            except OSError:
                self.free_bytes = -1

    def _write(self, entry: Entry) -> None:
        key, item = entry.key, entry.item
        if isinstance(item, Opening):
            with self._failing(key):
                self._open(key, item)
            return
        if key not in self._writers:
            if isinstance(item, EncodedImage | SampleBlock | Step):
                self._tell(NotKept(key, loss_of(item, Cause.STOPPED)))
            return
        if isinstance(item, EncodedImage) and self.hurry:
            self._tell(NotKept(key, loss_of(item, Cause.DISK)))
            return
        if isinstance(item, EpisodeEnded):
            self._close(key, item.outcome, item.reason, item.stamp_ns)
            return
        with self._failing(key):
            self._append(self._writers[key], item)

    def _open(self, key: int, opening: Opening) -> None:
        if not self._lock.still_there():
            raise EpisodeError(
                f"Cannot record: the session folder {self._folder.path} is gone, or another disk "
                "is in its place. Put the disk back and start the next episode."
            )
        self._writers[key] = EpisodeWriter(
            self._folder, opening.opened, self._config, first_index=opening.first
        )
        self._tell(Begun(key))

    def _append(self, writer: EpisodeWriter, item: Item) -> None:
        match item:
            case Step():
                if writer.append(item):
                    self._tell(Saved(writer.cut()))
            case EncodedImage():
                writer.image(item)
            case SampleBlock():
                writer.samples(item)
            case RecordedEvent():
                writer.event(item)
            case ClockPair():
                writer.clock(item)
            case Loss():
                writer.lost(item.kind, item.source, item.first, item.last)
            case Opening() | EpisodeEnded():
                pass

    def _close(self, key: int, outcome: Outcome, reason: str, ended_ns: int | None) -> None:
        with self._failing(key):
            self._tell(Saved(self._writers[key].close(outcome, reason, ended_ns)))
        self._writers.pop(key, None)

    @contextmanager
    def _failing(self, key: int) -> Generator[None]:
        """Give an episode up that cannot be written, and notice how long the disk takes."""
        self.call_began_s = time.monotonic()
        try:
            yield
        except EpisodeError as error:
            log.error("%s", error)
            saved = self._give_up(key, str(error))
            self._tell(Failed(key, str(error)))
            if saved is not None:
                self._tell(Saved(saved))
        finally:
            took_s = time.monotonic() - self.call_began_s
            self.call_began_s = 0.0
            self.longest_s = max(self.longest_s, took_s)
            if took_s > SLOW_S:
                self._tell(Slow(key, took_s))

    def _give_up(self, key: int, reason: str) -> EpisodeSaved | None:
        writer = self._writers.pop(key, None)
        return None if writer is None else writer.give_up(reason)
