"""Draws actions into a picture, with a legend; and beside it where the camera's place is unknown.

The three are told apart by stroke and by head as well as by colour: the policy's dashed with an
open head, the operator's dotted with a round one, what was sent solid with a filled one. Under
each lies a dark seam, as a picture may have any colour.
"""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from gui import theme
from gui.review.player.actions_drawn import Arrow, Motion, Source
from gui.review.player.line_paint import MIDDLE
from gui.texts import player as texts
from gui.widgets.cameras import TAG_HEIGHT

WIDTH, SEAM = 2.0, 5.0
HEAD = 8.0
FULL_PX, LEAST_SIZE = 30.0, 0.65  # a shorter arrow has a smaller head and a thinner shaft
SHORTEST = 2.0  # pixels; a shorter arrow is a dot
STROKES = {
    Source.PROPOSED: Qt.PenStyle.DashLine,
    Source.OPERATOR: Qt.PenStyle.DotLine,
    Source.EXECUTED: Qt.PenStyle.SolidLine,
    Source.OTHER: Qt.PenStyle.DashDotLine,
}
WORDS = {
    Source.PROPOSED: texts.POLICY,
    Source.OPERATOR: texts.YOU,
    Source.EXECUTED: texts.SENT,
    Source.OTHER: texts.OTHER,
}
# What was sent lies under the others, that mostly follow it.
ORDER = (Source.EXECUTED, Source.OTHER, Source.PROPOSED, Source.OPERATOR)
LEGEND_ROW = 17.0  # pixels
PLANE = 92.0  # pixels of each plane that is drawn beside a picture
PLANES = ((texts.FROM_ABOVE, 0, 1), (texts.FROM_FRONT, 0, 2))


def colours() -> dict[Source, str]:
    """On pictures and their dark tags, in either look of the window."""
    look = theme.DARK
    return {
        Source.PROPOSED: look.z,
        Source.OPERATOR: look.magnitude,
        Source.EXECUTED: look.x,
        Source.OTHER: look.y,
    }


def paint_arrow(
    painter: QPainter, source: Source, start: QPointF, end: QPointF, size: float = 1.0
) -> None:
    """One action."""
    colour = QColor(colours()[source])
    length = math.hypot(end.x() - start.x(), end.y() - start.y())
    if length < SHORTEST:
        painter.setPen(QPen(QColor(theme.DARK.window), 1))
        painter.setBrush(colour)
        painter.drawEllipse(start, 2.5, 2.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        return
    size *= min(max(length / FULL_PX, LEAST_SIZE), 1.0)
    along = QPointF((end.x() - start.x()) / length, (end.y() - start.y()) / length)
    aside = QPointF(-along.y(), along.x())
    head = min(HEAD * size, length)
    foot = end - along * head
    corners = [foot + aside * head * 0.5, end, foot - aside * head * 0.5]
    for ink, width in ((QColor(theme.DARK.window), SEAM), (colour, WIDTH)):
        seam = width == SEAM
        stroke = Qt.PenStyle.SolidLine if seam else STROKES[source]
        painter.setPen(QPen(ink, width * size, stroke, Qt.PenCapStyle.FlatCap))
        painter.drawLine(start, end if source is Source.PROPOSED else foot)
        painter.setPen(QPen(ink, width * size))
        painter.setBrush(ink)
        if source is Source.OPERATOR:
            radius = head * 0.32 + (1.5 if seam else 0)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(foot + along * head * 0.4, radius, radius)
        elif source is Source.EXECUTED:
            painter.setPen(QPen(ink, 3.0 if seam else 0.5))
            painter.drawPolygon(QPolygonF(corners))
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF(corners))
        painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_arrows(
    painter: QPainter, shown: Sequence[Arrow], place: QRectF, width: int, height: int
) -> None:
    """Actions over a picture of `width` x `height` pixels that is drawn at `place`."""
    across, down = place.width() / width, place.height() / height
    painter.save()
    painter.setClipRect(place)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    size = 1.0 if place.width() >= 220 else 0.75
    for arrow in sorted(shown, key=lambda each: ORDER.index(each.source)):
        start, end = (
            QPointF(place.left() + x * across, place.top() + y * down)
            for x, y in (arrow.start, arrow.end)
        )
        paint_arrow(painter, arrow.source, start, end, size)
    painter.restore()


def paint_legend(
    painter: QPainter, place: QRectF, sources: Sequence[Source], told: Sequence[str]
) -> None:
    """Which arrow is whose, and under it what is `told`, in the lower right corner of `place`.

    Nothing is told where that would reach the tag above.
    """
    if LEGEND_ROW * (len(sources) + len(told)) + 4 > place.height() - TAG_HEIGHT:
        told = ()
    painter.save()
    painter.setFont(theme.font(13))
    metrics = QFontMetricsF(painter.font())
    rows = [(source, WORDS[source]) for source in sources]
    texts_width = max((metrics.horizontalAdvance(each) for each in told), default=0.0)
    words_width = max((metrics.horizontalAdvance(word) + 40 for _, word in rows), default=0.0)
    width = min(max(texts_width, words_width) + 12, place.width())
    height = LEGEND_ROW * (len(rows) + len(told)) + 4
    box = QRectF(place.right() - width, place.bottom() - height, width, height)
    shade = QColor(theme.DARK.window)
    shade.setAlpha(200)
    painter.fillRect(box, shade)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    line = QRectF(box.left() + 6, box.top() + 2, box.width() - 8, LEGEND_ROW)
    for source, word in rows:
        middle = line.center().y()
        paint_arrow(
            painter, source, QPointF(line.left(), middle), QPointF(line.left() + 30, middle)
        )
        painter.setPen(QColor(theme.DARK.text))
        painter.drawText(line.adjusted(37, 0, 0, 0), MIDDLE, word)
        line.translate(0, LEGEND_ROW)
    for sentence in told:
        painter.setPen(QColor(theme.DARK.dim))
        shown = metrics.elidedText(sentence, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, MIDDLE, shown)
        line.translate(0, LEGEND_ROW)
    painter.restore()


def paint_planes(
    painter: QPainter, place: QRectF, shown: Sequence[Motion], reach_m_s: float
) -> None:
    """Actions from above and from the front, for a camera whose place is not known.

    Args:
        place: of the tile; the planes stand in its upper left corner.
        reach_m_s: the speed that reaches a plane's edge.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(theme.font(13))
    for number, (name, across, up) in enumerate(PLANES):
        box = QRectF(place.left() + 4, place.top() + 4 + number * (PLANE + 4), PLANE, PLANE)
        if box.bottom() > place.bottom():
            break
        shade = QColor(theme.DARK.window)
        shade.setAlpha(210)
        painter.fillRect(box, shade)
        painter.setPen(QColor(theme.DARK.dim))
        painter.drawText(box.adjusted(4, 1, 0, 0), Qt.AlignmentFlag.AlignLeft, name)
        for arm, letter in ((0, "L"), (1, "R")):
            middle = QPointF(box.left() + PLANE * (0.27 + 0.46 * arm), box.center().y() + 7)
            painter.setPen(QColor(theme.DARK.dim))
            painter.drawText(
                QRectF(middle.x() - 10, box.bottom() - 17, 20, 16),
                Qt.AlignmentFlag.AlignCenter,
                letter,
            )
            scale = PLANE * 0.24 / max(reach_m_s, 1e-6)
            for each in shown:
                if each.arm == arm:
                    end = middle + QPointF(
                        float(each.velocity[across]) * scale, -float(each.velocity[up]) * scale
                    )
                    paint_arrow(painter, each.source, middle, end, 0.75)
    painter.restore()
