"""What the operator asks of one arm, axis by axis, and what is proposed, asked and really sent."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from gui import theme
from gui.motion_keys import keys_of_axis
from gui.texts import arms as words
from gui.view import ArmView
from gui.widgets.panel import Panel, TextLabel
from teleop.messages import Arm, Array

AXES = ("x", "y", "z", words.RX, words.RY, words.RZ)
SPEEDS = ("policy", "operator", "executed")


class DeflectionBars(QWidget):
    """Six bars around zero with the marks beyond which the operator takes over."""

    def __init__(self, enter: float, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._enter = enter
        self._look = look
        self._shown: tuple[float, ...] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(130, 80)
        self.setAccessibleName(words.DEFLECTION)

    def sizeHint(self) -> QSize:
        return QSize(150, 110)

    def show_enter(self, enter: float) -> None:
        """Mark another deflection as the one beyond which the operator takes over."""
        if enter != self._enter:
            self._enter = enter
            self.update()

    def show_deflection(self, deflection: Array | None) -> None:
        """Show the six axes, -1..1."""
        shown = None if deflection is None else tuple(round(float(v), 2) for v in deflection)
        if shown != self._shown:
            self._shown = shown
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        gap, text_height = 4.0, 17.0
        width = (self.width() - 5 * gap) / 6
        height = self.height() - 2 * text_height
        middle = height / 2
        for number, axis in enumerate(AXES):
            place = QRectF(number * (width + gap), 0, width, height)
            painter.fillRect(place, QColor(self._look.window))
            value = self._shown[number] if self._shown else 0.0
            beyond = abs(value) > self._enter
            colour = QColor(self._look.text if beyond else self._look.dim)
            extent = value * (middle - 1)
            painter.fillRect(QRectF(place.left(), middle, width, -extent).normalized(), colour)
            painter.setPen(QColor(self._look.line))
            painter.drawLine(
                round(place.left()), round(middle), round(place.right()), round(middle)
            )
            painter.setPen(QPen(QColor(self._look.text), 1, Qt.PenStyle.DotLine))
            for sign in (-1, 1):
                level = round(middle - sign * self._enter * (middle - 1))
                painter.drawLine(round(place.left()), level, round(place.right()), level)
            painter.setPen(QColor(self._look.dim))
            below = QRectF(place.left() - 3, height, width + 6, text_height)
            painter.setFont(theme.font(theme.SMALL))
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, axis)
            painter.setPen(QColor(self._look.text))
            painter.setFont(theme.font(12))
            below.translate(0, text_height - 1)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, keys_of_axis(number))


class SpeedRows(QWidget):
    """Three rows: linear speed in mm/s and angular speed in degrees a second."""

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._rows: tuple[tuple[str, str], ...] = (("—", "—"),) * len(SPEEDS)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setFixedWidth(150)
        self.setAccessibleName(words.SPEEDS)

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """The printed linear and angular speed of each row."""
        return self._rows

    def show_twists(self, twists: tuple[Array | None, ...]) -> None:
        """Show the twists (6,) of policy, operator and what was sent; None: there is none."""
        rows = tuple(printed_speeds(twist) for twist in twists)
        if rows != self._rows:
            self._rows = rows
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        flags = Qt.AlignmentFlag.AlignVCenter
        right = flags | Qt.AlignmentFlag.AlignRight
        width, height = self.width(), self.height()
        head = 18
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(QColor(self._look.dim))
        painter.drawText(QRectF(60, 0, 46, head), right, "mm/s")
        painter.drawText(QRectF(width - 44, 0, 44, head), right, "°/s")
        each = (height - head) / len(SPEEDS)
        for number, (name, (linear, angular)) in enumerate(zip(SPEEDS, self._rows, strict=True)):
            top = head + number * each
            painter.setFont(theme.font(theme.TEXT))
            painter.setPen(QColor(self._look.dim))
            painter.drawText(QRectF(0, top, 80, each), flags, name)
            painter.setFont(theme.font(theme.VALUE, bold=True))
            painter.setPen(QColor(self._look.text))
            painter.drawText(QRectF(60, top, 46, each), right, linear)
            painter.drawText(QRectF(width - 44, top, 44, each), right, angular)


def printed_speeds(twist: Array | None) -> tuple[str, str]:
    """Return linear speed in mm/s and angular speed in degrees a second, as printed."""
    if twist is None:
        return "—", "—"
    linear = float(np.linalg.norm(twist[:3])) * 1000
    angular = float(np.degrees(np.linalg.norm(twist[3:])))
    return f"{linear:.0f}", f"{angular:.0f}"


class MotionPanel(Panel):
    """Deflection and speeds of one arm."""

    def __init__(self, arm: Arm, enter: float, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(words.motion(arm.name.title()), parent)
        self.bars = DeflectionBars(enter, look, self)
        self.speeds = SpeedRows(look, self)
        self.limits = TextLabel("title", name=words.safety_limits_hit(arm.name.title()))
        self.title_row.addWidget(self.limits)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.bars, 1)
        row.addWidget(self.speeds)
        self.body.addLayout(row, 1)

    def show_deflection(self, view: ArmView) -> None:
        """Show the newest deflection."""
        self.bars.show_deflection(view.deflection)

    def show_speeds(self, view: ArmView) -> None:
        """Show the newest speeds, and which safety limits hold them back."""
        names = ", ".join(view.limits).replace("_", " ")
        self.limits.show_text(words.limited(names) if names else "")
        self.limits.show_level("warning" if view.limits else "")
        self.speeds.show_twists((view.proposed_twist, view.operator_twist, view.executed_twist))
