"""The actions of two versions and of the operator over a correction, axis by axis, painted once."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme
from gui.texts import changed as texts
from gui.widgets.learning.change_picture import styles
from teleop.action_comparison import ActionComparison
from teleop.messages import Arm, Array

COLUMNS, ROWS = 4, 2
TITLE = 18  # pixels above each plot
SPACE = 10
LEAST = np.array((5.0, 5.0, 5.0, 2.0, 2.0, 2.0, 20.0))  # of what a plot shows, in its unit
OPENING = (-6.0, 106.0)  # per cent that its plot shows, so that shut and open lie inside
GAP_NS = 400_000_000  # rows further apart belong to two takeovers; no line joins them


class ActionCurves(QWidget):
    """Seven small plots over the same rows: three speeds, three turns, the gripper."""

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._times: NDArray[np.float64] = np.zeros(0)  # s since the clip's first row
        self._curves: tuple[Array, ...] = ()  # before, operator, now; (N, 7) in plotted units
        self._driven: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._cursor_s = float("nan")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(texts.CURVES_NAME)

    def show_comparison(self, found: ActionComparison | None, arm: Arm, began_ns: int) -> None:
        """Draw one arm; the first version is before, the last now. None: nothing.

        Args:
            found: what to draw.
            arm: whose actions.
            began_ns: of the clip's first row.
        """
        if found is None:
            self._times, self._curves = np.zeros(0), ()
        else:
            scale = np.array(texts.SCALES)
            actions = (found.versions[0].actions, found.executed, found.versions[-1].actions)
            self._times = (found.stamps_ns - began_ns) / 1e9
            self._curves = tuple(each[:, arm] * scale for each in actions)
            self._driven = found.corrected[:, arm]
        self.update()

    def show_time(self, seconds: float) -> None:
        """Mark a moment of the clip."""
        if seconds != self._cursor_s:
            self._cursor_s = seconds
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(640, 230)

    def minimumSizeHint(self) -> QSize:
        return QSize(420, 150)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        if not self._curves:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = (self.width() - (COLUMNS - 1) * SPACE) / COLUMNS
        height = (self.height() - (ROWS - 1) * SPACE) / ROWS
        for axis in range(len(texts.AXES)):
            row, column = (0, axis) if axis < 3 else (1, axis - 3)
            place = QRectF(column * (width + SPACE), row * (height + SPACE), width, height)
            self._plot(painter, place, axis)
        self._legend(painter, QRectF(3 * (width + SPACE), 0, width, height))

    def _plot(self, painter: QPainter, place: QRectF, axis: int) -> None:
        values = [curve[:, axis] for curve in self._curves]
        opening = axis == len(texts.AXES) - 1
        most = 100.0 if opening else self._largest(axis)
        bottom, top = OPENING if opening else (-most, most)
        painter.setFont(theme.font(12))
        painter.setPen(QColor(self._look.dim))
        head = QRectF(place.left(), place.top(), place.width(), TITLE)
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft, texts.AXES[axis])
        scale = f"{'' if opening else '±'}{most:.0f} {texts.UNITS[axis]}"
        painter.drawText(head, Qt.AlignmentFlag.AlignRight, scale)
        box = place.adjusted(0.5, TITLE, -0.5, -0.5)
        painter.setPen(QPen(QColor(self._look.line), 1))
        painter.setBrush(QColor(self._look.window))
        painter.drawRect(box)
        self._shade(painter, box)
        if not opening:
            painter.setPen(QPen(QColor(self._look.line), 1))
            painter.drawLine(
                QPointF(box.left(), box.center().y()), QPointF(box.right(), box.center().y())
            )
        painter.save()
        painter.setClipRect(box)
        # The thick line of now lies under the thin one of the operator.
        for which in (0, 2, 1):
            colour, line, style = styles(self._look)[which]
            painter.setPen(QPen(QColor(colour), 0.75 * line, style))
            for part in self._parts():
                points = [
                    QPointF(self._x(box, time), box.bottom() - box.height() * share)
                    for time, share in zip(
                        self._times[part].tolist(),
                        ((values[which][part] - bottom) / (top - bottom)).tolist(),
                        strict=True,
                    )
                ]
                painter.drawPolyline(QPolygonF(points))
        if self._times[0] <= self._cursor_s <= self._times[-1]:
            x = self._x(box, self._cursor_s)
            painter.setPen(QPen(QColor(self._look.text), 1))
            painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
        painter.restore()

    def _largest(self, axis: int) -> float:
        """Plots of one unit share their scale, so that they can be compared."""
        together = slice(0, 3) if axis < 3 else slice(3, 6)
        most = max(float(np.abs(curve[:, together]).max()) for curve in self._curves)
        return max(1.1 * most, float(LEAST[axis]))

    def _shade(self, painter: QPainter, box: QRectF) -> None:
        edges = np.flatnonzero(np.diff(np.concatenate(([False], self._driven, [False]))))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._look.raised))
        for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            left = self._x(box, float(self._times[begin]))
            right = self._x(box, float(self._times[end - 1]))
            painter.drawRect(QRectF(left, box.top() + 1, max(2.0, right - left), box.height() - 2))

    def _legend(self, painter: QPainter, place: QRectF) -> None:
        painter.setFont(theme.font(theme.SMALL))
        names = (texts.BEFORE, texts.YOU, texts.AFTER)
        step = min(24.0, (place.height() - TITLE) / (len(names) + 1))
        for row, (name, (colour, line, style)) in enumerate(
            zip(names, styles(self._look), strict=True)
        ):
            y = place.top() + TITLE + step * (row + 0.5)
            painter.setPen(QPen(QColor(colour), line, style))
            painter.drawLine(QPointF(place.left() + 8, y), QPointF(place.left() + 48, y))
            painter.setPen(QColor(self._look.text))
            painter.drawText(QPointF(place.left() + 60, y + 5), name)
        y = place.top() + TITLE + step * (len(names) + 0.5)
        painter.setPen(QPen(QColor(self._look.line), 1))
        painter.setBrush(QColor(self._look.raised))
        painter.drawRect(QRectF(place.left() + 8, y - 0.3 * step, 40, 0.6 * step))
        painter.setPen(QColor(self._look.text))
        painter.drawText(QPointF(place.left() + 60, y + 5), texts.SHADED)

    def _parts(self) -> list[slice]:
        breaks = (np.flatnonzero(np.diff(self._times) > GAP_NS / 1e9) + 1).tolist()
        edges = [0, *breaks, len(self._times)]
        return [slice(begin, end) for begin, end in pairwise(edges)]

    def _x(self, box: QRectF, seconds: float) -> float:
        first, last = float(self._times[0]), float(self._times[-1])
        return box.left() + box.width() * (seconds - first) / max(last - first, 1e-6)
