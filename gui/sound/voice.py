"""Speaks words one after the other in a thread, through a program of the system's."""

import queue
import shutil
import subprocess
import threading
from collections.abc import Callable

WAITING = 3  # sentences; a longer queue would speak of the past
LONGEST_S = 15.0  # of one sentence: a speech server may hang
PROGRAMS: tuple[tuple[str, ...], ...] = (("spd-say", "--wait", "--"), ("espeak-ng", "--"))


def voice_command(which: Callable[[str], str | None] = shutil.which) -> tuple[str, ...]:
    """Return the command line that speaks what is appended; empty: nothing here can."""
    return next((program for program in PROGRAMS if which(program[0])), ())


class Voice:
    """A queue of sentences and the thread that speaks them.

    Args:
        command: what the sentence is appended to; empty: nothing is spoken.
    """

    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command
        self._words: queue.Queue[str | None] = queue.Queue()
        self._waiting: list[str] = []
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._over = False
        self._thread = threading.Thread(target=self._run, name="voice", daemon=True)
        if command:
            self._thread.start()

    def say(self, words: str) -> bool:
        """Queue `words`; false where they wait already, or too many others do."""
        with self._lock:
            full = words in self._waiting or len(self._waiting) >= WAITING
            if not self._command or self._over or full:
                return False
            self._waiting.append(words)
        self._words.put(words)
        return True

    def close(self) -> None:
        """End the thread and what it speaks. Idempotent."""
        with self._lock:
            self._over = True
            if self._process is not None:
                self._process.kill()
        self._words.put(None)
        if self._thread.is_alive():
            self._thread.join(LONGEST_S)

    def _run(self) -> None:
        while (words := self._words.get()) is not None:
            with self._lock:
                if self._over:
                    return
                self._process = self._spoken(words)
            self._await_end()
            with self._lock:
                self._process = None
                self._waiting.remove(words)

    def _spoken(self, words: str) -> subprocess.Popen[bytes] | None:
        nowhere = subprocess.DEVNULL
        try:
            return subprocess.Popen(
                [*self._command, words], stdin=nowhere, stdout=nowhere, stderr=nowhere
            )
        except OSError:
            return None  # removed since it was found; tones go on

    def _await_end(self) -> None:
        if self._process is None:
            return
        try:
            self._process.wait(LONGEST_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
