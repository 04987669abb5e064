"""A shape for each leader of an arm, so that colour never stands alone."""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from gui.view import Lead

SOLID = {Lead.OPERATOR, Lead.HOLD, Lead.REWIND}


def draw_symbol(painter: QPainter, lead: Lead, box: QRectF, colour: QColor) -> None:
    """Draw the shape of `lead` into the square `box`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    width = box.width() * 0.09
    pen = QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    if lead is Lead.NO_DATA:
        pen.setStyle(Qt.PenStyle.DotLine)
    if lead in SOLID:
        painter.setBrush(colour)
        painter.setPen(Qt.PenStyle.NoPen)
    else:
        painter.setPen(pen)
    painter.drawPath(SHAPES[lead](box.adjusted(width, width, -width, -width)))
    painter.restore()


def _policy(box: QRectF) -> QPainterPath:
    """A processor with its pins."""
    path = QPainterPath()
    size = box.width()
    body = box.adjusted(size * 0.18, size * 0.18, -size * 0.18, -size * 0.18)
    path.addRoundedRect(body, size * 0.06, size * 0.06)
    path.addRect(body.adjusted(size * 0.2, size * 0.2, -size * 0.2, -size * 0.2))
    for share in (0.36, 0.64):
        x, y = box.left() + size * share, box.top() + size * share
        for start, end in (
            ((x, box.top()), (x, body.top())),
            ((x, body.bottom()), (x, box.bottom())),
            ((box.left(), y), (body.left(), y)),
            ((body.right(), y), (box.right(), y)),
        ):
            path.moveTo(*start)
            path.lineTo(*end)
    return path


def _person(box: QRectF) -> QPainterPath:
    path = QPainterPath()
    size = box.width()
    path.addEllipse(QPointF(box.center().x(), box.top() + size * 0.24), size * 0.24, size * 0.24)
    shoulders = QRectF(box.left(), box.top() + size * 0.55, size, size * 0.9)
    clip = QPainterPath()
    clip.addRect(box)
    arch = QPainterPath()
    arch.addRoundedRect(shoulders, size * 0.42, size * 0.42)
    path.addPath(arch.intersected(clip))
    return path


def _pause(box: QRectF) -> QPainterPath:
    path = QPainterPath()
    size = box.width()
    for left in (0.12, 0.58):
        path.addRect(QRectF(box.left() + size * left, box.top(), size * 0.3, size))
    return path


def _back(box: QRectF) -> QPainterPath:
    """Two triangles that point back."""
    path = QPainterPath()
    half = box.width() / 2
    for left in (box.left(), box.left() + half):
        tip = QPointF(left, box.center().y())
        top, bottom = QPointF(left + half, box.top()), QPointF(left + half, box.bottom())
        path.addPolygon(QPolygonF([tip, top, bottom, tip]))
    return path


def _octagon(box: QRectF) -> QPainterPath:
    path = QPainterPath()
    radius = box.width() / 2
    corners = [
        box.center()
        + QPointF(
            radius * math.cos(math.pi / 8 + k * math.pi / 4),
            radius * math.sin(math.pi / 8 + k * math.pi / 4),
        )
        for k in range(8)
    ]
    path.addPolygon(QPolygonF([*corners, corners[0]]))
    path.moveTo(box.left() + radius * 0.5, box.center().y())
    path.lineTo(box.right() - radius * 0.5, box.center().y())
    return path


def _triangle(box: QRectF) -> QPainterPath:
    path = QPainterPath()
    top = QPointF(box.center().x(), box.top())
    path.addPolygon(QPolygonF([top, box.bottomRight(), box.bottomLeft(), top]))
    size = box.width()
    path.moveTo(box.center().x(), box.top() + size * 0.38)
    path.lineTo(box.center().x(), box.top() + size * 0.64)
    path.moveTo(box.center().x(), box.top() + size * 0.82)
    path.lineTo(box.center().x(), box.top() + size * 0.821)
    return path


def _circle(box: QRectF) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(box)
    return path


SHAPES = {
    Lead.POLICY: _policy,
    Lead.OPERATOR: _person,
    Lead.REWIND: _back,
    Lead.HOLD: _pause,
    Lead.STOPPED: _octagon,
    Lead.FAULT: _triangle,
    Lead.NO_DATA: _circle,
}
