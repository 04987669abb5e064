"""The row of pages under the settings of the arms: one button a page, with its key on it.

The page that is shown is marked by more than colour: its tab is filled, underlined, bold, and told
as checked to a screen reader.
"""

from collections.abc import Iterator

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from gui import theme
from gui.action_spec import ActionSpec
from gui.actions import Actions
from gui.pages import TABS, Page
from gui.texts import shell

HEIGHT = 30
PAD = 12
KEY_SIZE = 12
BAR = 4  # pixels of the line under the shown page's name


class PageTab(QAbstractButton):
    """Opens one page; pressed on the shown page it does nothing.

    Args:
        page: what it opens.
        action: its row of the table.
        look: colours.
    """

    def __init__(self, page: Page, action: QAction, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._spec: ActionSpec = action.data()
        self._action = action
        self.setText(page.value)
        self.setCheckable(True)
        self.setAccessibleName(shell.page_name(page))
        self.setAccessibleDescription(shell.told_with_key(self._spec.hint, self._spec.key))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._open)

    def _open(self) -> None:
        if self.isChecked():  # a click checks it: it was not shown
            self._action.trigger()
        else:
            self.setChecked(True)

    def sizeHint(self) -> QSize:
        label = QFontMetrics(theme.font(theme.TEXT, bold=True)).horizontalAdvance(self.text())
        key = QFontMetrics(theme.font(KEY_SIZE, bold=True)).horizontalAdvance(self._spec.key)
        return QSize(label + key + 12 + 8 + 2 * PAD, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown, look = self.isChecked(), self._look
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        fill = QColor(look.raised if shown or self.underMouse() else look.panel)
        painter.setBrush(fill)
        painter.setPen(QPen(QColor(look.focus if self.hasFocus() else look.line), 1))
        if self.hasFocus():
            painter.setPen(QPen(QColor(look.focus), 3))
        painter.drawRoundedRect(box, 5, 5)
        ink = QColor(look.text if shown else look.dim)
        if shown:
            painter.fillRect(QRectF(4, self.height() - BAR - 1, self.width() - 8, BAR), ink)
        high = self.height() - (BAR if shown else 0)
        key_font = theme.font(KEY_SIZE, bold=True)
        width = QFontMetrics(key_font).horizontalAdvance(self._spec.key) + 12
        cap = QRectF(self.width() - width - PAD + 4, (high - 18) / 2, width, 18)
        painter.setPen(QPen(ink, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(cap, 4, 4)
        painter.setFont(key_font)
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self._spec.key)
        painter.setFont(theme.font(theme.TEXT, bold=shown))
        label = QRectF(PAD - 2, 0, cap.left() - PAD - 2, high)
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, self.text())


class PageTabs(QWidget):
    """All tabs; at the right end there is room for what else must always be at hand."""

    def __init__(self, commands: Actions, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.tabs = {page: PageTab(page, commands[TABS[page]], look, self) for page in Page}
        self.setAccessibleName(shell.PAGES)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GAP, 0, theme.GAP, 0)
        row.setSpacing(4)
        for tab in self.tabs.values():
            row.addWidget(tab)
        self.middle = QHBoxLayout()
        self.middle.setContentsMargins(theme.GAP, 0, theme.GAP, 0)
        row.addLayout(self.middle, 1)
        self.middle.addStretch()
        self.end = QHBoxLayout()
        self.end.setSpacing(4)
        row.addLayout(self.end)
        self.show_page(Page.OPERATE)

    def __iter__(self) -> Iterator[PageTab]:
        return iter(self.tabs.values())

    def show_page(self, page: Page) -> None:
        """Mark `page` as the one that is shown."""
        for each, tab in self.tabs.items():
            tab.setChecked(each is page)
