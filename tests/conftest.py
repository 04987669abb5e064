"""What every test gets: no screen, one thread a library, a short session folder, a leak check."""

import os

# Before anything imports mujoco, PySide6 or a BLAS, which read these once.
os.environ.setdefault("MUJOCO_GL", "egl")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import signal
import tempfile
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq

PATIENCE_S = 1.0  # a thread or child that has been told to stop may need a moment

# Threads that libraries start once and keep.
LIBRARY_THREADS = ("pytest_timeout", "tqdm_monitor", "QueueFeederThread", "QueueManagerThread")
# multiprocessing starts these once per process and keeps them.
LIBRARY_CHILDREN = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")

_sockets: weakref.WeakSet[zmq.Socket[bytes]] = weakref.WeakSet()


@pytest.fixture(scope="session", autouse=True)
def _remember_sockets() -> Iterator[None]:
    """Keep a weak reference to every socket that is made."""
    original = zmq.Socket.__init__

    def remembering(self: zmq.Socket[bytes], *args: object, **kwargs: object) -> None:
        original(self, *args, **kwargs)  # pyright: ignore[reportArgumentType]
        _sockets.add(self)

    patch = pytest.MonkeyPatch()
    patch.setattr(zmq.Socket, "__init__", remembering)
    yield
    patch.undo()


def _threads() -> set[str]:
    return {
        f"thread {thread.name} ({thread.ident})"
        for thread in threading.enumerate()
        if not thread.name.startswith(LIBRARY_THREADS)
        and not isinstance(thread, threading._DummyThread)  # Qt's own, seen once from Python
    }


def _children() -> set[str]:
    found: set[str] = set()
    for listing in Path("/proc/self/task").glob("*/children"):
        for pid in listing.read_text().split():
            try:
                command = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
            except (FileNotFoundError, ProcessLookupError):
                continue
            if not any(known in command for known in LIBRARY_CHILDREN):
                found.add(f"child process {pid} {command.strip()[:120] or '(not waited for)'}")
    return found


def _open_sockets() -> set[str]:
    return {f"open zmq socket {socket!r}" for socket in _sockets if not socket.closed}


def _leftovers() -> set[str]:
    return _threads() | _children() | _open_sockets()


@pytest.fixture(autouse=True)
def _signals_as_before() -> Iterator[None]:
    """A process's main that a test calls takes over the signals of the process it is in."""
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = [(number, signal.getsignal(number)) for number in numbers]
    yield
    for number, action in before:
        signal.signal(number, action)


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """Fail the test that leaves a thread, a child process or an open socket behind."""
    before = _leftovers()
    yield
    deadline = time.monotonic() + PATIENCE_S
    while (leaked := _leftovers() - before) and time.monotonic() < deadline:
        time.sleep(0.01)
    if leaked:
        pytest.fail("left behind: " + "; ".join(sorted(leaked)), pytrace=False)


@pytest.fixture
def session_dir() -> Iterator[Path]:
    """An empty folder whose path is short: an ipc address may have about 100 characters."""
    with tempfile.TemporaryDirectory(prefix="nudge-", dir="/tmp") as folder:
        yield Path(folder)
