"""What the real-time measurements have in common: a session under full load, and how to print.

Three cameras at 30 frames a second, the policy, the recorder writing, a learner that never stops
training, and the window off-screen.
"""

import os
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from teleop.children import Program
from teleop.config import SessionConfig
from teleop.display import prepare_display
from teleop.errors import SessionError
from teleop.lifetime import Lifetime
from teleop.process_tree import ProcessTree
from teleop.session import running_session

WARM_UP_S = 5.0
CAMERAS = ("close_front", "close_top", "operator")


def say(text: str) -> None:
    """Tell the person at the terminal; stdout is for the result."""
    sys.stderr.write(f"{text}\n")


def busy_config(rate_hz: float, policy: str) -> SessionConfig:
    """A session with everything that a machine can be asked for."""
    return SessionConfig(rate_hz=rate_hz, cameras=CAMERAS, view_hz=30.0, policy=policy)


@contextmanager
def loaded_session(
    folder: Path,
    config: SessionConfig,
    lifetime: Lifetime,
    say: Callable[[str], None],
    adapt: Callable[[Program], Program] = lambda program: program,
) -> Generator[ProcessTree]:
    """A warm session in `folder`, all of whose processes are at work until the block is left.

    A process that had to be started again belongs to the result: see `ProcessTree.restarts`.

    Raises:
        SessionError: control has ended.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    prepare_display()
    with running_session(
        folder, config, window=True, over=lifetime.over, say=say, exercise=True, adapt=adapt
    ) as (_, tree):
        say(f"All processes are up; {WARM_UP_S:.0f} s of warming up.")
        watch_for(tree, WARM_UP_S, lifetime)
        yield tree
        for name, sign in sorted(tree.health.items()):
            if "rate_hz" in sign.numbers:
                say(f"{name}: {sign.numbers['rate_hz']:.1f} a second")
        for name, count in tree.restarts.items():
            say(f"{name} was started again {count} times: {tree.children[name].last_words()}")


def watch_for(tree: ProcessTree, seconds: float, lifetime: Lifetime) -> None:
    """Keep the processes running for a while.

    Raises:
        SessionError: control has ended, or the measurement was broken off.
    """
    deadline_s = time.monotonic() + seconds
    while (remaining_s := deadline_s - time.monotonic()) > 0.0:
        tree.watch(min(remaining_s, 0.5))
        if lifetime.over():
            raise SessionError("The measurement was broken off before its end.")


def print_result(result: Any, as_json: bool) -> None:
    """Print a dataclass of numbers as one line of JSON, or as a table."""
    if as_json:
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
        return
    table = Table("Measurement", "Value", box=SIMPLE_HEAD)
    for name, value in asdict(result).items():
        table.add_row(name, f"{value:g}" if isinstance(value, float) else str(value))
    Console().print(table)
