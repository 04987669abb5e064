"""The countdown, large over the pictures: it is seen without looking for it."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui import theme
from gui.texts import demonstrate as words

SHADE = 200  # of 255: the picture behind stays to be guessed, and nothing moves there


class CountdownOverlay(QWidget):
    """The seconds that are left, on a disc. It takes no clicks."""

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._host = parent
        self._seconds = 0
        self.setAccessibleName(words.COUNTDOWN)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @property
    def seconds(self) -> int:
        """What it shows; 0: it is hidden."""
        return self._seconds

    def show_seconds(self, seconds: int) -> None:
        """Show `seconds`; 0 hides it."""
        if seconds == self._seconds:
            return
        self._seconds = seconds
        self.setAccessibleDescription(str(seconds))
        self.setVisible(seconds > 0)
        self.raise_()
        self.update()

    def place(self) -> None:
        """In the middle of its parent, as large as fits."""
        host = self._host.rect()
        side = min(host.width(), host.height(), round(theme.COUNTDOWN * 1.4))
        self.setGeometry((host.width() - side) // 2, (host.height() - side) // 2, side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        disc = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        ground = QColor(self._look.window)
        ground.setAlpha(SHADE)
        painter.setBrush(ground)
        painter.setPen(QPen(QColor(self._look.text), 4))
        painter.drawEllipse(disc)
        painter.setFont(theme.font(min(theme.COUNTDOWN, round(self.height() * 0.7)), bold=True))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(self._seconds))
