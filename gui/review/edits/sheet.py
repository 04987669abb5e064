"""A sheet over a part of the page: a form or a list, beside which everything else goes on.

It is no window of its own, so that banner, episode buttons and STOP stay in sight and in reach.
With the keyboard in it, Enter and Tab are the sheet's; Space stays HOLD and Escape stays STOP.
"""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from gui import theme
from gui.pages import PageWidget
from gui.texts import edits as texts
from gui.widgets.panel import TextLabel

OWN = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
ENTER = OWN[:2]


class SheetButton(QPushButton):
    """A button that Enter presses where it has the keyboard; Space is the window's."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            self.click()
        else:
            super().keyPressEvent(event)


class Sheet(QFrame):
    """A box with a title, a body and a button that closes it.

    Args:
        area: the widget it lies over.
        key: that opens and closes it, as printed.

    Signals:
        closed: by its button, or by what opened it.
    """

    closed = Signal()
    share = 1.0  # of the area, from its foot up

    def __init__(self, area: QWidget, look: theme.Theme, key: str, parent: QWidget) -> None:
        super().__init__(page_of(parent))
        self._area = area
        self._returns: QWidget | None = None
        self.setObjectName("sheet")
        self.setStyleSheet(
            f"QFrame#sheet {{ background: {look.panel}; border: 2px solid {look.dim};"
            f" border-radius: 8px; }}"
            f"QRadioButton::indicator {{ width: 13px; height: 13px; border: 2px solid {look.dim};"
            f" border-radius: 8px; background: {look.window}; }}"
            f"QRadioButton::indicator:checked {{ border: 5px solid {look.text}; width: 7px;"
            f" height: 7px; }}"
            f"QRadioButton::indicator:focus {{ border-color: {look.focus}; }}"
            f"QRadioButton:disabled {{ color: {look.dim}; }}"
        )
        self.title = TextLabel("value", "")
        self.close_button = SheetButton(f"{texts.CLOSE}  {key}", self)
        self.close_button.clicked.connect(self.dismiss)
        self.head = QHBoxLayout()
        self.head.setSpacing(12)
        self.head.addWidget(self.title, 1)
        self.head.addWidget(self.close_button)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        box = QVBoxLayout(self)
        box.setContentsMargins(14, 10, 14, 12)
        box.setSpacing(10)
        box.addLayout(self.head)
        box.addLayout(self.body, 1)
        self.hide()

    def present(self, title: str, first: QWidget | None = None) -> None:
        """Show it, with the keyboard at `first`."""
        self.title.show_text(title)
        self.setAccessibleName(title)
        window = self.window()
        if not self.isVisible():
            self._returns = window.focusWidget()
        self.place()
        self.show()
        self.raise_()
        (first or self.close_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def dismiss(self) -> None:
        """Put it away; the keyboard goes back to where it was. Idempotent."""
        if self.isHidden():
            return
        self.hide()
        before, self._returns = self._returns, None
        there = before if before is not None and isValid(before) else self.window()
        there.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def place(self) -> None:
        """Lie over the area, or over what stands in its place while it is hidden."""
        parent, area = self.parentWidget(), self._area.parentWidget()
        if parent is None or area is None:
            return
        area.installEventFilter(self)  # again is once
        corner = area.mapTo(parent, area.rect().topLeft())
        height = round(self.share * area.height())
        self.setGeometry(corner.x(), corner.y() + area.height() - height, area.width(), height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and self.isVisible():
            self.place()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.ShortcutOverride
            and event.key() in OWN
        ):
            event.accept()
            return True
        return super().event(event)


def page_of(widget: QWidget) -> QWidget:
    """The page that `widget` is on, or the outermost widget around it."""
    found = widget
    while not isinstance(found, PageWidget):
        above = found.parentWidget()
        if above is None:
            return found
        found = above
    return found
