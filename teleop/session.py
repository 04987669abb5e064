"""`nudge session`: the supervisor of all processes around one robot or simulation.

It makes the session folder, starts the process tree, restarts what dies and ends everything in
order. Only the control process' end ends a session; closing the window does not.
"""

import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated

import tyro

from teleop.children import Program
from teleop.cli_options import parse
from teleop.config import SessionConfig
from teleop.display import has_screen, prepare_display
from teleop.errors import SetupError
from teleop.lifetime import Lifetime
from teleop.preset_option import preset_config
from teleop.process_tree import ProcessTree, session_programs
from teleop.session_claim import claimed, default_session_path
from teleop.session_folder import SessionFolder
from teleop.session_record import SessionRecord, package_versions, write_record

WATCH_S = 0.25


@dataclass(frozen=True)
class SessionOptions:
    """Where the session goes and whether it has a window."""

    session: Path | None = None
    """session folder; a new one under ./sessions if not given, an old one is continued"""
    window: bool = False
    """insist on the window; otherwise it opens where there is a screen"""
    headless: bool = False
    """no window even where there is a screen; `nudge gui FOLDER` opens one later"""
    preset: str = ""
    """settings to start from: the name of one that the page Set up saved, or a file; other flags
    count before it"""
    config: Annotated[SessionConfig, tyro.conf.arg(name="")] = field(default_factory=SessionConfig)


def wants_window(options: SessionOptions) -> bool:
    """Whether to open the window.

    Raises:
        SetupError: it was asked for, and there is no screen.
    """
    drawn = os.environ.get("QT_QPA_PLATFORM", "")  # the user's own choice, such as offscreen
    possible = bool(drawn) or has_screen(os.environ)
    if options.window and not possible:
        raise SetupError(
            "There is no screen for the window: neither DISPLAY nor WAYLAND_DISPLAY is set. "
            "Run on a desktop or leave --window out."
        )
    return options.window or (not options.headless and has_screen(os.environ))


@contextmanager
def running_session(
    path: Path,
    config: SessionConfig,
    *,
    window: bool,
    over: Callable[[], str],
    say: Callable[[str], None],
    exercise: bool = False,
    adapt: Callable[[Program], Program | None] = lambda program: program,
) -> Generator[tuple[SessionFolder, ProcessTree]]:
    """A session whose processes are up and ready; they are ended when the block is left.

    Args:
        path: session folder.
        config: its settings.
        window: whether to open the window.
        over: gives a reason when the wait for readiness should be cut short.
        say: told of restarts and the like.
        exercise: for measuring; control is driven by the clock, and the learner never rests.
        adapt: changes a program before it is started, or leaves it out; for drills.

    Raises:
        SessionError: the folder cannot be used, or a process cannot start.
    """
    with claimed(path) as folder:
        started = datetime.now().astimezone().isoformat(timespec="seconds")
        write_record(folder, SessionRecord(config, started, packages=package_versions()))
        programs = session_programs(folder, config.cameras, window, exercise, config.has_policy)
        adapted = [program for each in programs if (program := adapt(each))]
        tree = ProcessTree(folder, adapted, say)
        try:
            tree.start()
            tree.wait_until_ready(over)
            yield folder, tree
        finally:
            tree.stop()


def main(arguments: list[str]) -> int:
    """Run a session until Ctrl-C or SIGTERM; return the exit code."""
    options = parse(
        SessionOptions,
        arguments,
        prog="nudge session",
        description=__doc__ or "",
        default=SessionOptions(config=preset_config(arguments)),
    )
    return run(options)


def run(options: SessionOptions) -> int:
    """Run a session until Ctrl-C or SIGTERM; return the exit code.

    Raises:
        SetupError: the window was asked for, and there is no screen.
        SessionError: the folder cannot be used, or a process has ended for good.
    """
    window = wants_window(options)
    prepare_display()
    lifetime = Lifetime(with_parent=False)
    path = options.session or default_session_path(datetime.now())

    def say(text: str) -> None:
        sys.stderr.write(f"{text}\n")

    say(f"Starting the session in {path}")
    with running_session(path, options.config, window=window, over=lifetime.over, say=say) as (
        folder,
        tree,
    ):
        if not window:
            say(f"No window. Open one with `nudge gui {folder.path}`.")
        if not lifetime.over():
            say("Ready. Ctrl-C ends the session.")
        while not lifetime.over():
            tree.watch(WATCH_S)
        say("Ending the session: the robot first, then its last episode.")
    say(f"Everything of this session is in {path}")
    return 0
