"""`nudge gui SESSION`: opens the operator's window on a session.

Its keys move the arms, and a foot pedal is a keyboard to it: F13 and F14, held, are the clutches of
the left and the right arm, PageDown that of the chosen arm, PageUp takes it over or hands it back.
They work while the window is open and active. F1 shows all keys; `keys.json` in ~/.config/nudge
gives pedals other meanings, for instance {"F13": "clutch", "V": "take left"}.
"""

import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Annotated, Literal

import tyro

from teleop.cli_options import parse
from teleop.config import SessionConfig
from teleop.display import prepare_display
from teleop.errors import SessionError, SetupError
from teleop.lifetime import Lifetime
from teleop.session_folder import SessionFolder
from teleop.session_record import read_record

LOG = logging.getLogger("nudge.gui")
LARGE_CAMERA = "operator"  # made for people; the others are made for the policy
WATCH_MS = 100


@dataclass(frozen=True)
class GuiOptions:
    """Which session, and how it looks."""

    session: Annotated[Path, tyro.conf.Positional]
    """session folder, as `nudge session` printed it"""
    look: Literal["dark", "light"] = "dark"
    """colours"""
    screenshot: Path | None = None
    """write a picture of the window to this PNG file, and end"""
    after: float = 3.0
    """seconds to wait before the screenshot"""
    width: int = 1440
    """of the window at first, in pixels"""
    height: int = 900
    """of the window at first, in pixels"""


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
    return show_window(folder, session_config(folder), options)


def show_window(folder: SessionFolder, config: SessionConfig, options: GuiOptions) -> int:
    """Run the window until it is closed, a signal comes or the screenshot is taken.

    Raises:
        SetupError: the screenshot cannot be written.
    """
    # Qt is imported late: where it draws must be settled first, and `--help` needs none of it.
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from gui import theme
    from gui.main_window import MainWindow
    from gui.view import Level

    app = QApplication.instance() or QApplication(["nudge"])
    if not isinstance(app, QApplication):
        raise SetupError("Another Qt application without windows runs in this process.")
    app.setApplicationName("Nudge")
    look = theme.THEMES[options.look]
    theme.apply(app, look)
    lifetime = Lifetime()
    photographs = options.screenshot is not None
    window = MainWindow(folder, config, camera_order(config.cameras), look, watch_only=photographs)
    window.resize(options.width, options.height)

    def show_error(text: str) -> None:
        window.say(text, Level.ERROR)

    def end_if_over() -> None:
        if lifetime.over():
            window.close()

    def take_screenshot() -> None:
        path = options.screenshot
        if path is not None and not window.grab().save(str(path)):
            failures.append(f"Cannot write the screenshot {path}; is its folder there?")
        window.close()

    if not photographs:
        window.speaker.start()
    failures: list[str] = []
    before, sys.excepthook = sys.excepthook, shown_exceptions(show_error)
    watch = QTimer(interval=WATCH_MS)
    watch.timeout.connect(end_if_over)
    watch.start()
    if options.screenshot is not None:
        QTimer.singleShot(round(options.after * 1000), take_screenshot)
    app.setQuitOnLastWindowClosed(False)  # this window's end counts, not that of another
    window.closed.connect(app.exit)
    window.show()
    app.exec()
    watch.stop()
    sys.excepthook = before
    window.deleteLater()
    if failures:
        raise SetupError(failures[0])
    return 0


Hook = Callable[[type[BaseException], BaseException, TracebackType | None], None]


def shown_exceptions(show: Callable[[str], None]) -> Hook:
    """Return an exception hook that logs and shows, and lets the window live."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        LOG.error("unexpected error in the window", exc_info=(kind, error, trace))
        show(f"Error in the window: {kind.__name__}: {error}")

    return hook
