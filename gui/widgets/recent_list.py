"""Instructions that were given before, above the field while it is edited.

Not a pop-up window: one would take Escape for itself, and Escape is STOP everywhere.
"""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QListWidget, QWidget

from gui.texts import episodes as words

MOST = 8
ROW = 28  # pixels


def with_newest(recent: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Return `recent`, the newest first, with `text` on top."""
    if not text:
        return recent
    return (text, *(each for each in recent if each != text))[:MOST]


class RecentList(QListWidget):
    """The recent ones, the newest on top; the keyboard stays in the field.

    Signals:
        picked: one was clicked.
    """

    picked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(words.RECENT)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(lambda item: self.picked.emit(item.text()))  # pyright: ignore
        self.hide()

    def open_over(self, field: QWidget, recent: tuple[str, ...]) -> None:
        """Show `recent` right above `field`; nothing where there is none."""
        self.clear()
        self.addItems(list(recent))
        window = field.window()
        self.setParent(window)
        height = ROW * len(recent) + 6
        at = field.mapTo(window, QPoint(0, -height))
        self.setGeometry(at.x(), at.y(), field.width(), height)
        self.setVisible(bool(recent))
        self.raise_()

    def step(self, by: int) -> str:
        """Mark the next or the one before; return it, empty where there is none."""
        count = self.count()
        if count == 0:
            return ""
        row = self.currentRow()
        self.setCurrentRow((row + by) % count if row >= 0 else (0 if by > 0 else count - 1))
        return self.currentItem().text()
