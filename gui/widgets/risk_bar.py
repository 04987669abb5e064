"""How likely an arm's policy is to need the operator, with the line of the alert drawn in."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme
from gui.texts import takeover as words
from teleop.messages import Arm

ALERT = 1.0
CAPTION = 36
NUMBER = 40


class RiskBar(QWidget):
    """One arm's risk; 1 is where the operator is alerted.

    Args:
        second: the risk at which the arm slows or holds.
    """

    def __init__(self, arm: Arm, second: float, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._risk: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words.risk_of_the_arm(arm.name.lower()))
        self.show_second(second)

    @property
    def risk(self) -> float | None:
        """The risk shown."""
        return self._risk

    def sizeHint(self) -> QSize:
        return QSize(158, theme.ROW)

    def show_second(self, second: float) -> None:
        """Mark another risk as the one at which the arm slows or holds."""
        self._second = second
        self._full = 1.15 * max(second, ALERT)
        self.setToolTip(words.risk_at_1_the(second))
        self.update()

    def show_risk(self, risk: float | None) -> None:
        """Show `risk`; None: nothing is known of it."""
        shown = None if risk is None else round(risk, 2)
        if shown != self._risk:
            self._risk = shown
            self.setAccessibleDescription(risk_text(shown))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        bar = QRectF(CAPTION, 10, self.width() - CAPTION - NUMBER, self.height() - 20)
        painter.setFont(theme.font(12, bold=True))
        painter.setPen(QColor(self._look.dim))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, 0, CAPTION, self.height()), middle, "RISK")
        painter.fillRect(bar, QColor(self._look.window))
        painter.setPen(QPen(QColor(self._look.line), 1))
        painter.drawRect(bar)
        if self._risk is not None:
            share = min(1.0, self._risk / self._full)
            filled = QRectF(bar.left(), bar.top(), bar.width() * share, bar.height())
            painter.fillRect(filled, QColor(self._colour(self._risk)))
        for at, style in (
            (ALERT, Qt.PenStyle.SolidLine),
            (self._second, Qt.PenStyle.DotLine),
        ):
            x = round(bar.left() + bar.width() * at / self._full)
            painter.setPen(QPen(QColor(self._look.text), 2, style))
            painter.drawLine(x, round(bar.top()) - 5, x, round(bar.bottom()) + 5)
        painter.setFont(theme.font(theme.TEXT, bold=True))
        painter.setPen(QColor(self._look.text))
        place = QRectF(self.width() - NUMBER, 0, NUMBER - 4, self.height())
        painter.drawText(place, middle | Qt.AlignmentFlag.AlignRight, risk_text(self._risk))

    def _colour(self, risk: float) -> str:
        if risk >= self._second:
            return self._look.red
        return self._look.amber if risk >= ALERT else self._look.operator_time


def risk_text(risk: float | None) -> str:
    """Return the number beside the bar; from 1 on with a mark that needs no colour."""
    if risk is None:
        return "—"
    return f"{risk:.1f}!" if risk >= ALERT else f"{risk:.1f}"
