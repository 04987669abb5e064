"""Processes of a measurement: started ready, told the plan, ended with the block."""

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from recorder.bench.peer_report import READY
from recorder.bench.plan import Plan
from teleop.errors import SessionError

_END_S = 15.0
_ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def process(
    module: str, *words: str | Path, python: str = sys.executable
) -> Generator[subprocess.Popen[bytes]]:
    """A process that runs one of our modules, told to end when the block is left.

    Args:
        module: to run.
        words: its arguments, the session's folder last; what it says goes into a log there.
        python: the interpreter; that of another environment finds our modules all the same.
    """
    command = [python, "-m", module, *map(str, words)]
    environment = dict(os.environ)
    if python != sys.executable:
        environment |= {"PYTHONPATH": str(_ROOT), "HF_HUB_OFFLINE": "1"}
    pipe = subprocess.PIPE
    with log_of(module, Path(words[-1])).open("wb") as log:
        started = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=log, env=environment)
    try:
        yield started
    finally:
        started.terminate()
        try:
            started.wait(_END_S)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()
        for end in (started.stdin, started.stdout):
            if end is not None:
                end.close()


def log_of(module: str, folder: Path) -> Path:
    """Where a module's process says what goes wrong."""
    return folder / f"{module.rpartition('.')[2]}.log"


def require_ended_well(started: subprocess.Popen[bytes], module: str, folder: Path) -> None:
    """See that a process that has ended did so in order.

    Raises:
        SessionError: it did not.
    """
    if started.returncode:
        words = log_of(module, folder).read_text(errors="replace").strip().splitlines()
        raise SessionError(f"{module} has failed: {words[-1] if words else 'it said nothing'}")


def wait_ready(started: subprocess.Popen[bytes]) -> None:
    """Wait until it says that it is ready.

    Raises:
        SessionError: it has ended instead.
    """
    if READY not in next_line(started):
        raise SessionError(
            f"{started.args!r} did not start; run it by hand to see why."  # pyright: ignore
        )


def next_line(started: subprocess.Popen[bytes]) -> str:
    """The next line that it prints; empty: it has ended."""
    return _end(started.stdout).readline().decode().strip()


def tell(started: subprocess.Popen[bytes], plan: Plan) -> None:
    """Give it the plan."""
    stdin = _end(started.stdin)
    stdin.write(msgspec.json.encode(plan) + b"\n")
    stdin.flush()


def _end(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise SessionError("A process of the measurement has no pipe.")
    return pipe
