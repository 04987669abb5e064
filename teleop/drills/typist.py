"""Holds keys on the bus as the window does: a process that a drill can kill in its place.

Each line on its standard input names the keys that are held from then on, a letter each.
"""

import selectors
import sys
import time
from pathlib import Path

from teleop.bus import KEYS, Publisher
from teleop.device_messages import KeysHeld
from teleop.messages import Arm
from teleop.session_folder import SessionFolder

PERIOD_S = 0.04  # as the window repeats them


def main(session: Path) -> None:
    """Type until the standard input is closed."""
    keys: tuple[str, ...] = ()
    with (
        selectors.DefaultSelector() as selector,
        Publisher(SessionFolder(session).endpoint("gui")) as publisher,
    ):
        selector.register(sys.stdin, selectors.EVENT_READ)
        while True:
            if selector.select(PERIOD_S):
                line = sys.stdin.readline()
                if not line:
                    return
                keys = tuple(line.strip())
            publisher.send(KEYS, KeysHeld(time.monotonic_ns(), Arm.LEFT, keys))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
