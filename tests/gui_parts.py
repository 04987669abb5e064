"""What the tests of the window share: an application with the window's look, and a window."""

import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui import theme
from gui.app import camera_order
from gui.main_window import MainWindow
from gui.preflight_gate import Gate
from teleop.config import SessionConfig
from teleop.messages import Arm, Mode, SessionMode
from teleop.session_folder import SessionFolder
from tests.fake_session import FakeSession, fake_session
from tests.fake_takeover import FakeTakeover

PATIENCE_S = 6.0


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
    window.preflight.gate = Gate(passed=True)  # as if the session had moved before
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


@dataclass
class Desk:
    """A window on a session that runs."""

    window: MainWindow
    session: FakeSession
    begun: int = 0

    def until(self, check: Callable[[], bool]) -> None:
        """Let the window live until `check` holds; fail if it does not for long."""
        deadline = time.monotonic() + PATIENCE_S
        while not check():
            assert time.monotonic() < deadline
            QTest.qWait(10)

    def press(self, *keys: Qt.Key) -> None:
        """Press keys of the window."""
        for key in keys:
            QTest.keyClick(self.window, key)

    def begin(self) -> None:
        """Bring window and session back to how a test expects them."""
        if self.window.devices.isVisible():
            self.window.devices.toggle()
        self.window.activateWindow()
        self.window.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.window.keys.arm is Arm.RIGHT:
            self.press(Qt.Key.Key_Tab)
        self.session.modes = (Mode.POLICY, Mode.OPERATOR)
        self.session.session_mode = SessionMode.ROLLOUT
        self.session.refuse = ""
        self.begun += 1
        self.session.takeover = FakeTakeover(alerts=self.begun)
        screen = self.window.screen_view
        self.press(Qt.Key.Key_N)
        count = screen.takeover.budget.count
        self.until(lambda: count.text() == f"CALLS {self.begun} of")  # nothing old is shown
        self.until(lambda: not any(call.isVisible() for call in screen.notices.calls))
        self.session.orders.clear()


@contextmanager
def open_desk() -> Generator[Desk]:
    """A window on a session of its own, to be shared by the tests of a module."""
    with (
        tempfile.TemporaryDirectory(prefix="nudge-", dir="/tmp") as folder,
        fake_session(SessionFolder(Path(folder))) as session,
        open_window(Path(folder)) as window,
    ):
        yield Desk(window, session)
