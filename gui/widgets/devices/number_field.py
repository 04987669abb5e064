"""A typed number with its range: checked as it is typed, and never sent while it is wrong."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.tuning import Entry, Range, read_number


class NumberField(QLineEdit):
    """One number; the arrow keys step it.

    Signals:
        edited: by the operator, rightly or wrongly.
    """

    edited = Signal()

    def __init__(self, name: str, limits: Range, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = name
        self._limits = limits
        self.setAccessibleName(name)
        self.setAccessibleDescription(limits.text())
        self.setToolTip(f"{name}: {limits.text()}")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMaxLength(8)
        self.setMinimumWidth(54)
        self.textEdited.connect(self._typed)

    @property
    def entry(self) -> Entry:
        """The number typed, or what is wrong with it."""
        return read_number(self.text(), self._name, self._limits)

    def show_value(self, value: float) -> None:
        """Show `value`, unless the text says it already."""
        if self.entry.value != value:
            self.setText(f"{value:.4g}")
        self._mark()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        by = steps.get(Qt.Key(event.key()))
        value = self.entry.value
        if by is None or value is None:
            super().keyPressEvent(event)
            return
        stepped = round(value + by * self._limits.step, 4)
        self.setText(f"{min(self._limits.high, max(self._limits.low, stepped)):.4g}")
        self._typed()

    def _typed(self) -> None:
        self._mark()
        self.edited.emit()

    def _mark(self) -> None:
        level = "error" if self.entry.problem else ""
        if level != (self.property("level") or ""):
            self.setProperty("level", level)
            self.style().unpolish(self)
            self.style().polish(self)
