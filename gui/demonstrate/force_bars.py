"""Both wrists' forces under the pictures: a bar each against its limit, and the number."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme
from gui.texts import demonstrate as words
from gui.view import ArmView
from gui.widgets.forces import force_level
from gui.widgets.strip import SHARE_OF_WARNING
from teleop.messages import Arm

HEIGHT = 28
NAME, NUMBER = 58, 78  # pixels of both texts
MIDDLE = Qt.AlignmentFlag.AlignVCenter


class ForceBars(QWidget):
    """The magnitude of the force at each wrist, left and right.

    Args:
        limit: N, of the safety filter; the bar is full there.
        look: colours.
    """

    def __init__(self, limit: float, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._limit = limit
        self._look = look
        self._newtons: tuple[float | None, float | None] = (None, None)
        self.setAccessibleName(words.FORCES)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def newtons(self) -> tuple[float | None, float | None]:
        """What is drawn; None: not known."""
        return self._newtons

    def show_arms(self, arms: tuple[ArmView, ArmView]) -> None:
        """Draw the newest forces."""
        left, right = (
            None if arm.wrench is None else round(float(np.linalg.norm(arm.wrench[:3])), 1)
            for arm in arms
        )
        if (left, right) != self._newtons:
            self._newtons = left, right
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            half = (self.width() - 2 * theme.GAP) / 2
            for arm in Arm:
                place = QRectF(arm * (half + 2 * theme.GAP), 0, half, self.height())
                self._paint_arm(painter, place, arm)

    def _paint_arm(self, painter: QPainter, place: QRectF, arm: Arm) -> None:
        newtons = self._newtons[arm]
        level = "" if newtons is None else force_level(newtons, self._limit)
        painter.setFont(theme.font(theme.SMALL, bold=True))
        painter.setPen(QColor(self._look.dim))
        painter.drawText(place, MIDDLE, arm.name)
        track = place.adjusted(NAME, 8, -NUMBER, -8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._look.raised))
        painter.drawRoundedRect(track, 3, 3)
        if newtons is not None:
            bar = QRectF(track)
            bar.setWidth(track.width() * min(1.0, newtons / self._limit))
            painter.setBrush(QColor(self._fill(level)))
            painter.drawRoundedRect(bar, 3, 3)
        painter.setPen(QPen(QColor(self._look.text), 2))
        x = track.left() + SHARE_OF_WARNING * track.width()
        painter.drawLine(round(x), round(track.top()) - 3, round(x), round(track.bottom()) + 3)
        self._paint_number(painter, place, newtons, level)

    def _paint_number(
        self, painter: QPainter, place: QRectF, newtons: float | None, level: str
    ) -> None:
        box = QRectF(place.right() - NUMBER + 8, 2, NUMBER - 8, place.height() - 4)
        ink = self._look.text
        if level:
            fill, ink = self._alarm(level)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(fill))
            painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(ink))
        painter.setFont(theme.font(theme.TEXT, bold=True))
        text = words.newtons(newtons)
        painter.drawText(box.adjusted(0, 0, -6, 0), MIDDLE | Qt.AlignmentFlag.AlignRight, text)

    def _fill(self, level: str) -> str:
        return self._alarm(level)[0] if level else self._look.z

    def _alarm(self, level: str) -> tuple[str, str]:
        look = self._look
        return (look.red, look.red_text) if level == "error" else (look.amber, look.amber_text)
