"""Curves under the time line, on its time axis: forces, grippers, and the three actions."""

import numpy as np
from pyqtgraph.functions import create_qpolygonf, ndarray_from_qpolygonf
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme
from gui.min_max import stretches
from gui.review.player.extremes import Extremes, extremes
from gui.review.player.lanes import GROUP, Curve, Lane
from gui.review.player.line_paint import MIDDLE, RIGHT, paint_cursor
from gui.review.player.time_axis import TimeAxis, whole
from gui.texts import player as texts
from teleop.messages import Array

LANE_GAP = 3.0
LEAST_LANE = 60.0  # pixels; lower ones can be seen and not read


class CurveView(QWidget):
    """Lanes of curves above each other; the values at the cursor stand at the right.

    Signals:
        scrubbed: seconds, while the mouse is held down.
        wheeled: the wheel was turned over it.
        resized: it has another size; more lanes may fit.
    """

    scrubbed = Signal(float)
    resized = Signal()
    wheeled = Signal(QWheelEvent)

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.axis = whole(0.0)
        self._times_s: Array = np.zeros(0)
        self._lanes: tuple[Lane, ...] = ()
        self._still: QPixmap | None = None
        self._row = -1
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(round(GROUP * (LEAST_LANE + LANE_GAP) - LANE_GAP))
        self.setAccessibleName(texts.CURVES)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """What is shown."""
        return self._lanes

    @property
    def room(self) -> int:
        """How many lanes can be read in its height."""
        return int((self.height() + LANE_GAP) // (LEAST_LANE + LANE_GAP))

    def sizeHint(self) -> QSize:
        return QSize(600, 170)

    def show_lanes(self, times_s: Array, lanes: tuple[Lane, ...], axis: TimeAxis) -> None:
        """Show other curves; times (T,)."""
        self._times_s, self._lanes = times_s, lanes
        self.show_axis(axis)

    def show_axis(self, axis: TimeAxis) -> None:
        """Show another stretch of time."""
        self.axis = axis
        self._still = None
        self.update()

    def show_row(self, row: int) -> None:
        """Move the cursor."""
        self._row = row
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._still = None
        self.resized.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._lanes:
            self.scrubbed.emit(self.axis.s_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event) if event.buttons() else None

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.wheeled.emit(event)  # its place along the axis is that on the time line

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._still is None:
            self._still = self._drawn_still()
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            painter.drawPixmap(0, 0, self._still)
            if not 0 <= self._row < len(self._times_s):
                return
            x = self.axis.x_of(float(self._times_s[self._row]))
            paint_cursor(painter, x, self.height(), self.look, head=False)
            for lane, box in zip(self._lanes, self._boxes(), strict=True):
                self._paint_values(painter, lane, box)

    def _boxes(self) -> list[QRectF]:
        each = (self.height() + LANE_GAP) / max(len(self._lanes), 1)
        return [
            QRectF(self.axis.left, number * each, self.axis.width, each - LANE_GAP)
            for number in range(len(self._lanes))
        ]

    def _drawn_still(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QColor(self.look.panel))
        if not self._lanes or not len(self._times_s):
            return pixmap
        values = np.stack([curve.values for lane in self._lanes for curve in lane.curves])
        drawn = extremes(self._times_s, values, self.axis)
        number = 0
        with QPainter(pixmap) as painter:
            for lane, box in zip(self._lanes, self._boxes(), strict=True):
                self._paint_lane(painter, lane, box)
                painter.setClipRect(box)
                for curve in lane.curves:
                    self._paint_curve(painter, lane, box, curve, drawn, number)
                    number += 1
                painter.setClipping(False)
        return pixmap

    def _paint_lane(self, painter: QPainter, lane: Lane, box: QRectF) -> None:
        painter.fillRect(box, QColor(self.look.window))
        zero = _y_of(lane, box, 0.0)
        painter.setPen(QPen(QColor(self.look.line), 1))
        painter.drawLine(QPointF(box.left(), zero), QPointF(box.right(), zero))
        if lane.limit:
            painter.setPen(QPen(QColor(self.look.limit), 1, Qt.PenStyle.DashLine))
            for level in (lane.limit, -lane.limit)[: 1 + lane.signed]:
                y = _y_of(lane, box, level)
                painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
        painter.setFont(theme.font(theme.SMALL, bold=True))
        painter.setPen(QColor(self.look.text))
        tall = box.height() >= 2 * 17
        name = QRectF(0, box.top(), box.left() - 6, 17 if tall else box.height())
        if not tall:
            painter.drawText(name, RIGHT, f"{lane.short} {lane.unit}")
            return
        painter.drawText(name, RIGHT, lane.name)
        painter.setFont(theme.font(13))
        painter.setPen(QColor(self.look.dim))
        sign = "±" if lane.signed else ""
        painter.drawText(name.translated(0, 16), RIGHT, f"{sign}{lane.top:g} {lane.unit}")

    def _paint_curve(
        self,
        painter: QPainter,
        lane: Lane,
        box: QRectF,
        curve: Curve,
        drawn: Extremes,
        number: int,
    ) -> None:
        """One polyline a stretch; in each pixel it goes from the least to the greatest value."""
        pen = QPen(QColor(curve.colour), 1, curve.stroke.value)
        painter.setPen(pen)
        low, high = drawn.low[number], drawn.high[number]
        scale = (box.height() - 2) / (lane.top - lane.bottom)
        base = box.bottom() - 1
        for places in stretches(np.isfinite(low), bridged=0):
            polygon: QPolygonF = create_qpolygonf(2 * len(places))
            points = ndarray_from_qpolygonf(polygon)
            points[0::2, 0] = points[1::2, 0] = drawn.x[places]
            points[0::2, 1] = base - (low[places] - lane.bottom) * scale
            points[1::2, 1] = base - (high[places] - lane.bottom) * scale
            painter.drawPolyline(polygon)

    def _paint_values(self, painter: QPainter, lane: Lane, box: QRectF) -> None:
        """The curves' names, strokes and values at the cursor, in one line or two."""
        left = box.right() + 8
        rows = 2 if box.height() >= 2 * 16 and len(lane.curves) > 2 else 1
        columns = -(-len(lane.curves) // rows)
        widths = self._widths(lane, columns, self.width() - left)
        height = min(box.height() / rows, 18.0)
        top = box.center().y() - height * rows / 2
        painter.setFont(theme.font(13))
        for number, curve in enumerate(lane.curves):
            row, column = divmod(number, columns)
            begin = left + sum(widths[:column])
            place = QRectF(begin, top + row * height, widths[column], height)
            painter.setPen(QPen(QColor(curve.colour), 2, curve.stroke.value))
            middle = place.center().y()
            painter.drawLine(QPointF(place.left(), middle), QPointF(place.left() + 12, middle))
            painter.setPen(QColor(self.look.text))
            value = texts.number(float(curve.values[self._row]), lane.digits)
            painter.drawText(place.adjusted(15, 0, 0, 0), MIDDLE, f"{curve.label} {value}")

    def _widths(self, lane: Lane, columns: int, room: float) -> list[float]:
        """Of the columns of values, shared out by the length of their words."""
        metrics = QFontMetricsF(theme.font(13))
        wanted = [
            metrics.horizontalAdvance(f"{curve.label} \N{MINUS SIGN}00") + 20
            for curve in lane.curves
        ]
        widest = [max(wanted[column::columns]) for column in range(columns)]
        return [each * room / max(sum(widest), 1.0) for each in widest]


def _y_of(lane: Lane, box: QRectF, value: float) -> float:
    share = (value - lane.bottom) / (lane.top - lane.bottom)
    return box.bottom() - 1 - share * (box.height() - 2)
