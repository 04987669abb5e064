"""What all four finger pads felt at the replayed moment."""

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui import theme
from gui.texts import player as texts
from gui.widgets.touch import STEPS, heat_table
from teleop.messages import Arm, Array

HEAD, FOOT = 18.0, 17.0
NAMED = 72.0  # pixels of width that a pad's name and force need
PADS = 4


class TouchAt(QWidget):
    """Two pads of each arm; the colours' scale is fixed for a clip, so that moments compare."""

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._table = heat_table()
        self._scale = STEPS[0]
        self._taxels: Array | None = None
        self.setAccessibleName(texts.TOUCH)

    def show_largest(self, newtons: float) -> None:
        """The greatest force on a taxel in the clip, which the brightest colour stands for."""
        self._scale = next((step for step in STEPS if step >= newtons), STEPS[-1])
        self.update()

    def show_touch(self, taxels: Array | None) -> None:
        """Show (2, 2, 8, 8) N: arm, pad, row, column; None: nothing."""
        self._taxels = taxels
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.setFont(theme.font(13))
        painter.setPen(QColor(self._look.dim))
        head = QRectF(0, 0, self.width(), HEAD)
        painter.drawText(head, Qt.AlignmentFlag.AlignCenter, texts.touch_scale(self._scale))
        side, columns = max(self._side(columns) for columns in (2, PADS))
        across = (self.width() - theme.GAP * (columns - 1)) / columns
        for number in range(PADS):
            row, column = divmod(number, columns)
            left = column * (across + theme.GAP) + (across - side) / 2
            place = QRectF(left, HEAD + row * (side + FOOT + 6.0), side, side)
            self._paint_pad(painter, place, Arm(number // 2), number % 2)

    def _side(self, columns: int) -> tuple[float, int]:
        """Of the pads in so many columns, and the columns; two have room in any case."""
        across = (self.width() - theme.GAP * (columns - 1)) / columns
        down = (self.height() - HEAD) * columns / PADS
        if columns > 2 and across < NAMED:
            return 0.0, columns
        return max(min(across, down - FOOT - 3.0), 8.0), columns

    def _paint_pad(self, painter: QPainter, place: QRectF, arm: Arm, pad: int) -> None:
        painter.fillRect(place, QColor(self._look.window))
        told = f"{texts.ARMS[arm][0]}{pad + 1}  —"
        if self._taxels is not None:
            taxels: Array = self._taxels[arm, pad]
            shares = np.clip(taxels / self._scale * 255.0, 0, 255).astype(np.uint8)
            pixels = np.ascontiguousarray(self._table[shares])
            rows, columns = pixels.shape
            image = QImage(pixels.data, columns, rows, columns * 4, QImage.Format.Format_RGB32)
            painter.drawImage(place, image)
            told = f"{texts.ARMS[arm][0]}{pad + 1}  {float(taxels.sum()):.1f} N"
        painter.setPen(QColor(self._look.line))
        painter.drawRect(place.adjusted(0, 0, -1, -1))
        painter.setPen(QColor(self._look.text))
        foot = QRectF(place.center().x() - 36, place.bottom(), 72, FOOT)
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, told)
