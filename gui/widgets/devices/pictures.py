"""Small drawings of what a number means: the response curve, where the operator stands."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme

POINTS = 24


class Picture(QWidget):
    """A small square drawing."""

    def __init__(self, name: str, look: theme.Theme, parent: QWidget, side: int) -> None:
        super().__init__(parent)
        self.look = look
        self._side = side
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            painter.fillRect(self.rect(), QColor(self.look.window))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.paint(painter, QRectF(self.rect()).adjusted(8, 8, -8, -8))

    def paint(self, painter: QPainter, box: QRectF) -> None:
        """Draw into `box`."""


class CurvePicture(Picture):
    """Deflection asked for against deflection of the cap, and the threshold of a takeover."""

    def __init__(self, look: theme.Theme, parent: QWidget, side: int) -> None:
        super().__init__("Response curve", look, parent, side)
        self._curve, self._enter = 1.0, 0.2

    def show_curve(self, curve: float, enter: float) -> None:
        """Draw the power `curve`, and the level `enter`."""
        if (curve, enter) != (self._curve, self._enter):
            self._curve, self._enter = curve, enter
            self.update()

    def paint(self, painter: QPainter, box: QRectF) -> None:
        painter.setPen(QPen(QColor(self.look.line), 1))
        painter.drawRect(box)
        painter.drawLine(box.bottomLeft(), box.topRight())
        level = box.bottom() - self._enter * box.height()
        painter.setPen(QPen(QColor(self.look.dim), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(box.left(), level), QPointF(box.right(), level))
        line = QPolygonF(
            [
                QPointF(
                    box.left() + box.width() * k / POINTS,
                    box.bottom() - box.height() * (k / POINTS) ** self._curve,
                )
                for k in range(POINTS + 1)
            ]
        )
        painter.setPen(QPen(QColor(self.look.success), 2))
        painter.drawPolyline(line)


class StandPicture(Picture):
    """The cell from above, and the operator who looks at it from where `yaw_deg` says."""

    def __init__(self, look: theme.Theme, parent: QWidget, side: int) -> None:
        super().__init__("Where the operator stands, seen from above", look, parent, side)
        self._yaw_deg = 0.0
        self._counts = True

    def show_yaw(self, yaw_deg: float, counts: bool) -> None:
        """Draw the operator at `yaw_deg`; faint where it does not count."""
        if (yaw_deg, counts) != (self._yaw_deg, self._counts):
            self._yaw_deg, self._counts = yaw_deg, counts
            self.update()

    def paint(self, painter: QPainter, box: QRectF) -> None:
        centre, radius = box.center(), box.width() / 2 - 7
        table = QRectF(0, 0, radius * 0.9, radius * 0.55)
        table.moveCenter(centre)
        painter.setPen(QPen(QColor(self.look.line), 2))
        painter.drawRect(table)
        painter.setPen(QColor(self.look.dim))
        painter.setFont(theme.font(11, bold=True))
        for name, side in (("L", -1), ("R", 1)):
            place = QRectF(0, 0, 16, 16)
            place.moveCenter(centre + QPointF(side * radius * 0.27, 0))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, name)
        x, y = stand(self._yaw_deg)
        person = centre + QPointF(x * radius, -y * radius)
        ink = QColor(self.look.success if self._counts else self.look.line)
        painter.setPen(QPen(ink, 2))
        painter.drawLine(person, person + (centre - person) * 0.45)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(person, 6, 6)


def stand(yaw_deg: float) -> tuple[float, float]:
    """Return where the operator stands, x to the right and y away, at distance 1.

    At 0 in front, looking along +y; at 90 on the right, looking along -x; at 180 beyond.
    """
    turn = math.radians(yaw_deg)
    return math.sin(turn), -math.cos(turn)
