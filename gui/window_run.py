"""Runs the window's event loop: signals and the parent's end close it, an error does not."""

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from gui.main_window import MainWindow
from gui.texts import shell
from gui.view import Level
from gui.window_memory import WindowMemory
from teleop.errors import SetupError
from teleop.lifetime import Lifetime

LOG = logging.getLogger("nudge.gui")
WATCH_MS = 100


def run_window(
    app: QApplication, window: MainWindow, screenshot: Path | None, after_s: float
) -> WindowMemory | None:
    """Show `window` until it is closed.

    Args:
        app: the application.
        window: not shown yet.
        screenshot: a PNG file to write; then the window closes by itself.
        after_s: seconds until the screenshot.

    Returns:
        How the window shall begin anew; None: not at all.

    Raises:
        SetupError: the screenshot cannot be written.
    """
    lifetime = Lifetime()
    failures: list[str] = []
    wanted: list[WindowMemory] = []

    def show_error(text: str) -> None:
        window.say(text, Level.ERROR)

    def end_if_over() -> None:
        if lifetime.over():
            window.close()

    def end_to_begin_anew(memory: WindowMemory) -> None:
        wanted.append(memory)
        window.close()

    def take_screenshot() -> None:
        if screenshot is not None and not window.grab().save(str(screenshot)):
            failures.append(shell.no_screenshot(str(screenshot)))
        window.close()

    before, sys.excepthook = sys.excepthook, shown_exceptions(show_error)
    watch = QTimer(interval=WATCH_MS)
    watch.timeout.connect(end_if_over)
    watch.start()
    if screenshot is not None:
        QTimer.singleShot(round(after_s * 1000), take_screenshot)
    app.setQuitOnLastWindowClosed(False)  # this window's end counts, not that of another
    window.anew.connect(end_to_begin_anew)
    window.closed.connect(app.exit)
    window.show()
    app.exec()
    watch.stop()
    sys.excepthook = before
    window.deleteLater()
    if failures:
        raise SetupError(failures[0])
    return wanted[0] if wanted else None


Hook = Callable[[type[BaseException], BaseException, TracebackType | None], None]


def shown_exceptions(show: Callable[[str], None]) -> Hook:
    """Return an exception hook that logs and shows, and lets the window live."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        LOG.error("unexpected error in the window", exc_info=(kind, error, trace))
        show(shell.unexpected(kind.__name__, str(error)))

    return hook
