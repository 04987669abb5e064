"""Finished episodes are joined into one file each, by a process that gives way to everything.

It is a process of its own, because HDF5 lets only one thread of a process work at a time: joining
beside the writing thread would hold up what must not wait.
"""

import ctypes
import logging
import os
import select
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from recorder.catalog import remember
from recorder.consolidate import consolidate
from recorder.episode_paths import episode_paths, segments_of
from teleop.errors import EpisodeError
from teleop.session_folder import SessionFolder

NICENESS = 10
_START = "import sys; from recorder.live.joining import work; sys.exit(work(int(sys.argv[1])))"
_PR_SET_PDEATHSIG = 1  # of Linux
_ANSWER_BYTES = 4096

log = logging.getLogger(__name__)


def work(parent: int) -> int:
    """Join the episode of each line of stdin, and answer it by one line, until stdin ends.

    Args:
        parent: the recorder; its end is the end of this process, in the middle of an episode too,
            so that never two work at one.
    """
    os.nice(NICENESS)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        return 1
    for line in sys.stdin:
        path = Path(line.rstrip("\n"))
        try:
            consolidate(path)
            remember(path)
            answer = f"{path.name} is one file."
        except (EpisodeError, OSError) as error:
            answer = f"{path.name} stays in segments, which are whole: {error}"
        sys.stdout.write(answer.replace("\n", " ") + "\n")
        sys.stdout.flush()
    return 0


def to_be_joined(folder: SessionFolder) -> tuple[Path, ...]:
    """The episodes that are still in segments, or whose segments were not all deleted."""
    return tuple(path for path in episode_paths(folder) if segments_of(path))


@dataclass(frozen=True)
class _Worker:
    process: subprocess.Popen[bytes]
    orders: IO[bytes]
    answers: IO[bytes]


class Joining:
    """Has one episode after the other joined, and begins none while the disk has other work.

    What is not done when the recorder ends is done by the next one: until then the segments are
    the episode.
    """

    def __init__(self) -> None:
        self._waiting: deque[Path] = deque()
        self._busy: Path | None = None
        self._worker: _Worker | None = None

    def add(self, episodes: Iterable[Path]) -> None:
        """Let these be joined, after those that wait already."""
        self._waiting.extend(path for path in episodes if path not in self._waiting)

    @property
    def waiting(self) -> int:
        """Episodes that are still to be joined, with the one that is being joined."""
        return len(self._waiting) + (self._busy is not None)

    def round(self, may_begin: bool) -> None:
        """Take an answer in, and begin the next one if that is allowed now; never waits."""
        if self._busy is not None and self._worker is not None:
            readable, _, _ = select.select([self._worker.answers], [], [], 0.0)
            if readable:
                self._take_answer(self._worker)
        if self._busy is None and self._waiting and may_begin:
            self._busy = self._waiting.popleft()
            self._give(self._busy)

    def close(self) -> None:
        """End the worker at once, in the middle of an episode too. Idempotent."""
        if self._worker is not None:
            self._worker.process.kill()
            self._reap(self._worker)

    def _give(self, path: Path) -> None:
        if self._worker is None:
            self._worker = _start()
        try:
            self._worker.orders.write(f"{path}\n".encode())
        except BrokenPipeError:
            return  # its end shows where its answer is awaited

    def _take_answer(self, worker: _Worker) -> None:
        answer = os.read(worker.answers.fileno(), _ANSWER_BYTES)
        if answer:
            log.info("%s", answer.decode(errors="replace").rstrip())
        else:
            code = self._reap(worker)
            log.warning("The process that joins episodes ended (%d) at %s.", code, self._busy)
        self._busy = None

    def _reap(self, worker: _Worker) -> int:
        worker.orders.close()
        worker.answers.close()
        self._worker = None
        return worker.process.wait()


def _start() -> _Worker:
    process = subprocess.Popen(
        [sys.executable, "-c", _START, str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    )
    if process.stdin is None or process.stdout is None:
        raise EpisodeError("The process that joins episodes has no pipes.")
    return _Worker(process, process.stdin, process.stdout)
