"""What became of the last order, over the pictures, where the operator looks anyway."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from gui import theme
from gui.view import Level
from gui.widgets.panel import TextLabel

SHOWN_MS = {Level.OK: 1500, Level.UNKNOWN: 3000, Level.WARNING: 5000, Level.ERROR: 10000}


class Toast(TextLabel):
    """One line that goes away by itself."""

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__("value", name="Answer to the last order")
        self.setParent(parent)
        self._look = look
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def say(self, text: str, level: Level) -> None:
        """Show `text` for as long as its level deserves."""
        fills = {
            Level.WARNING: (self._look.amber, self._look.amber_text),
            Level.ERROR: (self._look.red, self._look.red_text),
        }
        fill, ink = fills.get(level, (self._look.text, self._look.window))
        self.setStyleSheet(
            f"color: {ink}; background: {fill}; border-radius: 6px; padding: 6px 16px;"
            f"font-size: {theme.VALUE}px; font-weight: bold;"
        )
        self.setText(text)
        self.show()
        self.raise_()
        self.place()
        self._timer.start(SHOWN_MS[level])

    def place(self) -> None:
        """Stand in the lower middle of the parent's left, where the large picture is."""
        parent = self.parentWidget()
        if parent is None:
            return
        width = min(self.sizeHint().width() + 8, parent.width() - 24)
        if self.hasHeightForWidth():
            widest = self.fontMetrics().horizontalAdvance(self.text()) + 64
            width = min(widest, parent.width() - 24)
        height = max(44, self.heightForWidth(width))
        self.setGeometry(
            (parent.width() - width) // 2, parent.height() - height - 32, width, height
        )
