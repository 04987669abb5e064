"""`nudge gui SESSION`: opens the operator's window on a session.

Its keys move the arms, and a foot pedal is a keyboard to it: F13 and F14, held, are the clutches of
the left and the right arm, PageDown that of the chosen arm, PageUp takes it over or hands it back.
They work while the window is open and active. F1 shows all keys; `keys.json` in ~/.config/nudge
gives pedals other meanings, for instance {"F13": "clutch", "V": "take left"}.
"""

import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import tyro

from gui.window_memory import SCALES, WindowMemory, memory_file, recall, remember
from teleop.cli_options import parse
from teleop.config import SessionConfig
from teleop.display import prepare_display
from teleop.errors import SessionError, SetupError
from teleop.session_folder import SessionFolder
from teleop.session_record import read_record

LOG = logging.getLogger("nudge.gui")
OPERATE = "operate"
WIDTH, HEIGHT = 1440, 900
LARGE_CAMERA = "operator"  # made for people; the others are made for the policy


@dataclass(frozen=True)
class GuiOptions:
    """Which session, and how it looks."""

    session: Annotated[Path, tyro.conf.Positional]
    """session folder, as `nudge session` printed it"""
    page: Literal["operate", "learn", "review", "demonstrate", "set-up"] = "operate"
    """what is shown at first"""
    look: Literal["dark", "light"] | None = None
    """colours; without it as last time (Ctrl+Shift+L changes them)"""
    scale: float | None = None
    """size of everything drawn, 1 to 2; without it as last time (Ctrl+plus, Ctrl+minus)"""
    screenshot: Path | None = None
    """write a picture of the window to this PNG file, and end"""
    after: float = 3.0
    """seconds to wait before the screenshot"""
    width: int | None = None
    """of the window at first, in pixels; without it as last time, or 1440"""
    height: int | None = None
    """of the window at first, in pixels; without it as last time, or 900"""


def session_config(folder: SessionFolder) -> SessionConfig:
    """Return the settings of the session; of one that has none yet, the ordinary ones.

    Raises:
        SessionError: there is no such folder, or its settings cannot be read.
    """
    if not folder.path.is_dir():
        raise SessionError(
            f"There is no session folder {folder.path}. Start a session with `nudge session`, "
            "which prints the folder to use here."
        )
    if not folder.config.exists():
        return SessionConfig()
    return read_record(folder).config


def camera_order(cameras: Sequence[str]) -> tuple[str, ...]:
    """Return the cameras in the order of their keys; the first is shown large."""
    return tuple(sorted(cameras, key=lambda name: name != LARGE_CAMERA))


def main(arguments: list[str]) -> int:
    """Open the window; return the exit code when it is closed."""
    options = parse(GuiOptions, arguments, prog="nudge gui", description=__doc__ or "")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s gui %(levelname)s %(message)s")
    prepare_display()
    folder = SessionFolder(options.session.resolve())
    config = session_config(folder)
    memory = opening_memory(options)
    if memory.scale is not None:
        os.environ["QT_SCALE_FACTOR"] = f"{memory.scale:g}"  # Qt reads it when it starts
    again = show_window(folder, config, options, memory)
    if again is not None:
        begin_anew(folder, again)
    return 0


def opening_memory(options: GuiOptions) -> WindowMemory:
    """Return how the window opens: as last time, but for what `options` say.

    A screenshot does not depend on what this user did last.

    Raises:
        SetupError: the scale is out of range.
    """
    kept = WindowMemory() if options.screenshot else recall(memory_file())
    if options.scale is not None and not SCALES[0] <= options.scale <= SCALES[-1]:
        raise SetupError(
            f"The scale {options.scale:g} is out of range; choose {SCALES[0]:g} to {SCALES[-1]:g}."
        )
    return msgspec.structs.replace(
        kept,
        look=options.look or kept.look,
        scale=options.scale or kept.scale,
        geometry="" if options.width or options.height else kept.geometry,
    )


@dataclass(frozen=True)
class Again:
    """The window shall begin anew.

    Attributes:
        page: to be shown.
    """

    page: str


def begin_anew(folder: SessionFolder, again: Again) -> None:
    """Become a new window on the same page. What it shall look like stands in its memory."""
    command = (sys.executable, "-m", "teleop.cli", "gui", str(folder.path), "--page", again.page)
    os.environ.pop("QT_SCALE_FACTOR", None)
    os.execv(sys.executable, command)


def show_window(
    folder: SessionFolder, config: SessionConfig, options: GuiOptions, memory: WindowMemory
) -> Again | None:
    """Run the window until it is closed, a signal comes or the screenshot is taken.

    Returns:
        How the window shall begin anew; None: not at all.

    Raises:
        SetupError: the screenshot cannot be written.
    """
    # Qt is imported late: where it draws must be settled first, and `--help` needs none of it.
    from PySide6.QtWidgets import QApplication

    from gui import theme
    from gui.main_window import MainWindow
    from gui.pages import Page
    from gui.window_run import run_window

    app = QApplication.instance() or QApplication(["nudge"])
    if not isinstance(app, QApplication):
        raise SetupError("Another Qt application without windows runs in this process.")
    app.setApplicationName("Nudge")
    look = theme.THEMES[memory.look]
    theme.apply(app, look)
    photographs = options.screenshot is not None
    window = MainWindow(
        folder,
        config,
        camera_order(config.cameras),
        look,
        watch_only=photographs,
        memory=memory,
    )
    if not memory.geometry:
        window.resize(options.width or WIDTH, options.height or HEIGHT)
    if options.page != OPERATE:
        window.open_page(Page(options.page.replace("-", " ").capitalize()))
    if not photographs:
        window.speaker.start()
    wanted = run_window(app, window, options.screenshot, options.after)
    if photographs:
        return None
    if wanted is None:
        keep(window.memory)
        return None
    keep(wanted)
    return Again(window.screen_view.pages.page.value.lower().replace(" ", "-"))


def keep(memory: WindowMemory) -> None:
    """Write the memory; a file that cannot be written is no reason to fail."""
    try:
        remember(memory_file(), memory)
    except SetupError as error:
        LOG.warning("%s", error)
