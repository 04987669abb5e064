"""The child processes of a session: started with a log each, watched, restarted with back-off.

A child runs in a session of its own (in the Unix sense), so that Ctrl-C in the terminal reaches
only the supervisor, which then ends the children in the right order.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from teleop.priority import stand_back

BACKOFF_FIRST_S = 0.25
BACKOFF_LAST_S = 10.0
SOUND_AFTER_S = 20.0  # a child that lived this long starts with a clean record
SILENT_S = 20.0  # most programs send a sign of life every second


@dataclass(frozen=True)
class Program:
    """One process of the tree.

    Attributes:
        name: as in its Health messages, and of its log file.
        arguments: what follows `nudge` on its command line.
        niceness: how far it stands back for the control process, 0 to 19.
        environment: variables it gets beside the supervisor's own.
        restart_when_done: whether leaving with exit code 0 counts as a failure too.
        silent_s: without a sign of life for so long it counts as hung.
    """

    name: str
    arguments: tuple[str, ...]
    niceness: int = 0
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    restart_when_done: bool = True
    silent_s: float = SILENT_S


def backoff_s(failures: int) -> float:
    """How long to wait before the start after the `failures`-th failure in a row, from 1 on."""
    return min(BACKOFF_FIRST_S * 2.0 ** (failures - 1), BACKOFF_LAST_S)


class Child:
    """A program that is kept running."""

    def __init__(self, program: Program, log: Path) -> None:
        self.program = program
        self.log = log
        self.restarts = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._started_s = 0.0
        self._failures = 0
        self._retry_s = 0.0
        self._killed_for = ""

    @property
    def pid(self) -> int:
        """Of the newest process; 0 before the first."""
        return self._process.pid if self._process else 0

    def exit_code(self) -> int | None:
        """Of the newest process; None while it runs or before the first."""
        return self._process.poll() if self._process else None

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, *, stand_back: bool = True) -> None:
        """Start the process; its output is appended to the log.

        Args:
            stand_back: whether it gives way to control from its first instant on.
        """
        environment = os.environ | {"PYTHONUNBUFFERED": "1", "OMP_NUM_THREADS": "1"}
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "teleop.cli", *self.program.arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment | dict(self.program.environment),
                start_new_session=True,
            )
        self._started_s = time.monotonic()
        if stand_back:
            self.stand_back()

    def stand_back(self) -> None:
        """Let it give way to control, as far as its program says."""
        if self.program.niceness and self.running():
            stand_back(self.pid, self.program.niceness)

    def revive(self) -> str:
        """Restart an ended process once its wait is over; says what happened, if anything."""
        if self.running():
            return ""
        code, now_s = self.exit_code(), time.monotonic()
        if code == 0 and not self.program.restart_when_done:
            return ""
        if self._retry_s == 0.0:
            lived_s = now_s - self._started_s
            self._failures = 1 if lived_s > SOUND_AFTER_S else self._failures + 1
            self._retry_s = now_s + backoff_s(self._failures)
            why, self._killed_for = self._killed_for, ""
            if why:
                return f"{self.program.name} {why} and was killed"
            return f"{self.program.name} ended ({describe_exit(code)}): {self.last_words()}"
        if now_s < self._retry_s:
            return ""
        self._retry_s = 0.0
        self.restarts += 1
        self.start()
        return f"{self.program.name} was started again"

    def kill(self, why: str) -> None:
        """End the process at once, which even one that is stopped cannot prevent.

        Args:
            why: what it did, such as "hung"; `revive` tells of it.
        """
        if self._process is not None and self._process.poll() is None:
            self._killed_for = why
            self._process.kill()

    def ask_to_end(self) -> None:
        """Send SIGTERM."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def end(self, patience_s: float) -> str:
        """Wait for the end, and kill the process after `patience_s`; says so if that was needed."""
        if self._process is None:
            return ""
        try:
            self._process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return f"{self.program.name} did not end within {patience_s:.0f} s and was killed"
        return ""

    def last_words(self) -> str:
        """What its log ends with: the sentence of an error whole, else the last line."""
        try:
            text = self.log.read_text(errors="replace").rstrip()
        except FileNotFoundError:
            return ""
        _, said, sentence = f"\n{text}".rpartition("\nnudge: ")
        if said and "\nTraceback " not in sentence:
            return sentence
        return text.rpartition("\n")[2].strip() or f"see {self.log}"


def describe_exit(code: int | None) -> str:
    """An exit code in words; a negative one is the signal that ended the process."""
    if code is None:
        return "not started"
    return f"signal {-code}" if code < 0 else f"exit code {code}"
