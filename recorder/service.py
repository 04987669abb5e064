"""`nudge recorder`: the process that writes every step of a session into episode files.

Steps reach it by a road on which nothing is lost unseen; images are read from the rings by the
names in the steps. It says what it finished, and once a second how it is.
"""

import logging
import time
from dataclasses import dataclass
from pathlib import Path

import tyro

from recorder.inline import InlineRecorder
from recorder.repair import salvage_all
from recorder.storage import free_bytes
from recorder.writer import FLUSH_S
from teleop.bus import (
    EPISODE_ENDED,
    EPISODE_OPENED,
    EPISODE_SAVED,
    HEALTH,
    STATE,
    Inbox,
    Publisher,
)
from teleop.cli_options import parse
from teleop.errors import EpisodeError
from teleop.frames import RingFrames
from teleop.heartbeat import Heartbeat
from teleop.lifetime import Lifetime
from teleop.messages import EpisodeEnded, EpisodeOpened, EpisodeSaved, Step
from teleop.session_folder import STEPS, SessionFolder

NAME = "recorder"
_WAIT_S = 0.05
_REST_S = 2.0  # how long what is still under way is taken in before an end
_SETTLE_S = 1.0  # until every subscriber has found this process again after a restart
_FAREWELL_S = 0.05  # for the last message to leave; sockets are closed without lingering

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RecorderOptions:
    """Which session to record."""

    session: tyro.conf.Positional[Path]
    """the session folder, made by `nudge session`"""


class RecorderService:
    """Takes steps from the bus into episode files, and goes on after a write that failed.

    Args:
        folder: the session.
        publisher: where finished files and signs of life are announced.
        inbox: where steps and episode boundaries arrive.
    """

    def __init__(self, folder: SessionFolder, publisher: Publisher, inbox: Inbox) -> None:
        self._folder = folder
        self._publisher = publisher
        self._inbox = inbox
        self._frames = RingFrames(folder.frames, ())
        self._recorder = InlineRecorder(folder, self._frames, self._saved)
        self._heartbeat = Heartbeat(NAME, lambda sign: publisher.send(HEALTH, sign))
        self._trouble = ""
        self._salvaged: list[EpisodeSaved] = []
        self._announce_s = time.monotonic() + _SETTLE_S
        self._flushed_s = time.monotonic()

    def salvage(self) -> None:
        """Make whole what an earlier recorder left unfinished; announced once all listen."""
        for result in salvage_all(self._folder.episodes):
            log.warning("%s", result.text)
            if result.saved is not None:
                self._salvaged.append(result.saved)

    def run_once(self, wait_s: float = _WAIT_S) -> int:
        """Take in what has come, waiting up to `wait_s` for the first; return how much it was."""
        messages = self._inbox.poll(wait_s)
        for _, message in messages:
            self._attempt(message)
        now_s = time.monotonic()
        if now_s - self._flushed_s > FLUSH_S:  # steps that stopped coming are to be safe as well
            self._flushed_s = now_s
            self._attempt(None)
        if now_s > self._announce_s:
            while self._salvaged:
                self._saved(self._salvaged.pop(0))
        self._beat(bool(messages))
        return len(messages)

    def close(self) -> None:
        """Take in what is still under way and finish the open episode."""
        deadline_s = time.monotonic() + _REST_S
        while self.run_once() and time.monotonic() < deadline_s:
            pass
        try:
            self._recorder.close()
        except EpisodeError as error:
            log.error("%s", error)
        self._frames.close()
        time.sleep(_FAREWELL_S)

    def _attempt(self, message: EpisodeOpened | Step | EpisodeEnded | None) -> None:
        try:
            match message:
                case EpisodeOpened():
                    self._recorder.opened(message)
                    self._trouble = ""
                case Step():
                    self._recorder.step(message)
                case EpisodeEnded():
                    self._recorder.ended(message)
                case None:
                    self._recorder.flush()
        except EpisodeError as error:
            self._trouble = str(error)
            log.error("%s", error)

    def _beat(self, worked: bool) -> None:
        recorder = self._recorder
        lost = recorder.dropped_steps + recorder.unrecorded_steps + self._inbox.malformed
        text = self._trouble or (f"{lost} steps were not recorded." if lost else "")
        self._heartbeat.beat(
            time.monotonic_ns(),
            worked=worked,
            level="error" if self._trouble else "warning" if lost else "ok",
            text=text,
            numbers={
                "episode": recorder.episode,
                "lost_steps": lost,
                "lost_images": recorder.lost_images,
                "free_gb": free_bytes(self._folder.path) / 1e9,
            },
        )

    def _saved(self, message: EpisodeSaved) -> None:
        log.info("%s: %d steps, %s", Path(message.path).name, message.steps, message.outcome)
        self._publisher.send(EPISODE_SAVED, message)


def main(arguments: list[str]) -> int:
    """Record until told to end; return the exit code."""
    options = parse(RecorderOptions, arguments, prog="nudge recorder", description=__doc__ or "")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    lifetime = Lifetime()
    folder = SessionFolder(options.session.absolute())
    try:
        folder.episodes.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EpisodeError(
            f"Cannot record into {folder.episodes}: {error}. Choose a session folder that this "
            "user may write."
        ) from error
    with (
        Publisher(folder.endpoint(NAME)) as publisher,
        Inbox(folder.endpoint(STEPS), (STATE, EPISODE_OPENED, EPISODE_ENDED)) as inbox,
    ):
        service = RecorderService(folder, publisher, inbox)
        service.salvage()
        while not (reason := lifetime.over()):
            service.run_once()
        log.info("ends: %s", reason)
        service.close()
    return 0
