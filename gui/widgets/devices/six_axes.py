"""The six axes of one device as they are now: as reported, and as its profile makes them."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme
from gui.widgets.motion import AXES
from teleop.device_messages import AT_REST, Six

HEAD = 22
FOOT = 40


@dataclass(frozen=True)
class AxesShown:
    """What is drawn; of full deflection."""

    raw: Six = AT_REST
    deflection: Six = AT_REST
    offset: Six = AT_REST
    bands: tuple[float, ...] = AT_REST  # half the width of the dead-band about the offset
    enter: float = 0.2
    leave: float = 0.08


class SixAxes(QWidget):
    """Two bars for each axis about a centre line, -1 to 1.

    Args:
        look: colours.
        gap: pixels between two axes, as between the columns of what stands below.
    """

    def __init__(self, look: theme.Theme, gap: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._gap = gap
        self._shown = AxesShown()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Six axes of the device, as reported and as shaped")

    @property
    def shown(self) -> AxesShown:
        """What is drawn."""
        return self._shown

    def sizeHint(self) -> QSize:
        return QSize(480, 300)

    def minimumSizeHint(self) -> QSize:
        return QSize(380, 200)

    def show_axes(self, shown: AxesShown) -> None:
        """Draw `shown`; an unseen change costs nothing."""
        if shown != self._shown:
            self._shown = shown
            if self.isVisible():
                self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            self._paint_legend(painter)
            for axis in range(6):
                self._paint_axis(painter, axis)

    def _paint_legend(self, painter: QPainter) -> None:
        look = self._look
        painter.setFont(theme.font(theme.SMALL))
        metrics = painter.fontMetrics()
        left = 0
        for fill, text in (
            (look.operator_time, "as reported"),
            (look.success, "as shaped"),
            (look.line, "dead-band"),
        ):
            painter.fillRect(QRectF(left, 5, 10, 10), QColor(fill))
            painter.setPen(QColor(look.dim))
            painter.drawText(left + 15, 15, text)
            left += 15 + metrics.horizontalAdvance(text) + 14
        for style, text in ((Qt.PenStyle.SolidLine, "enter"), (Qt.PenStyle.DotLine, "leave")):
            painter.setPen(QPen(QColor(look.text), 1, style))
            painter.drawLine(left, 10, left + 16, 10)
            painter.setPen(QColor(look.dim))
            painter.drawText(left + 21, 15, text)
            left += 21 + metrics.horizontalAdvance(text) + 14

    def _paint_axis(self, painter: QPainter, axis: int) -> None:
        look, shown = self._look, self._shown
        width = (self.width() - 5 * self._gap) / 6
        height = self.height() - HEAD - FOOT
        box = QRectF(axis * (width + self._gap), HEAD, width, height)
        middle, reach = box.center().y(), height / 2 - 1
        painter.fillRect(box, QColor(look.window))
        half = width / 2
        raw = QRectF(box.left() + 3, middle, half - 5, 0)
        shaped = QRectF(box.left() + half + 2, middle, half - 5, 0)
        band, offset = shown.bands[axis] * reach, shown.offset[axis] * reach
        dead = QRectF(raw.left(), middle - offset - band, raw.width(), 2 * band)
        painter.fillRect(dead, QColor(look.line))
        for bar, value, fill in (
            (raw, shown.raw[axis], look.operator_time),
            (shaped, shown.deflection[axis], look.success),
        ):
            extent = max(-1.0, min(1.0, value)) * reach
            painter.fillRect(bar.adjusted(0, 0, 0, -extent).normalized(), QColor(fill))
        self._paint_levels(painter, shaped, middle, reach)
        painter.setPen(QPen(QColor(look.dim), 1))
        painter.drawLine(round(box.left()), round(middle), round(box.right()), round(middle))
        painter.setFont(theme.font(theme.TEXT, bold=True))
        painter.setPen(QColor(look.text))
        below = QRectF(box.left(), box.bottom() + 2, width, 19)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, AXES[axis])
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(QColor(look.dim))
        numbers = f"{percents(shown.raw[axis])} → {percents(shown.deflection[axis])}"
        painter.drawText(below.translated(0, 18), Qt.AlignmentFlag.AlignCenter, numbers)

    def _paint_levels(self, painter: QPainter, bar: QRectF, middle: float, reach: float) -> None:
        for level, style in (
            (self._shown.enter, Qt.PenStyle.SolidLine),
            (self._shown.leave, Qt.PenStyle.DotLine),
        ):
            painter.setPen(QPen(QColor(self._look.text), 1, style))
            for sign in (-1, 1):
                y = round(middle - sign * min(1.0, level) * reach)
                painter.drawLine(round(bar.left()) - 2, y, round(bar.right()) + 2, y)


def percents(value: float) -> str:
    """Return a deflection in whole percent with its sign; zero has none."""
    whole = round(100 * value)
    return "0" if whole == 0 else f"{whole:+d}".replace("-", "\u2212")
