"""The time line: a clip at a glance, scrubbed and trimmed with the mouse.

What stands still is drawn once into a pixmap; a replay draws that and the cursor.
"""

from bisect import bisect_right

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme
from gui.review.player.line import EMPTY, LeadSpan, Line
from gui.review.player.line_paint import (
    ARM_H,
    HEIGHT,
    LEAD_H,
    MARKS_H,
    MARKS_TOP,
    MIDDLE,
    TICKS_H,
    TICKS_TOP,
    paint_cursor,
    paint_line,
    paint_trim,
)
from gui.review.player.time_axis import RIGHT, TimeAxis, whole
from gui.texts import player as texts
from gui.view import Lead
from gui.widgets.symbols import draw_symbol
from teleop.messages import Arm

GRAB_PX = 7.0  # around a handle
WHEEL = 1.25  # a notch of the wheel


class TimeLine(QWidget):
    """One clip's time line.

    Signals:
        scrubbed: seconds, while the mouse is held down.
        chosen: seconds where a correction begins that was clicked.
        trimmed: first and last second that stay (a pair), while a handle is moved.
        axis_changed: another stretch of time is shown.
    """

    scrubbed = Signal(float)
    chosen = Signal(float)
    trimmed = Signal(object)
    axis_changed = Signal()

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.axis = whole(0.0)
        self.line = EMPTY
        self.trim: tuple[float, float] | None = None
        self._look = look
        self._at_s = 0.0
        self._cursor_words: tuple[str, str, str] = ("", "", "")
        self._speed = 1.0
        self._still: QPixmap | None = None
        self._held = ""  # what the mouse moves: cursor, in, out
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self.setMouseTracking(True)
        self.setAccessibleName(texts.TIME_LINE)

    def sizeHint(self) -> QSize:
        return QSize(600, HEIGHT)

    def show_line(self, line: Line, axis: TimeAxis) -> None:
        """Show a clip."""
        self.line = line
        self.show_axis(axis)

    def show_axis(self, axis: TimeAxis) -> None:
        """Show another stretch of it."""
        self.axis = axis.sized(self.width() - axis.left - RIGHT)
        self._still = None
        self.axis_changed.emit()
        self.update()

    def show_moment(self, at_s: float, words: tuple[str, str, str], speed: float) -> None:
        """Move the cursor.

        Args:
            at_s: seconds.
            words: what is said at the right of each arm's lane, and of the marks.
            speed: of the replay, below 0: backwards.
        """
        self._at_s, self._cursor_words, self._speed = at_s, words, speed
        moved = self.axis.showing(at_s)
        if moved is not self.axis:
            self.show_axis(moved)
        self.update()

    def show_trim(self, trim: tuple[float, float] | None) -> None:
        """Show what is selected, or that nothing is."""
        self.trim = trim
        self.update()

    def resizeEvent(self, event: object) -> None:
        self.show_axis(self.axis)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._still is None:
            self._still = self._drawn_still()
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            painter.drawPixmap(0, 0, self._still)
            if self.trim is not None:
                paint_trim(painter, self.axis, self.trim, self._look)
            if self.line.length_s > 0:
                paint_cursor(painter, self.axis.x_of(self._at_s), TICKS_TOP, self._look, head=True)
            self._paint_words(painter)

    def _drawn_still(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QColor(self._look.panel))
        with QPainter(pixmap) as painter:
            area = QRectF(self.axis.left, 0, self.axis.width, TICKS_TOP)
            painter.fillRect(area, QColor(self._look.window))
            paint_line(painter, self.line, self.axis, self._look)
        return pixmap

    def _paint_words(self, painter: QPainter) -> None:
        left = self.axis.left + self.axis.width + 8
        room = self.width() - left
        for arm in Arm:
            lead = lead_at(self.line.leads[arm], self._at_s)
            if lead is None:
                continue
            top = arm * ARM_H
            draw_symbol(painter, lead, QRectF(left, top + 4, 14, 14), QColor(self._look.text))
            painter.setPen(QColor(self._look.text))
            painter.setFont(theme.font(theme.SMALL, bold=True))
            word = texts.LEADS.get(lead, lead.value)
            painter.drawText(QRectF(left + 20, top, room - 20, LEAD_H), MIDDLE, word)
            painter.setFont(theme.font(13))
            painter.setPen(QColor(self._look.dim))
            painter.drawText(
                QRectF(left, top + LEAD_H - 2, room, 18), MIDDLE, self._cursor_words[arm]
            )
        painter.setFont(theme.font(13))
        painter.setPen(QColor(self._look.text))
        told = painter.fontMetrics().elidedText(
            self._cursor_words[2], Qt.TextElideMode.ElideRight, round(room)
        )
        painter.drawText(QRectF(left, MARKS_TOP, room, MARKS_H), MIDDLE, told)
        painter.setFont(theme.font(theme.SMALL, bold=True))
        clock = texts.clock(self._at_s, self.line.length_s, self._speed)
        painter.drawText(QRectF(left, TICKS_TOP, room, TICKS_H), MIDDLE, clock)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self.line.length_s <= 0:
            return
        self._held = self._handle_at(event.position())
        if self._held == "cursor" and self._choose(event.position()):
            self._held = ""
            return
        self._drag(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self._drag(event.position().x())
            return
        over = self.trim is not None and self._handle_at(event.position()) != "cursor"
        self.setCursor(Qt.CursorShape.SizeHorCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = ""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the pointer, or move along the clip with Shift."""
        turned = event.angleDelta()
        notches = (turned.y() or turned.x()) / 120
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            span = self.axis.end_s - self.axis.begin_s
            self.show_axis(self.axis.scrolled(-0.1 * notches * span))
        elif notches:
            around_s = self.axis.s_at(event.position().x())
            self.show_axis(self.axis.zoomed(WHEEL**notches, around_s))
        event.accept()

    def _handle_at(self, place: QPointF) -> str:
        if self.trim is not None:
            for name, at_s in zip(("in", "out"), self.trim, strict=True):
                if abs(self.axis.x_of(at_s) - place.x()) <= GRAB_PX:
                    return name
        return "cursor"

    def _choose(self, place: QPointF) -> bool:
        """Whether a correction was clicked, in the lane of its arm."""
        for arm in Arm:
            if not arm * ARM_H <= place.y() < arm * ARM_H + LEAD_H:
                continue
            at_s = self.axis.s_at(place.x())
            for span in self.line.leads[arm]:
                if span.lead is Lead.OPERATOR and span.begin_s <= at_s < span.end_s:
                    self.chosen.emit(span.begin_s)
                    return True
        return False

    def _drag(self, x: float) -> None:
        at_s = self.axis.s_at(x)
        if self._held == "cursor":
            self.scrubbed.emit(at_s)
        elif self.trim is not None:
            begin, end = self.trim
            begin, end = (min(at_s, end), end) if self._held == "in" else (begin, max(at_s, begin))
            self.trimmed.emit((begin, end))


def lead_at(spans: tuple[LeadSpan, ...], at_s: float) -> Lead | None:
    """Who leads at that moment."""
    last = bisect_right(spans, at_s, key=lambda span: span.begin_s) - 1
    return spans[last].lead if last >= 0 else None
