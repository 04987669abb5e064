"""`nudge recorder`: the process that writes every step, image and sample of a session.

One thread takes in what comes over the bus, others follow the cameras' rings and compress images,
one writes; between them lies a queue that is bounded by its bytes. It says what it finished, what
it lost while it loses it, and once a second how it is.
"""

import logging
import os
import queue
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from logging.handlers import QueueHandler, QueueListener
from pathlib import Path

import tyro

from recorder.folder_lock import FolderLock, locked
from recorder.live.recording import Recording
from recorder.repair import salvage_all
from teleop.bus import (
    EPISODE_ENDED,
    EPISODE_OPENED,
    EPISODE_SAVED,
    EVENT,
    HEALTH,
    SAMPLES,
    STATE,
    Inbox,
    Publisher,
)
from teleop.cli_options import parse
from teleop.config import SessionConfig
from teleop.heartbeat import Heartbeat
from teleop.lifetime import Lifetime
from teleop.messages import EpisodeSaved
from teleop.session_folder import STEPS, SessionFolder
from teleop.session_record import read_record

NAME = "recorder"
TAKEN = (STATE, EPISODE_OPENED, EPISODE_ENDED, SAMPLES, EVENT)
_WAIT_S = 0.05
_GATHER_S = 0.02  # messages come together at each tick; fewer rounds cost less
_REST_S = 2.0  # how long what is still under way is taken in before an end
_WRITE_S = 3.0  # how long everything that waits is written then; after that without images
_STEPS_S = 2.5  # how long the rest is; what cannot be written is salvaged at the next start
_JOIN_S = 2.0  # for the last episode to become one file; else the next start does it
_END_S = 8.0  # for all of that; the supervisor waits 10 s
_SETTLE_S = 1.0  # until every subscriber has found this process again after a restart
_FAREWELL_S = 0.05  # for the last message to leave; sockets are closed without lingering

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RecorderOptions:
    """Which session to record."""

    session: tyro.conf.Positional[Path]
    """the session folder, made by `nudge session`"""


class RecorderService:
    """A recording and the bus around it.

    Args:
        folder: the session, locked by `lock`.
        lock: held on it.
        config: of the session.
        publisher: where finished episodes and signs of life are announced.
        inbox: where steps, samples, events and episode boundaries arrive.
    """

    def __init__(
        self,
        folder: SessionFolder,
        lock: FolderLock,
        config: SessionConfig,
        publisher: Publisher,
        inbox: Inbox,
    ) -> None:
        self._folder = folder
        self._publisher = publisher
        self._inbox = inbox
        self._recording = Recording(folder, lock, config)
        self._heartbeat = Heartbeat(NAME, lambda sign: publisher.send(HEALTH, sign))
        self._salvaged: list[EpisodeSaved] = []
        self._announce_s = time.monotonic() + _SETTLE_S

    def begin(self) -> None:
        """Make whole what an earlier recorder left unfinished, and start to record."""
        results = salvage_all(self._folder.episodes)
        for result in results:
            log.warning("%s", result.text)
            if result.saved is not None:
                self._salvaged.append(result.saved)
        if results:
            self._recording.note(" ".join(result.text for result in results))
        self._recording.start()

    def run_once(self, wait_s: float = _WAIT_S) -> int:
        """Take in what has come, waiting up to `wait_s` for the first; return how much it was."""
        messages = self._inbox.poll(wait_s)
        now_ns = time.monotonic_ns()
        for _, message in messages:
            self._recording.take(message, now_ns)
        for saved in self._recording.round(now_ns):
            self._saved(saved)
        if now_ns / 1e9 > self._announce_s:
            while self._salvaged:
                self._saved(self._salvaged.pop(0))
        self._beat(bool(messages))
        return len(messages)

    def close(self) -> bool:
        """Write what is under way and finish the open episode; False: the disk does not let it."""
        began_s = time.monotonic()
        deadline_s = began_s + _REST_S
        while self.run_once() and time.monotonic() < deadline_s:
            pass
        self._recording.end(time.monotonic_ns())
        ended = self._wait(_WRITE_S)
        if not ended:
            self._recording.hurry()
            ended = self._wait(_STEPS_S)
        deadline_s = min(time.monotonic() + _JOIN_S, began_s + _END_S)
        while ended and self._recording.joining and time.monotonic() < deadline_s:
            time.sleep(_WAIT_S)
            self._tell()
        self._recording.close()
        time.sleep(_FAREWELL_S)
        return ended

    def _wait(self, timeout_s: float) -> bool:
        """Go on giving signs of life until all is written; whether it was."""
        deadline_s = time.monotonic() + timeout_s
        while not (ended := self._recording.ended(_WAIT_S)) and time.monotonic() < deadline_s:
            self._tell()
        self._tell()
        return ended

    def _tell(self) -> None:
        for saved in self._recording.round(time.monotonic_ns()):
            self._saved(saved)
        self._beat(True)

    def _beat(self, worked: bool) -> None:
        level, text = self._recording.told()
        sent = self._heartbeat.beat(
            time.monotonic_ns(),
            worked=worked,
            level=level,
            text=text,
            numbers=self._recording.numbers() | {"malformed": float(self._inbox.malformed)},
        )
        if sent:
            self._recording.was_told()

    def _saved(self, message: EpisodeSaved) -> None:
        log.info("%s: %d steps, %s", Path(message.path).name, message.steps, message.outcome)
        self._publisher.send(EPISODE_SAVED, message)


def main(arguments: list[str]) -> int:
    """Record until told to end; return the exit code."""
    options = parse(RecorderOptions, arguments, prog="nudge recorder", description=__doc__ or "")
    lifetime = Lifetime()
    folder = SessionFolder(options.session.absolute())
    config = read_record(folder).config
    with (
        _logging(),
        locked(folder) as lock,
        Publisher(folder.endpoint(NAME)) as publisher,
        Inbox(folder.endpoint(STEPS), TAKEN) as inbox,
    ):
        service = RecorderService(folder, lock, config, publisher, inbox)
        service.begin()
        while not (reason := lifetime.over()):
            service.run_once()
            time.sleep(_GATHER_S)
        log.info("ends: %s", reason)
        if not service.close():
            log.error("The disk did not take everything in time; the next start salvages the rest.")
            time.sleep(_FAREWELL_S)
            os._exit(1)  # the threads that wait for the disk cannot be ended in order
    return 0


@contextmanager
def _logging() -> Generator[None]:
    """Write the log in a thread of its own: it lies on the disk that may not answer."""
    lines: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    written = logging.StreamHandler()
    written.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    listener = QueueListener(lines, written)
    logging.basicConfig(level=logging.INFO, handlers=[QueueHandler(lines)], format="%(message)s")
    listener.start()
    try:
        yield
    finally:
        listener.stop()
