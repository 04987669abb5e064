"""All keys on one page, made from the table of actions."""

from itertools import groupby

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gui import theme
from gui.actions import ACTIONS, ActionSpec, Intent
from gui.motion_keys import MOTION_HELP
from gui.widgets.panel import Panel, TextLabel

CAMERAS = (Intent.CAMERA_1, Intent.CAMERA_2, Intent.CAMERA_3, Intent.CAMERA_4)
ROW_SIZE = 14  # pixels high; all rows must fit between banner and buttons
ARMS_ALPHA = 215  # of the shade over the window behind the page


class KeyMap(QWidget):
    """A page over the window.

    Signals:
        dismissed: it was clicked.
    """

    dismissed = Signal()

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        panel = Panel("Keys · F1 or a click closes this page", self)
        columns = QHBoxLayout()
        columns.setSpacing(36)
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(2)
        groups = [
            (group.value, rows(tuple(specs)))
            for group, specs in groupby(ACTIONS, key=lambda spec: spec.group)
        ]
        motion = ("Motion keys, held: the chosen arm moves", list(MOTION_HELP))
        for column, members in ((left, groups[:3]), (right, [motion, *groups[3:]])):
            for title, lines in members:
                heading = TextLabel("heading", title)
                heading.setFont(theme.font(theme.TEXT, bold=True))
                heading.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
                column.addWidget(heading)
                column.addLayout(_table(lines))
                column.addSpacing(4)
            column.addStretch(1)
            columns.addLayout(column, 1)
        panel.body.addLayout(columns)
        box = QVBoxLayout(self)
        box.addStretch(1)
        box.addWidget(panel, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(1)
        self.hide()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.dismissed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        shade = QColor(self._look.window)
        shade.setAlpha(ARMS_ALPHA)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), shade)


def rows(specs: tuple[ActionSpec, ...]) -> list[tuple[str, str]]:
    """Return keys and hint of each of `specs`; the cameras share a row."""
    cameras = " ".join(spec.key for spec in specs if spec.does in CAMERAS)
    found: list[tuple[str, str]] = []
    for spec in specs:
        if spec.does is CAMERAS[0]:
            found.append((cameras, "Show that camera large; again: back."))
        elif spec.does not in CAMERAS:
            found.append((" ".join(_keys(spec.keys)), spec.hint))
    return found


def _keys(keys: tuple[str, ...]) -> tuple[str, ...]:
    names = {"Escape": "Esc", "Return": "Enter", "Enter": ""}
    return tuple(name for name in (names.get(key, key) for key in keys) if name)


def _table(rows: list[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(1)
    grid.setColumnMinimumWidth(0, 92)
    grid.setColumnStretch(1, 1)
    for number, (keys, hint) in enumerate(rows):
        for column, (words, bold) in enumerate(((keys, True), (hint, False))):
            label = TextLabel("key", words)
            label.setFont(theme.font(ROW_SIZE, bold=bold))
            grid.addWidget(label, number, column)
    return grid
