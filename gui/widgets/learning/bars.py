"""Named bars with a limit mark: what the gate asked of a version, at one glance."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme
from teleop.learner_messages import GateCheck

LINE = 20
NUMBER = 104
MARK = 0.62  # of the track: where the limit is
MARKS = {True: "✔", False: "✘", None: ""}


@dataclass(frozen=True)
class Bar:
    """One bar; NaN values are dashes."""

    name: str
    value: float
    allowed: float = float("nan")
    passed: bool | None = None
    note: str = ""


def check_bars(checks: Sequence[GateCheck]) -> tuple[Bar, ...]:
    """Return what the gate asked."""
    return tuple(
        Bar(check.name, check.value, check.allowed, check.passed, check.sentence)
        for check in checks
    )


class Bars(QWidget):
    """A few bars under each other; the limit marks stand in one line."""

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._bars: tuple[Bar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """What is drawn."""
        return self._bars

    def show_bars(self, bars: tuple[Bar, ...]) -> None:
        """Draw `bars` if they are others."""
        if bars == self._bars:
            return
        self._bars = bars
        self.setAccessibleDescription("; ".join(f"{bar.name} {number_text(bar)}" for bar in bars))
        self.setToolTip("\n".join(f"{bar.name}: {bar.note}" for bar in bars if bar.note))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(280, LINE * len(self._bars))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.SMALL))
        metrics = painter.fontMetrics()
        names = max((metrics.horizontalAdvance(bar.name) for bar in self._bars), default=0)
        left = min(names, round(0.45 * self.width())) + 32
        width = max(10.0, self.width() - left - NUMBER)
        middle = Qt.AlignmentFlag.AlignVCenter
        for row, bar in enumerate(self._bars):
            top = row * LINE
            painter.setPen(QColor(self._look.good if bar.passed else self._look.text))
            painter.drawText(QRectF(0, top, 20, LINE), middle, MARKS[bar.passed])
            painter.setPen(QColor(self._look.text))
            name = metrics.elidedText(bar.name, Qt.TextElideMode.ElideRight, left - 24)
            painter.drawText(QRectF(20, top, left - 24, LINE), middle, name)
            track = QRectF(left, top + 5, width, LINE - 10)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._look.window))
            painter.drawRoundedRect(track, 3, 3)
            if math.isfinite(bar.value) and bar.value >= 0:
                filled = QRectF(track)
                filled.setWidth(max(2.0, width * share_of(bar)))
                painter.setBrush(QColor(self._colour(bar)))
                painter.drawRoundedRect(filled, 3, 3)
            if math.isfinite(bar.allowed):
                x = track.left() + width * MARK
                painter.setPen(QPen(QColor(self._look.text), 2))
                painter.drawLine(round(x), top + 3, round(x), top + LINE - 4)
            painter.setPen(QColor(self._look.dim))
            place = QRectF(left + width + 4, top, NUMBER - 4, LINE)
            painter.drawText(place, middle | Qt.AlignmentFlag.AlignRight, number_text(bar))

    def _colour(self, bar: Bar) -> str:
        return self._look.limit if bar.passed is False else self._look.success


def share_of(bar: Bar) -> float:
    """Return how much of its track a bar fills; what is allowed fills the same of every one."""
    if not math.isfinite(bar.allowed) or bar.allowed <= 0.0:
        return min(1.0, bar.value)
    return min(1.0, MARK * bar.value / bar.allowed)


def number_text(bar: Bar) -> str:
    """Return the value, and what was allowed."""
    value = f"{bar.value:.3f}" if math.isfinite(bar.value) and bar.value >= 0 else "—"
    return value if math.isnan(bar.allowed) else f"{value} of {bar.allowed:.3f}"
