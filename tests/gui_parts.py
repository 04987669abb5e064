"""What the tests of the window share: an application with the window's look, and a window."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui import theme
from gui.app import camera_order
from gui.main_window import MainWindow
from teleop.config import SessionConfig
from teleop.session_folder import SessionFolder


@contextmanager
def open_window(path: Path, config: SessionConfig | None = None) -> Generator[MainWindow]:
    """A shown window on the session folder `path`, closed and deleted at the end."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, theme.DARK)
    config = config or SessionConfig()
    cameras = camera_order(config.cameras)
    window = MainWindow(SessionFolder(path), config, cameras, theme.DARK)
    window.resize(1280, 800)
    window.show()
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    window.setFocus(Qt.FocusReason.OtherFocusReason)
    try:
        yield window
    finally:
        window.close()
        window.deleteLater()
        QApplication.sendPostedEvents(None, 52)  # DeferredDelete
        app.setStyleSheet("")
