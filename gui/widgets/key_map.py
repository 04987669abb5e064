"""All keys, made from the table of actions: a few sheets, of which F1 shows one after the other."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gui import theme
from gui.action_spec import ActionSpec, Group, Intent
from gui.actions import ACTIONS, with_present_keys
from gui.key_table import NO_OWN, KeyTable
from gui.motion_keys import motion_help
from gui.texts import keys as words
from gui.widgets.panel import Panel, TextLabel

CAMERAS = (Intent.CAMERA_1, Intent.CAMERA_2, Intent.CAMERA_3, Intent.CAMERA_4)
HIDING = (
    Intent.HIDE_CAMERA_1,
    Intent.HIDE_CAMERA_2,
    Intent.HIDE_CAMERA_3,
    Intent.HIDE_CAMERA_4,
)
TOGETHER = {CAMERAS: words.CAMERAS, HIDING: words.HIDING}  # rows that share a line
ROW_SIZE = 14  # pixels high; all rows of a sheet must fit between banner and buttons
ARMS_ALPHA = 235  # of the shade over the window behind the page

Rows = list[tuple[str, str]]


@dataclass(frozen=True)
class Sheet:
    """What is shown at once.

    Attributes:
        title: in the head.
        left: headings of the left column.
        right: headings of the right column.
        motion: whether the motion keys stand in the right column.
        parted: the only heading is parted over both columns.
    """

    title: str
    left: tuple[Group, ...]
    right: tuple[Group, ...] = ()
    motion: bool = False
    parted: bool = False


SHEETS = (
    Sheet(words.DRIVING, (Group.SAFETY, Group.ARMS), (Group.EPISODE,), motion=True),
    Sheet(
        words.WINDOW,
        (Group.PAGES, Group.VIEW, Group.DEMONSTRATE),
        (Group.LEARNING, Group.SETUP, Group.SETTINGS, Group.SOUND),
    ),
    Sheet(words.REPLAY, (Group.REVIEW,), parted=True),
)


class KeyMap(QWidget):
    """A page over the window.

    Signals:
        dismissed: it was clicked.
    """

    dismissed = Signal()

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._number = -1  # of the sheet that is shown
        self._table = NO_OWN
        self._box = QVBoxLayout(self)
        self._box.addStretch(1)
        self._box.addStretch(1)
        self.sheets = self._all_made()
        self.hide()

    def show_keys(self, table: KeyTable) -> None:
        """Print the keys that the operator has chosen."""
        if table == self._table:
            return
        self._table = table
        for sheet in self.sheets:
            self._box.removeWidget(sheet)
            sheet.deleteLater()
        self.sheets = self._all_made()
        self.hide()

    def _all_made(self) -> tuple[Panel, ...]:
        made = tuple(self._made(number, sheet) for number, sheet in enumerate(SHEETS, 1))
        for place, panel in enumerate(made, 1):
            panel.hide()
            self._box.insertWidget(place, panel, 0, Qt.AlignmentFlag.AlignHCenter)
        return made

    def _made(self, number: int, sheet: Sheet) -> Panel:
        panel = Panel(words.title(sheet.title, number, len(SHEETS)), self)
        columns = QHBoxLayout()
        columns.setSpacing(36)
        for side in _columns(sheet, self._table):
            column = QVBoxLayout()
            column.setSpacing(2)
            for title, lines in side:
                heading = TextLabel("heading", title)
                heading.setFont(theme.font(theme.TEXT, bold=True))
                heading.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
                column.addWidget(heading)
                column.addLayout(_table(lines))
                column.addSpacing(4)
            column.addStretch(1)
            columns.addLayout(column, 1)
        panel.body.addLayout(columns)
        return panel

    def step(self, first: Group | None = None) -> None:
        """Open on the sheet with the heading `first`; when open: on to the next, then away."""
        if self.isHidden():
            found = (n for n, s in enumerate(SHEETS) if first in (*s.left, *s.right))
            self._number = next(found, 0)
        else:
            self._number += 1
        shown = self._number < len(self.sheets)
        for number, sheet in enumerate(self.sheets):
            sheet.setVisible(number == self._number)
        self.setVisible(shown)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.dismissed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        shade = QColor(self._look.window)
        shade.setAlpha(ARMS_ALPHA)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), shade)


def _columns(
    sheet: Sheet, table: KeyTable
) -> tuple[list[tuple[str, Rows]], list[tuple[str, Rows]]]:
    def of(groups: tuple[Group, ...]) -> list[tuple[str, Rows]]:
        return [(group.value, rows(_specs(group))) for group in groups]

    left, right = of(sheet.left), of(sheet.right)
    if sheet.motion:
        right.append((words.MOTION, list(motion_help(table))))
    if sheet.parted:
        title, lines = left[0]
        half = (len(lines) + 1) // 2
        return [(title, lines[:half])], [("", lines[half:])]
    return left, right


def _specs(group: Group) -> tuple[ActionSpec, ...]:
    return tuple(with_present_keys(spec) for spec in ACTIONS if spec.group is group)


def rows(specs: tuple[ActionSpec, ...]) -> Rows:
    """Return keys and hint of each of `specs`; the cameras share a row."""
    found: Rows = []
    for spec in specs:
        family = next((each for each in TOGETHER if spec.does in each), None)
        if family is None:
            found.append((" ".join(_keys(spec.keys)), spec.hint))
        elif spec.does is family[0]:
            keys = " ".join(each.key for each in specs if each.does in family)
            found.append((keys, TOGETHER[family]))
    return found


def _keys(keys: tuple[str, ...]) -> tuple[str, ...]:
    names = {"Escape": "Esc", "Return": "Enter", "Enter": ""}
    return tuple(name for name in (names.get(key, key) for key in keys) if name)


def _table(rows: Rows) -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(1)
    grid.setColumnMinimumWidth(0, 92)
    grid.setColumnStretch(1, 1)
    for number, (keys, hint) in enumerate(rows):
        for column, (text, bold) in enumerate(((keys, True), (hint, False))):
            label = TextLabel("key", text)
            label.setFont(theme.font(ROW_SIZE, bold=bold))
            grid.addWidget(label, number, column)
    return grid
