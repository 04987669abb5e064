"""A session whose supervisor is a process of its own, as `nudge session` starts it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from teleop.drills.stage import CONFIG, Stage
from teleop.errors import SessionError
from teleop.process_tree import READY_TIMEOUT_S
from teleop.session_folder import SessionFolder, camera_process

LAST_S = 20.0  # for everything to end
WORDS = (
    "--headless",
    "--device=keyboard",
    f"--cell.distribution={CONFIG.cell.distribution}",
    f"--episode.time-limit-s={CONFIG.episode.time_limit_s}",
    "--episode.no-automatic",
    "--cameras",
    *CONFIG.cameras,
)
NAMES = ("control", "recorder", "policy", "learner", *map(camera_process, CONFIG.cameras))


def alive(pid: int) -> bool:
    """Whether a process runs; one that nobody has waited for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


class Alone(Stage):
    """A stage that is no parent of the session's processes.

    Args:
        folder: the session.
        log: what the supervisor says.
        supervisor: its process.
    """

    def __init__(
        self, folder: SessionFolder, log: Path, supervisor: subprocess.Popen[bytes]
    ) -> None:
        super().__init__(folder, None, NAMES)
        self.supervisor = supervisor
        self._log = log
        self._read = 0

    def poll(self) -> None:
        super().poll()
        lines = self._log.read_text(errors="replace").splitlines()
        for line in lines[self._read :]:
            self.chronicle.say(line, time.monotonic_ns())
        self._read = len(lines)

    def ready(self) -> bool:
        """Whether the supervisor has said so.

        Raises:
            SessionError: it has ended instead.
        """
        if self.supervisor.poll() is not None:
            raise SessionError(f"The session could not start: {self._log.read_text().strip()}")
        return any(event.text.startswith("Ready.") for event in self.chronicle.events)

    def running(self) -> list[str]:
        """The names of the processes that were seen and still run."""
        return [name for name, pid in self.chronicle.seen.items() if alive(pid)]


@contextmanager
def alone(path: Path, environment: Mapping[str, str] | None = None) -> Generator[Alone]:
    """The session, up and ready; whatever is left of it is ended when the block is left."""
    log = path / "supervisor.log"
    words = [sys.executable, "-m", "teleop.cli", "session", "--session", str(path), *WORDS]
    with log.open("wb") as output:
        supervisor = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | dict(environment or {}),
        )
    stage = Alone(SessionFolder(path), log, supervisor)
    try:
        stage.need("a session that is ready", stage.ready, READY_TIMEOUT_S)
        yield stage
    finally:
        _end(stage)


def _end(stage: Alone) -> None:
    stage.supervisor.terminate()
    try:
        stage.supervisor.wait(LAST_S)
    except subprocess.TimeoutExpired:
        stage.supervisor.kill()
        stage.supervisor.wait()
    deadline_s = time.monotonic() + LAST_S
    while stage.running() and time.monotonic() < deadline_s:
        time.sleep(0.05)
    for name in stage.running():
        os.kill(stage.chronicle.seen[name], signal.SIGKILL)
    stage.close()
