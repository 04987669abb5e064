"""A true recorder process and a feed around it, for drills."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from recorder.drills.feed import Feed
from recorder.drills.load import CAMERAS
from teleop.bus import EPISODE_SAVED, HEALTH, Subscriber
from teleop.config import RecordConfig, SessionConfig
from teleop.errors import SessionError
from teleop.messages import EpisodeSaved, Health
from teleop.session_folder import SessionFolder
from teleop.session_record import SessionRecord, write_record

SHAPE = (96, 128, 3)
PATIENCE_S = 30.0
_START = "import sys; from recorder.service import main; sys.exit(main(sys.argv[1:]))"


class Stage:
    """A recorder that is fed and listened to, all from one thread.

    Attributes:
        saved: finished episodes, as they were told.
        cuts: what was told of hand-backs.
        signs: every sign of life.
    """

    def __init__(
        self,
        folder: SessionFolder,
        frames: Path,
        record: RecordConfig,
        environment: Mapping[str, str],
        shape: tuple[int, int, int],
    ) -> None:
        self.folder = folder
        frames.mkdir(parents=True, exist_ok=True)
        if not folder.frames.exists():
            folder.frames.symlink_to(frames)
        write_record(folder, SessionRecord(SessionConfig(cameras=CAMERAS, record=record), ""))
        self._environment = dict(environment)
        self._log = (frames.parent / "recorder.log").open("ab")
        self._heard = Subscriber([folder.endpoint("recorder")], [EPISODE_SAVED, HEALTH])
        self.feed = Feed(folder, frames, shape)
        self.saved: list[EpisodeSaved] = []
        self.cuts: list[EpisodeSaved] = []
        self.signs: list[Health] = []
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        """Start a recorder, and wait for its sign of life."""
        before = len(self.signs)
        self.process = subprocess.Popen(
            [sys.executable, "-c", _START, str(self.folder.path)],
            env=os.environ | self._environment,
            stderr=self._log,
        )
        self.until(lambda: len(self.signs) > before, "a sign of life", fed=False)
        return self.process

    def run(self, seconds: float) -> None:
        """Feed it for so long."""
        until_s = time.monotonic() + seconds
        while time.monotonic() < until_s:
            self.feed.tick()
            self.listen()

    def until(self, found: Callable[[], bool], what: str, *, fed: bool = True) -> None:
        """Go on until something is so.

        Raises:
            SessionError: it was not within `PATIENCE_S`, or the recorder has ended.
        """
        until_s = time.monotonic() + PATIENCE_S
        while not found():
            if time.monotonic() > until_s:
                raise SessionError(f"There was no {what} within {PATIENCE_S:.0f} s.")
            if self.process.poll() is not None:
                raise SessionError(f"The recorder ended ({self.process.poll()}), awaiting {what}.")
            if fed:
                self.feed.tick()
            else:
                time.sleep(0.01)
            self.listen()

    def listen(self) -> None:
        """Take in what was told."""
        for _, message in self._heard.drain():
            if isinstance(message, Health):
                self.signs.append(message)
            else:
                (self.saved if message.final else self.cuts).append(message)

    def level(self) -> str:
        """Of the newest sign of life."""
        return self.signs[-1].level if self.signs else ""

    def told_since(self, count: int) -> tuple[Health, ...]:
        """The signs after the first `count` that were not well."""
        return tuple(sign for sign in self.signs[count:] if sign.level != "ok")

    def terminate(self, patience_s: float = PATIENCE_S) -> tuple[int | None, float]:
        """Ask it to end; its exit code, None: it did not; and how long it took."""
        began_s = time.monotonic()
        self.process.terminate()
        while self.process.poll() is None and time.monotonic() - began_s < patience_s:
            time.sleep(0.01)
            self.listen()
        took_s = time.monotonic() - began_s
        for _ in range(20):  # what it said last is still under way
            time.sleep(0.005)
            self.listen()
        return self.process.poll(), took_s

    def close(self) -> None:
        """End everything. Idempotent."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.feed.close()
        self._heard.close()
        self._log.close()


@contextmanager
def staged(
    session: Path,
    frames: Path,
    record: RecordConfig,
    environment: Mapping[str, str] | None = None,
    shape: tuple[int, int, int] = SHAPE,
) -> Generator[Stage]:
    """A stage, ended when the block is left."""
    stage = Stage(SessionFolder(session), frames, record, environment or {}, shape)
    try:
        yield stage
    finally:
        stage.close()
