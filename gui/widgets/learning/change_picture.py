"""What a correction changed, as a picture: how the arm went before, how you drove it, how now.

Three squares: from above (x to the right, y away), from the front (x to the right, z up), and the
turning about the three axes.
"""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme
from teleop.learner_messages import CorrectionReport
from teleop.messages import Array

SMALLEST, LARGEST = 72, 190  # pixels of a square
CAPTION = 17
SPACE = 8
LEAST_SPEED = 0.003  # m/s that fill a square at least; less is no motion
LEAST_TURN = 0.03  # rad/s
STILL = 6.0  # pixels; shorter arrows are dots
OPENING_CHANGE = 0.15
VIEWS = (("from above", 0, 1), ("from the front", 0, 2))
TURNS = ("x", "y", "z")


def styles(look: theme.Theme) -> tuple[tuple[str, float, Qt.PenStyle], ...]:
    """Return colour, width and line of before, operator and now; told apart without colour too."""
    return (
        (look.success, 3.0, Qt.PenStyle.DotLine),
        (look.text, 2.0, Qt.PenStyle.SolidLine),
        (look.good, 4.5, Qt.PenStyle.SolidLine),
    )


class ChangePicture(QWidget):
    """The picture of one report."""

    def __init__(self, report: CorrectionReport, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._actions = (report.old, report.operator, report.new)
        self.setAccessibleName("How the arm went before, how you drove it, and how it goes now")
        self.setAccessibleDescription(
            ", ".join(
                f"{name} {1000 * float(np.linalg.norm(action[:3])):.0f} mm/s"
                for name, action in zip(("before", "you", "now"), self._actions, strict=True)
            )
        )
        self._square_px = SMALLEST
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def fit_height(self, height: int) -> None:
        """Draw the squares as large as fits into `height` pixels."""
        square = max(SMALLEST, min(LARGEST, height - CAPTION))
        if square != self._square_px:
            self._square_px = square
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(3 * self._square_px + 2 * SPACE, self._square_px + CAPTION)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fastest = max(float(np.abs(action[:3]).max()) for action in self._actions)
        scale = max(fastest, LEAST_SPEED)
        for place, (title, across, up) in enumerate(VIEWS):
            box = self._square(painter, place, title)
            self._arrows(painter, box, across, up, scale)
        painter.setPen(QColor(self._look.dim))
        painter.setFont(theme.font(11))
        first = QRectF(3, CAPTION + self._square_px - 15, self._square_px - 6, 14)
        painter.drawText(first, Qt.AlignmentFlag.AlignLeft, f"{1000 * scale:.0f} mm/s")
        self._turning(painter, self._square(painter, 2, "turning"))

    def _square(self, painter: QPainter, place: int, title: str) -> QRectF:
        left = place * (self._square_px + SPACE)
        painter.setFont(theme.font(12))
        painter.setPen(QColor(self._look.dim))
        painter.drawText(
            QRectF(left, 0, self._square_px, CAPTION), Qt.AlignmentFlag.AlignLeft, title
        )
        box = QRectF(left, CAPTION, self._square_px, self._square_px)
        painter.setPen(QPen(QColor(self._look.line), 1))
        painter.setBrush(QColor(self._look.window))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        return box

    def _arrows(self, painter: QPainter, box: QRectF, across: int, up: int, scale: float) -> None:
        half = self._square_px / 2 - 9
        centre = box.center()
        painter.setPen(QPen(QColor(self._look.line), 1))
        painter.drawLine(QPointF(box.left() + 4, centre.y()), QPointF(box.right() - 4, centre.y()))
        painter.drawLine(QPointF(centre.x(), box.top() + 4), QPointF(centre.x(), box.bottom() - 4))
        # The thick line of now lies under the thin one of the operator.
        for place in (0, 2, 1):
            action, (colour, width, line) = self._actions[place], styles(self._look)[place]
            x, y = float(action[across]) / scale, float(action[up]) / scale
            tip = centre + QPointF(half * x, -half * y)
            _arrow(painter, centre, tip, QPen(QColor(colour), width, line))

    def _turning(self, painter: QPainter, box: QRectF) -> None:
        scale = max(LEAST_TURN, max(float(np.abs(action[3:6]).max()) for action in self._actions))
        centre, half = box.center(), self._square_px / 2 - 14
        painter.setPen(QPen(QColor(self._look.line), 1))
        painter.drawLine(QPointF(box.left() + 4, centre.y()), QPointF(box.right() - 4, centre.y()))
        for axis, name in enumerate(TURNS):
            left = box.left() + 8 + axis * (self._square_px - 12) / 3
            for place, (colour, _, _) in enumerate(styles(self._look)):
                height = half * float(self._actions[place][3 + axis]) / scale
                bar = QRectF(left + 8 * place, centre.y(), 6, -height).normalized()
                painter.setPen(QPen(QColor(colour), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush if place == 0 else QColor(colour))
                painter.drawRect(bar)
            painter.setPen(QColor(self._look.dim))
            painter.setFont(theme.font(11))
            label = QRectF(left, box.bottom() - 15, 22, 14)
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, name)
        painter.drawText(
            QRectF(box.left() + 3, box.top() + 1, self._square_px - 6, 14),
            Qt.AlignmentFlag.AlignLeft,
            f"{np.rad2deg(scale):.0f} °/s",
        )


def _arrow(painter: QPainter, start: QPointF, tip: QPointF, pen: QPen) -> None:
    along = tip - start
    length = (along.x() ** 2 + along.y() ** 2) ** 0.5
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(pen.color())
    if length < STILL:
        painter.drawEllipse(start, 1.0 + pen.widthF(), 1.0 + pen.widthF())
        return
    head = min(length, 5.0 + 2.0 * pen.widthF())
    unit = along / length
    side = QPointF(-unit.y(), unit.x()) * (0.5 * head)
    neck = tip - unit * head
    painter.drawPolygon(QPolygonF([tip, neck + side, neck - side]))
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawLine(start, neck)


def opening_text(old: Array, operator: Array, new: Array) -> str:
    """Return what became of the gripper, where it was about the gripper."""
    if abs(float(operator[6] - old[6])) < OPENING_CHANGE:
        return ""
    words = f"gripper {100 * float(old[6]):.0f} %, you {100 * float(operator[6]):.0f} %"
    return f"{words}, now {100 * float(new[6]):.0f} %"
