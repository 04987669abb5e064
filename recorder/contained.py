"""Work on files that may be damaged, in a process that may die of them.

HDF5 can crash over a file whose structures are damaged. Here that costs a child process, which is
started again, and the file is named.
"""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

import msgspec

from teleop.errors import EpisodeError
from teleop.named_function import named_function

_LEAST_S = 30.0  # for one answer, and to start; a busy machine may need seconds
_END_S = 10.0  # to end on a busy machine, once it no longer answers
_BYTES_A_SECOND = 5e6  # of the slowest disk and work


class Crashed(EpisodeError):
    """The process that worked on the file died of it, or never came to an end."""


class Contained:
    """A child process that answers by one function, one request at a time.

    Args:
        target: `module:function`, which takes a list of strings and returns what msgspec encodes.
        limit_s: for one answer, beside the time that large files need.
    """

    def __init__(self, target: str, limit_s: float = _LEAST_S) -> None:
        self._target = target
        self._limit_s = limit_s
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, request: Sequence[str], size: int = 0) -> bytes:
        """Return the answer as JSON.

        Args:
            request: what the function is given.
            size: bytes of the files that it works on.

        Raises:
            Crashed: there was none.
        """
        child = self._child or self._start()
        if child.stdin is None or child.stdout is None:
            raise Crashed("the reading process has no pipes")
        limit_s = self._limit_s + size / _BYTES_A_SECOND
        try:
            child.stdin.write(msgspec.json.encode(list(request)) + b"\n")
            child.stdin.flush()
            ready, _, _ = select.select([child.stdout], [], [], limit_s)
        except BrokenPipeError:
            raise Crashed(self._end(child)) from None
        if not ready:
            self.close()
            raise Crashed(f"it took more than {limit_s:.0f} s")
        line = child.stdout.readline()
        if not line.endswith(b"\n"):
            raise Crashed(self._end(child))
        return line

    def close(self) -> None:
        """End the child. Idempotent."""
        child, self._child = self._child, None
        if child is not None and child.stdin is not None and child.stdout is not None:
            child.stdin.close()
            child.kill()
            child.wait()
            child.stdout.close()

    def _start(self) -> subprocess.Popen[bytes]:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "recorder.contained", self._target],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            process_group=0,  # Ctrl-C is for the parent, which ends it
        )
        return self._child

    def _end(self, child: subprocess.Popen[bytes]) -> str:
        """Why there was no answer: how the child ended, which may take it a moment."""
        try:
            code = child.wait(timeout=_END_S)
        except subprocess.TimeoutExpired:
            code = None
        self.close()
        if code is None:
            return "the reading process neither answered nor ended"
        if code < 0:
            return f"HDF5 crashed over it ({signal.Signals(-code).name})"
        return f"the reading process ended with {code}"


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files of a folder and its folders."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(each.stat().st_size for each in files if each.is_file())


def main() -> int:
    """Answer each line of stdin by one on stdout."""
    work: Callable[[list[str]], Any] = named_function(sys.argv[1])
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    for line in sys.stdin.buffer:
        told = work(msgspec.json.decode(line, type=list[str]))
        answers.write(msgspec.json.encode(told, enc_hook=str) + b"\n")
        answers.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
