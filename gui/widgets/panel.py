"""A titled box, and labels whose text is set only when it changes (setting costs a repaint)."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui import theme


class TextLabel(QLabel):
    """A label with a role that the style sheet knows: title, small, dim, text or value."""

    def __init__(self, role: str, text: str = "", *, name: str = "") -> None:
        super().__init__(text)
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if name:
            self.setAccessibleName(name)

    def show_text(self, text: str) -> None:
        """Set the text if it is another one."""
        if text != self.text():
            self.setText(text)

    def show_level(self, level: str) -> None:
        """Colour by level: empty, warning or error."""
        if level != (self.property("level") or ""):
            self.setProperty("level", level)
            self.style().unpolish(self)
            self.style().polish(self)
            QApplication.sendEvent(self, QEvent(QEvent.Type.StyleChange))  # it has a padding now


class Panel(QFrame):
    """A box with a title row on top and a body below it."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAccessibleName(title)
        self.title = TextLabel("title", title.upper())
        self.title_row = QHBoxLayout()
        self.title_row.setSpacing(theme.GAP)
        self.title_row.addWidget(self.title)
        self.title_row.addStretch(1)
        self.body = QVBoxLayout()
        self.body.setSpacing(4)
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 5, 8, 6)
        box.setSpacing(3)
        box.addLayout(self.title_row)
        box.addLayout(self.body, 1)
