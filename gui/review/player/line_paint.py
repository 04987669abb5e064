"""Draws the time line: who led each arm, labels, versions and marks, times, and the trimming."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from gui import theme
from gui.review.player.line import LabelSpan, LeadSpan, Line
from gui.review.player.marks import Mark, Weight
from gui.review.player.time_axis import LEFT, TimeAxis
from gui.texts import player as texts
from gui.widgets.symbols import draw_symbol
from teleop.messages import Arm

LEAD_H, LABEL_H, MARKS_H, TICKS_H, GAP = 22.0, 16.0, 20.0, 19.0, 3.0
ARM_H = LEAD_H + LABEL_H + GAP
MARKS_TOP = 2 * ARM_H
TICKS_TOP = MARKS_TOP + MARKS_H
HEIGHT = round(TICKS_TOP + TICKS_H)
SYMBOL = 13.0
MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


def lead_box(arm: Arm, axis: TimeAxis, begin_s: float, end_s: float) -> QRectF:
    """Where one leads an arm, at least a pixel wide."""
    begin = max(axis.x_of(begin_s), axis.left)
    end = min(axis.x_of(end_s), axis.left + axis.width)
    return QRectF(begin, arm * ARM_H, max(end - begin, 1.0), LEAD_H)


def in_sight(axis: TimeAxis, begin_s: float, end_s: float) -> bool:
    """Whether any of a span is shown."""
    return end_s >= axis.begin_s and begin_s <= axis.end_s


def paint_line(painter: QPainter, line: Line, axis: TimeAxis, look: theme.Theme) -> None:
    """Draw everything that does not move with the replay."""
    for arm in Arm:
        _paint_name(painter, arm, look)
        for span in line.leads[arm]:
            if in_sight(axis, span.begin_s, span.end_s):
                _paint_lead(painter, lead_box(arm, axis, span.begin_s, span.end_s), span, look)
        for label in line.labels[arm]:
            if in_sight(axis, label.begin_s, label.end_s):
                _paint_label(painter, lead_box(arm, axis, label.begin_s, label.end_s), label, look)
    _paint_versions(painter, line, axis, look)
    _paint_ticks(painter, axis, look)


def _paint_name(painter: QPainter, arm: Arm, look: theme.Theme) -> None:
    painter.setFont(theme.font(theme.SMALL, bold=True))
    painter.setPen(QColor(look.text))
    painter.drawText(QRectF(0, arm * ARM_H, LEFT - 8, LEAD_H), RIGHT, texts.ARMS[arm])


def _paint_lead(painter: QPainter, box: QRectF, span: LeadSpan, look: theme.Theme) -> None:

    colours = theme.LEADS[span.lead]
    painter.fillRect(box, QColor(colours.fill))
    if colours.hatch:
        painter.fillRect(box, QBrush(QColor(colours.hatch), Qt.BrushStyle.BDiagPattern))
    painter.setPen(QPen(QColor(look.window), 1))
    painter.drawLine(box.topLeft(), box.bottomLeft())
    painter.setPen(QPen(QColor(look.line), 1))
    painter.drawLine(box.topLeft(), box.topRight())
    painter.drawLine(box.bottomLeft(), box.bottomRight())
    ink = QColor(colours.text)
    if box.width() < SYMBOL + 4:
        return
    symbol = QRectF(box.left() + 4, box.center().y() - SYMBOL / 2, SYMBOL, SYMBOL)
    draw_symbol(painter, span.lead, symbol, ink)
    painter.setFont(theme.font(theme.SMALL, bold=True))
    word = texts.LEADS.get(span.lead, span.lead.value)
    room = box.adjusted(SYMBOL + 9, 0, -3, 0)
    if QFontMetricsF(painter.font()).horizontalAdvance(word) <= room.width():
        painter.setPen(ink)
        painter.drawText(room, MIDDLE, word)


def _paint_label(painter: QPainter, lead: QRectF, span: LabelSpan, look: theme.Theme) -> None:
    """A bracket under the rows, and the word where it has room."""
    top = lead.bottom() + 2
    painter.setPen(QPen(QColor(look.dim), 1))
    painter.drawLine(QPointF(lead.left() + 1, top), QPointF(lead.right() - 1, top))
    for x in (lead.left() + 1, lead.right() - 1):
        painter.drawLine(QPointF(x, top), QPointF(x, top + 5))
    painter.setFont(theme.font(13))
    metrics = QFontMetricsF(painter.font())
    for word in (texts.LABELS[span.label], texts.SHORT_LABELS.get(span.label, "")):
        if word and metrics.horizontalAdvance(word) <= lead.width() - 4:
            painter.setPen(QColor(look.text))
            box = QRectF(lead.left(), top, lead.width(), LABEL_H - 1)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, word)
            return


def _paint_versions(painter: QPainter, line: Line, axis: TimeAxis, look: theme.Theme) -> None:
    """Versions as boxed numbers on a dashed line through both lanes; marks with their words."""
    painter.setFont(theme.font(theme.SMALL))
    painter.setPen(QColor(look.dim))
    painter.drawText(QRectF(0, MARKS_TOP, LEFT - 8, MARKS_H), RIGHT, texts.EVENTS)
    metrics = QFontMetricsF(theme.font(13, bold=True))
    taken: list[tuple[float, float]] = []
    for index, mark in enumerate(line.versions):
        following = line.versions[index + 1].at_s if index + 1 < len(line.versions) else 1e12
        if not in_sight(axis, mark.at_s, mark.at_s) and not (mark.at_s < axis.begin_s < following):
            continue
        x = max(axis.x_of(mark.at_s), axis.left)
        text = texts.version(mark.version)
        width = metrics.horizontalAdvance(text) + 8
        if axis.x_of(following) - x < width * 0.6 and following < 1e12:
            continue
        if mark.at_s > axis.begin_s:
            painter.setPen(QPen(QColor(look.text), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, 0), QPointF(x, MARKS_TOP))
        box = QRectF(x, MARKS_TOP + 2, width, MARKS_H - 5)
        painter.setFont(theme.font(13, bold=True))
        painter.setPen(QPen(QColor(look.dim), 1))
        painter.drawRect(box)
        painter.setPen(QColor(look.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        taken.append((x - 2, x + width + 4))
    _paint_marks(painter, line.marks, axis, taken, look)


def _paint_marks(
    painter: QPainter,
    marks: Sequence[Mark],
    axis: TimeAxis,
    taken: list[tuple[float, float]],
    look: theme.Theme,
) -> None:
    """A triangle for each mark; the weightier get their words first."""
    shown = [mark for mark in marks if in_sight(axis, mark.at_s, mark.at_s)]
    painter.setFont(theme.font(13))
    metrics = QFontMetricsF(painter.font())
    for mark in sorted(shown, key=lambda each: (-each.weight, each.at_s)):
        x = axis.x_of(mark.at_s)
        heavy = mark.weight is Weight.CHANGE
        ink = QColor(look.text if heavy or mark.weight is Weight.LOSS else look.dim)
        top = MARKS_TOP + 1
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        half = 4.0 if heavy else 3.0
        painter.drawPolygon(
            QPolygonF([QPointF(x - half, top), QPointF(x + half, top), QPointF(x, top + 6)])
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        width = metrics.horizontalAdvance(mark.text)
        place = (x + 6, x + 8 + width)
        beyond = place[1] > axis.left + axis.width
        if not beyond and all(place[1] < begin or place[0] > end for begin, end in taken):
            painter.setPen(ink)
            painter.drawText(QRectF(x + 6, MARKS_TOP, width + 2, MARKS_H), MIDDLE, mark.text)
            taken.append((x - 5, place[1] + 4))
        else:
            taken.append((x - 4, x + 4))


def _paint_ticks(painter: QPainter, axis: TimeAxis, look: theme.Theme) -> None:
    painter.setFont(theme.font(13))
    step, marked = axis.ticks()
    painter.setPen(QPen(QColor(look.line), 1))
    painter.drawLine(QPointF(axis.left, TICKS_TOP), QPointF(axis.left + axis.width, TICKS_TOP))
    for at_s in marked:
        x = axis.x_of(at_s)
        painter.setPen(QPen(QColor(look.dim), 1))
        painter.drawLine(QPointF(x, TICKS_TOP), QPointF(x, TICKS_TOP + 4))
        box = QRectF(x - 40, TICKS_TOP + 3, 80, TICKS_H - 3)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, texts.tick(at_s, step))


def paint_trim(
    painter: QPainter, axis: TimeAxis, trim: tuple[float, float], look: theme.Theme
) -> None:
    """Shade what would be cut off, and draw a handle at each end of what stays."""
    begin, end = (axis.x_of(at_s) for at_s in trim)
    shade = QColor(look.window)
    shade.setAlpha(170)
    right = axis.left + axis.width
    for left, stop in ((axis.left, min(begin, right)), (max(end, axis.left), right)):
        if stop > left:
            painter.fillRect(QRectF(left, 0, stop - left, TICKS_TOP), shade)
    painter.setPen(QPen(QColor(look.focus), 2))
    painter.setBrush(QColor(look.focus))
    for x, way in ((begin, 1.0), (end, -1.0)):
        if axis.left - 1 <= x <= right + 1:
            painter.drawLine(QPointF(x, 0), QPointF(x, TICKS_TOP))
            for y in (0.0, TICKS_TOP - 3):
                painter.drawRect(QRectF(min(x, x + way * 8), y, 8, 3))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_cursor(
    painter: QPainter, x: float, height: float, look: theme.Theme, *, head: bool
) -> None:
    """The line at the moment that is shown."""
    painter.setPen(QPen(QColor(look.window), 3))
    painter.drawLine(QPointF(x, 0), QPointF(x, height))
    painter.setPen(QPen(QColor(look.focus), 1.5))
    painter.drawLine(QPointF(x, 0), QPointF(x, height))
    if head:
        painter.setBrush(QColor(look.focus))
        painter.drawPolygon(
            QPolygonF([QPointF(x - 5, height), QPointF(x + 5, height), QPointF(x, height - 8)])
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
