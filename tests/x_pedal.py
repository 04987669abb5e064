"""A window on a real X server that is typed into by XTest; prints what it made of the keys.

`python -m tests.x_pedal`, under `xvfb-run`: F13 to F24 are typed, then F13 is held for a second and
let go. It prints the keys as they go down, the clutches that were ever let go while F13 was held,
and those that are held at the end.
"""

import ctypes
import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from gui.motion_keys import HeldKeys
from gui.pedal_keys import spare_key
from gui.sender import SETTLE_MS

FIRST, LAST = 191, 202  # X's numbers of F13 and F24
STEP_MS, HOLD_MS, BEGIN_MS = 60, 1500, 500


class Window(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.held = HeldKeys(patient=True)
        self.holding = False
        self.gaps: list[str] = []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.held.press(event):
            sys.stdout.write(f"{spare_key(event)} ")

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self.held.release(event)
        QTimer.singleShot(SETTLE_MS, self.settle)

    def settle(self) -> None:
        self.held.settle()
        if self.holding and "F13" not in self.held.clutches:
            self.gaps.append("F13")

    def hold(self, holding: bool) -> None:
        self.holding = holding


class Typist:
    """Presses keys of the X server."""

    def __init__(self, window: int) -> None:
        self._x, self._test = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._display = ctypes.c_void_p(self._x.XOpenDisplay(None))
        self._x.XSetInputFocus(self._display, ctypes.c_ulong(window), 1, ctypes.c_ulong(0))

    def key(self, code: int, down: bool) -> None:
        self._test.XTestFakeKeyEvent(self._display, code, int(down), ctypes.c_ulong(0))
        self._x.XFlush(self._display)


def main() -> int:
    app = QApplication([])
    window = Window()
    window.show()

    def type_all() -> None:
        typist = Typist(int(window.winId()))
        for place, code in enumerate(range(FIRST, LAST + 1)):
            QTimer.singleShot(place * STEP_MS, lambda code=code: typist.key(code, True))
            QTimer.singleShot(place * STEP_MS + 20, lambda code=code: typist.key(code, False))
        begun = (LAST - FIRST + 2) * STEP_MS
        QTimer.singleShot(begun, lambda: typist.key(FIRST, True))
        QTimer.singleShot(begun + 300, lambda: window.hold(True))
        QTimer.singleShot(begun + HOLD_MS, lambda: window.hold(False))
        QTimer.singleShot(begun + HOLD_MS + 50, lambda: typist.key(FIRST, False))
        QTimer.singleShot(begun + HOLD_MS + 300, app.quit)

    QTimer.singleShot(BEGIN_MS, type_all)
    app.exec()
    sys.stdout.write(f"{window.gaps} {[*window.held.clutches]}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
