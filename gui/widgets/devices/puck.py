"""The puck as the hand holds it: its cap shifts and tilts as the device reports."""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from gui import theme
from gui.widgets.devices.pictures import Picture
from teleop.device_messages import AT_REST, Six

CORNERS = 28
TILT = 0.5  # rad at full deflection; more than the real cap, so that it is seen
SHIFT = 0.35  # of the cap's radius at full deflection
SINK = 0.45  # how flat a circle looks from where the operator sits
CAP_HEIGHT = 0.55  # of the radius


class PuckPicture(Picture):
    """A cap over its base."""

    def __init__(self, look: theme.Theme, parent: QWidget, side: int) -> None:
        super().__init__("The device's cap", look, parent, side)
        self._axes: Six = AT_REST

    def show_axes(self, axes: Six) -> None:
        """Show the six axes, -1..1; an unseen change costs nothing."""
        if axes != self._axes:
            self._axes = axes
            if self.isVisible():
                self.update()

    def paint(self, painter: QPainter, box: QRectF) -> None:
        radius = box.width() * 0.3
        centre = QPointF(box.center().x(), box.center().y() + radius * 0.55)
        painter.setPen(QPen(QColor(self.look.line), 2))
        painter.setBrush(QColor(self.look.raised))
        painter.drawEllipse(centre, radius * 1.35, radius * 1.35 * SINK)
        bottom = [_seen(point, centre, radius) for point in ring(self._axes, 0.1)]
        top = [_seen(point, centre, radius) for point in ring(self._axes, CAP_HEIGHT)]
        painter.setPen(QPen(QColor(self.look.dim), 1))
        painter.setBrush(QColor(self.look.operator_time))
        painter.drawPolygon(QPolygonF(bottom))
        for k in range(CORNERS):
            after = (k + 1) % CORNERS
            side = QPolygonF([bottom[k], bottom[after], top[after], top[k]])
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawPolygon(side)
        painter.setPen(QPen(QColor(self.look.dim), 1))
        painter.setBrush(QColor(self.look.raised))
        painter.drawPolygon(QPolygonF(top))
        middle = _seen(moved((0.0, 0.0, CAP_HEIGHT), self._axes), centre, radius)
        front = _seen(moved((0.0, 0.75, CAP_HEIGHT), self._axes), centre, radius)
        painter.setPen(QPen(QColor(self.look.success), 3))
        painter.drawLine(middle, front)


Point = tuple[float, float, float]


def ring(axes: Six, height: float) -> list[Point]:
    """Return the corners of the cap's ring at `height` radii over the base, as moved by `axes`."""
    return [
        moved((math.cos(angle), math.sin(angle), height), axes)
        for angle in (2 * math.pi * k / CORNERS for k in range(CORNERS))
    ]


def moved(point: Point, axes: Six) -> Point:
    """Return `point` of the cap, in radii, turned about x, y, z and shifted as `axes` say."""
    x, y, z = point
    a, b, c = (TILT * angle for angle in axes[3:])
    y, z = y * math.cos(a) - z * math.sin(a), y * math.sin(a) + z * math.cos(a)
    x, z = x * math.cos(b) + z * math.sin(b), z * math.cos(b) - x * math.sin(b)
    x, y = x * math.cos(c) - y * math.sin(c), x * math.sin(c) + y * math.cos(c)
    dx, dy, dz = (SHIFT * shift for shift in axes[:3])
    return x + dx, y + dy, z + dz


def _seen(point: Point, centre: QPointF, radius: float) -> QPointF:
    x, y, z = point
    return QPointF(centre.x() + radius * x, centre.y() - radius * (SINK * y + z))
