"""A process that takes the pictures of one look and size, and looks them over.

Prints one JSON object: what was found at each station. The scale is Qt's own (QT_SCALE_FACTOR).
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Annotated

import tyro
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from gui import theme
from gui.app import camera_order, session_config
from gui.main_window import MainWindow
from gui.pages import PAGES, Page
from gui.tour.looked_over import blank, troubles
from gui.tour.played import Played, played
from gui.tour.recorded import Recorded
from gui.tour.stations import STATIONS, Station, intent
from teleop.cli_options import parse
from teleop.session_folder import SessionFolder

FIRST_S, BETWEEN_S = 1.6, 0.5  # until the window shows the session; between two actions
PATIENCE_S = 12.0
LEFT_OUT = "left out"


@dataclass(frozen=True)
class PhotographOptions:
    """Which pictures."""

    session: Annotated[Path, tyro.conf.Positional]
    """session folder; it is written into"""
    episode: Annotated[Path, tyro.conf.Positional]
    """of it, that is played"""
    out: Annotated[Path, tyro.conf.Positional]
    """folder of the pictures"""
    look: str = "dark"
    """dark or light"""
    width: int = 1280
    """pixels, before scaling"""
    height: int = 800
    """pixels, before scaling"""
    only: tuple[str, ...] = ()
    """stations; all if none is named"""


def wait(seconds: float) -> None:
    """Let the window live."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


class Tour:
    """Goes from station to station.

    Attributes:
        found: by station, what is wrong with its picture.
    """

    def __init__(self, options: PhotographOptions, session: Played) -> None:
        self._options = options
        self._session = session
        self._folder = SessionFolder(options.session)
        self._config = session_config(self._folder)
        self.found: dict[str, list[str]] = {}
        self._errors: list[str] = []
        sys.excepthook = self._note_error

    def _note_error(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        self._errors.append(f"{kind.__name__}: {error}")
        sys.__excepthook__(kind, error, trace)

    def run(self) -> None:
        """Take every picture."""
        for station in STATIONS:
            if self._options.only and station.name not in self._options.only:
                continue
            missing = [name for name in station.opens if intent(name) is None]
            if station.page not in (Page.OPERATE, *(spec.page for spec in PAGES)):
                missing.append(station.page.value)
            if missing:
                self.found[station.name] = [f"{LEFT_OUT}: there is no {', '.join(missing)}"]
                continue
            self._take(station)

    def _take(self, station: Station) -> None:
        self._errors.clear()
        self._session.scene = station.before or station.scene
        look = theme.THEMES[self._options.look]
        cameras = camera_order(self._config.cameras)
        window = MainWindow(self._folder, self._config, cameras, look, watch_only=True)
        window.resize(self._options.width, self._options.height)
        window.show()
        wait(FIRST_S)
        self._session.scene = station.scene
        self._do(partial(window.open_page, station.page))
        if station.then is not None:
            for _ in range(round(PATIENCE_S / BETWEEN_S)):
                wait(BETWEEN_S)
                if station.then(window):
                    break
            wait(PATIENCE_S / 6)
        for name in station.opens:
            does = intent(name)
            if does is not None:
                self._do(partial(window.do, does))
        wait(station.settle_s)
        picture = composed(window)
        path = self._options.out / f"{station.name}.png"
        if not picture.save(str(path)):
            self._errors.append(f"cannot write {path}")
        found = [*self._errors]
        for top in (window, *dialogs(window)):
            found += troubles(top)
        if blank(picture.toImage()):
            found.append("nearly all of it is one colour")
        self.found[station.name] = found
        for dialog in dialogs(window):
            dialog.close()
        window.close()
        window.deleteLater()
        wait(0.05)

    def _do(self, act: Callable[[], object]) -> None:
        """By way of the event loop: a dialog that blocks does not block the tour."""
        QTimer.singleShot(0, act)
        wait(BETWEEN_S)


def dialogs(window: QWidget) -> list[QWidget]:
    """Other windows that are shown."""
    return [top for top in QApplication.topLevelWidgets() if top.isVisible() and top is not window]


def composed(window: QWidget) -> QPixmap:
    """The window with its dialogs over it."""
    picture = window.grab()
    with QPainter(picture) as painter:
        for dialog in dialogs(window):
            inside = dialog.size().boundedTo(window.size())
            left = (window.width() - inside.width()) // 2
            top = (window.height() - inside.height()) // 2
            painter.drawPixmap(left, top, dialog.grab())
            painter.drawRect(left - 1, top - 1, inside.width() + 1, inside.height() + 1)
    return picture


def main() -> None:
    """Photograph, print what was found."""
    options = parse(PhotographOptions, sys.argv[1:], prog="photograph", description=__doc__ or "")
    app = QApplication(["nudge"])
    app.setQuitOnLastWindowClosed(False)
    theme.apply(app, theme.THEMES[options.look])
    options.out.mkdir(parents=True, exist_ok=True)
    with (
        Recorded(options.episode) as recorded,
        played(SessionFolder(options.session), recorded) as session,
    ):
        tour = Tour(options, session)
        tour.run()
    sys.stdout.write(json.dumps(tour.found) + "\n")


if __name__ == "__main__":
    main()
