"""`nudge demo`: watch a policy fail, be corrected and learn, on the simulated cell.

With a screen it is a session with its window, ready to be taken over. Without one a scripted
operator does the correcting for a number of episodes in real time; then the session's table, a
picture of the window and a page about the session are made.
"""

import math
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from rich.console import Console

from teleop.bus import OrderClient
from teleop.checks import Outcome
from teleop.checks.drawing import check_rendering, check_window
from teleop.cli_options import parse
from teleop.config import EpisodeConfig, SessionConfig, require
from teleop.demo_show import PICTURE, Story, show
from teleop.display import has_screen, prepare_display
from teleop.errors import SessionError, SetupError
from teleop.lifetime import Lifetime
from teleop.order_messages import Order, OrderKind
from teleop.preset_option import preset_config
from teleop.process_tree import ProcessTree
from teleop.session import running_session
from teleop.session_claim import default_session_path
from teleop.session_folder import ORDERS, SessionFolder

SCRIPTED_LIMIT_S = 18.0  # of an episode; the scripted operator needs 5 to 10
PERSON_LIMIT_S = 60.0  # a person who has just found the keys needs longer
LONGEST_S = 480.0  # of all episodes; with start and report it stays under ten minutes


@dataclass(frozen=True)
class DemoOptions:
    """What the demo shows."""

    session: Path | None = None
    """session folder; a new one under ./sessions if not given"""
    episodes: int = 20
    """how many, without a screen"""
    headless: bool = False
    """the scripted demo even where there is a screen"""
    seed: int = 0
    """of the first scene"""
    policy: str = ""
    """version directory or checkpoint file to start from; the preset's, or the shipped one, if not
    given"""
    preset: str = ""
    """settings to start from: the name of one that the page Set up saved, or a file"""

    def __post_init__(self) -> None:
        require("episodes", self.episodes, 1, 1000, "episodes")


def main(arguments: list[str]) -> int:
    """Run the demo; return the exit code."""
    options = parse(DemoOptions, arguments, prog="nudge demo", description=__doc__ or "")
    console = Console(stderr=True)
    window = has_screen(os.environ) and not options.headless
    prepare_display()
    check_machine(console)
    lifetime = Lifetime(with_parent=False)
    path = options.session or default_session_path(datetime.now())
    config = demo_config(options, preset_config(arguments), window=window)
    console.print(f"Starting the session in {path}", highlight=False)
    with running_session(path, config, window=window, over=lifetime.over, say=console.print) as (
        folder,
        tree,
    ):
        if not lifetime.over():
            order(folder, OrderKind.START)
        if window:
            accompany(tree, lifetime, console)
        else:
            story = Story(console, config.rate_hz)
            show(folder, tree, lifetime, story, options.episodes, LONGEST_S)
            if not math.isnan(seconds := story.to_serving_s()):
                console.print(f"From a correction's end to serving it: {seconds:.1f} s (median)")
    return report(path)


def demo_config(options: DemoOptions, preset: SessionConfig, *, window: bool) -> SessionConfig:
    """Return the demo's settings: the preset's, but for what makes it a demo.

    Args:
        options: what the command line says.
        preset: settings to start from; the defaults if there is no preset.
        window: whether a person may drive.
    """
    limit = PERSON_LIMIT_S if window else SCRIPTED_LIMIT_S
    set_by_preset = preset.episode.time_limit_s != EpisodeConfig().time_limit_s
    return replace(
        preset,
        device=preset.device if window else "scripted",
        policy=options.policy or preset.policy,
        cell=replace(preset.cell, seed=options.seed or preset.cell.seed),
        episode=preset.episode if set_by_preset else replace(preset.episode, time_limit_s=limit),
    )


def check_machine(console: Console) -> None:
    """Try what the demo cannot do without.

    Raises:
        SetupError: something is missing; says what to install.
    """
    for check in (check_rendering(), check_window()):
        if check.outcome is Outcome.FAIL:
            raise SetupError(f"{check.name}: {check.found}. {check.advice}")
        console.print(f"{check.name}: {check.found}", style="dim", highlight=False)


def order(folder: SessionFolder, kind: OrderKind) -> None:
    """Give one order to the session.

    Raises:
        SessionError: it was refused.
        OrderTimeout: it was not answered.
    """
    client = OrderClient(folder.endpoint(ORDERS))
    try:
        reply = client.call(Order(kind), timeout_s=5.0)
    finally:
        client.close()
    if not reply.accepted:
        raise SessionError(f"The robot did not obey {kind.value}: {reply.reason}")


def accompany(tree: ProcessTree, lifetime: Lifetime, console: Console) -> None:
    """Keep the session running for the person at the window."""
    console.print(
        "The policy works, and it will miss: the connectors lie off in the hands. Take the left "
        "arm over with the SpaceMouse or the keys that the window shows, put the plug in front of "
        "the socket, let go, and watch what it learns. Ctrl-C here ends the demo."
    )
    while not lifetime.over():
        tree.watch(0.25)


def report(session: Path) -> int:
    """Print the session's table, write its page, and say where everything is."""
    done = subprocess.run([sys.executable, "-m", "teleop.cli", "report", str(session)], check=False)
    if (session / PICTURE).is_file():
        sys.stdout.write(f"The window: {session / PICTURE}\n")
    sys.stdout.write(f"The session: {session}\n")
    return done.returncode
