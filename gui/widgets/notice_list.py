"""All notices of the session that this window saw, the newest on top."""

from PySide6.QtCore import QRect, Qt, QTime
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from gui import theme
from gui.action_spec import Intent
from gui.actions import spec_of
from gui.texts import notices as words
from gui.view import NoticeLine
from gui.widgets.notice_stack import line_text
from gui.widgets.panel import Panel, TextLabel
from teleop.takeover_messages import NoticeKind

SIZE = (860, 420)


class NoticeList(Panel):
    """A page over the middle of the window."""

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        key = spec_of(Intent.NOTICES).key
        super().__init__(words.notices_closes_this_page(key), parent)
        self._look = look
        self._shown: tuple[NoticeLine, ...] = ()
        self.empty = TextLabel("text", words.NOTHING_HAS_BEEN_TOLD_YET)
        self.list = QListWidget(self)
        self.list.setWordWrap(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.list.setAccessibleName(words.NOTICES_THE_NEWEST_FIRST)
        self.body.addWidget(self.empty)
        self.body.addWidget(self.list, 1)
        self.list.hide()
        self.hide()

    def show_log(self, log: tuple[NoticeLine, ...], now_ns: int) -> None:
        """Show `log`, whose newest line stands last."""
        if log == self._shown or not self.isVisible():
            return
        self._shown = log
        self.empty.setVisible(not log)
        self.list.setVisible(bool(log))
        self.list.clear()
        for line in reversed(log):
            came = QTime.currentTime().addMSecs((line.came_ns - now_ns) // 1_000_000)
            item = QListWidgetItem(f"{came.toString('HH:mm:ss')}  {line_text(line)}")
            if line.kind is NoticeKind.STOPPED:
                item.setForeground(QColor(self._look.limit))
            self.list.addItem(item)

    def place(self, around: QRect) -> None:
        """Stand in the middle of `around`, which covers neither the banner nor the buttons."""
        width, height = min(SIZE[0], around.width()), min(SIZE[1], around.height())
        left = around.left() + (around.width() - width) // 2
        self.setGeometry(left, around.top() + (around.height() - height) // 2, width, height)
        self.raise_()
