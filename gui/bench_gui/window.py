"""A process that shows the real window on a session and measures it from inside.

The window fills 1920x1080 with the window of the devices open beside it, and afterwards with each
page over its middle in turn. Prints one JSON object.
"""

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication

from gui import theme
from gui.app import camera_order
from gui.bench_gui.meter import Measured, Meter, resident_mb
from gui.main_window import MainWindow
from gui.pages import PAGES, Page
from gui.widgets import camera_wall, cameras
from teleop.config import SessionConfig
from teleop.lifetime import Lifetime
from teleop.session_folder import SessionFolder

SIZE = (1920, 1080)
WARM_UP_S = 6.0
TOLD_EVERY_S = 30.0
PAGE_SHARE, PAGE_LEAST_S, PAGE_MOST_S = 0.1, 5.0, 20.0  # of the time, for each page
SETTLED_SHARE, SETTLED_MOST_S = 0.1, 60.0
METER = Meter()


class TimedTile(cameras.CameraTile):
    """A camera tile that says when it has been painted."""

    _shown_ns = 0

    def show_frame(self, pixels: NDArray[np.uint8], stamp_ns: int, now_ns: int) -> None:
        self._shown_ns = stamp_ns
        super().show_frame(pixels, stamp_ns, now_ns)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._shown_ns:
            METER.painted(self.name, self._shown_ns)


class Course:
    """Leads the window through what is measured.

    Args:
        window: shown already.
        seconds: to measure the operate view.
    """

    def __init__(self, window: MainWindow, seconds: float) -> None:
        self._window = window
        self._seconds = seconds
        self._page_s = min(max(PAGE_SHARE * seconds, PAGE_LEAST_S), PAGE_MOST_S)
        self._pages = [spec.page for spec in PAGES]
        self._began_s = time.monotonic()
        self._told_s = 0.0
        self._lifetime = Lifetime()
        self._timer = QTimer(window, interval=200)
        self._timer.timeout.connect(self._look)
        self.operate: Measured | None = None
        self.pages: dict[str, float] = {}
        self._do = self._warm_up
        self._timer.start()

    def _look(self) -> None:
        if self._lifetime.over():
            self._window.close()
        else:
            self._do()

    @property
    def _elapsed_s(self) -> float:
        return time.monotonic() - self._began_s

    def _next(self, do: str) -> None:
        self._do = getattr(self, do)
        self._began_s = time.monotonic()
        METER.start()

    def _warm_up(self) -> None:
        if self._elapsed_s > WARM_UP_S:
            self._next("_measure_operate")

    def _measure_operate(self) -> None:
        if self._elapsed_s > min(SETTLED_SHARE * self._seconds, SETTLED_MOST_S):
            METER.settled()
        if self._elapsed_s - self._told_s > TOLD_EVERY_S:
            self._told_s = self._elapsed_s
            tell(f"{self._told_s:.0f} of {self._seconds:.0f} s, {resident_mb():.1f} MB resident")
        if self._elapsed_s > self._seconds:
            self.operate = METER.stop()
            self._open_page()

    def _open_page(self) -> None:
        if not self._pages:
            self._window.open_page(Page.OPERATE)
            self._window.close()
            return
        self._window.open_page(self._pages[0])
        self._next("_let_page_settle")

    def _let_page_settle(self) -> None:
        if self._elapsed_s > 2.0:
            self._next("_measure_page")

    def _measure_page(self) -> None:
        if self._elapsed_s > self._page_s:
            page = self._pages.pop(0)
            self.pages[page.value] = METER.stop().gui_thread_core_fraction
            self._open_page()


def tell(text: str) -> None:
    """Say how far it is."""
    sys.stderr.write(f"window: {text}\n")
    sys.stderr.flush()


def main() -> None:
    """Measure the window on the session folder named first, for so many seconds."""
    folder, seconds = SessionFolder(Path(sys.argv[1])), float(sys.argv[2])
    camera_wall.CameraTile = TimedTile  # what the wall is made of from here on
    app = QApplication(["nudge"])
    theme.apply(app, theme.DARK)
    app.setQuitOnLastWindowClosed(False)
    config = SessionConfig()
    window = MainWindow(folder, config, camera_order(config.cameras), theme.DARK)
    window.closed.connect(app.quit)
    window.setGeometry(0, 0, *SIZE)
    window.show()
    window.devices.toggle()
    window.devices.move(SIZE[0], 0)
    course = Course(window, seconds)
    app.exec()
    if course.operate is not None:
        print_result({"operate": asdict(course.operate), "pages": course.pages})


def print_result(result: object) -> None:
    """One line for the process that measures."""
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
