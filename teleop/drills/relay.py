"""A road between two ends of the bus that can be made longer while it is used.

A process that is to live behind it gets a session folder of its own: links to the real one, but for
the socket that it binds. The relay listens there and publishes where everybody else looks.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import zmq

from teleop.session_folder import SessionFolder
from teleop.sockets import bind, connect, open_socket

SHARED = ("session.json", "log", "frames", "episodes", "cuts", "policies")
_WAIT_MS = 2


def far_folder(near: Path, name: str) -> Path:
    """Make and return the folder of the process `name`, which publishes in it."""
    far = near / "far"
    bus = SessionFolder(far).bus
    bus.mkdir(parents=True)
    for part in SHARED:
        (far / part).symlink_to(near / part)
    for other in ("control", "learner", "recorder", "gui"):
        if other != name:
            (bus / other).symlink_to(SessionFolder(near).bus / other)
    return far


class Relay:
    """Passes on what a publisher sends, late.

    Args:
        source: where it is published.
        target: where it is published again.
        seen: told of every message's parts when it is passed on.

    Attributes:
        delay_s: how late; may be changed at any time, and never changes the order.
    """

    def __init__(self, source: str, target: str, seen: Callable[[list[bytes]], None]) -> None:
        self.delay_s = 0.0
        self._ends = source, target
        self._seen = seen
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="relay")

    def start(self) -> None:
        """Begin, once: after the session folder is claimed, which clears old sockets away."""
        self._thread.start()

    def close(self) -> None:
        """Idempotent."""
        self._closing.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        source, target = open_socket(zmq.SUB), open_socket(zmq.PUB)
        source.setsockopt(zmq.SUBSCRIBE, b"")
        connect(source, self._ends[0])
        bind(target, self._ends[1])
        waiting: deque[tuple[float, list[bytes]]] = deque()
        while not self._closing.is_set():
            if source.poll(_WAIT_MS if waiting else 20):
                parts = source.recv_multipart()
                waiting.append((time.monotonic() + self.delay_s, parts))
            while waiting and waiting[0][0] <= time.monotonic():
                parts = waiting.popleft()[1]
                self._seen(parts)
                target.send_multipart(parts)
        source.close()
        target.close()


@contextmanager
def relayed(
    folder: Path, name: str, seen: Callable[[list[bytes]], None]
) -> Generator[tuple[Relay, Path]]:
    """A relay in front of the process `name`, and the folder that it has to be given."""
    far = far_folder(folder, name)
    relay = Relay(SessionFolder(far).endpoint(name), SessionFolder(folder).endpoint(name), seen)
    try:
        yield relay, far
    finally:
        relay.close()
