"""Paints a clip of the list: its picture, and two lines of what is known of it."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui import theme
from gui.review.clip_model import ROW_ROLE
from gui.review.values import ClipRow
from gui.texts import review as texts
from recorder.words import length_text

ROW = 43  # px
PICTURE = QSize(51, 38)
GAP = 8
NAME, OUTCOME, LENGTH = 52, 116, 64  # px of the first line's columns
Index = QModelIndex | QPersistentModelIndex
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ClipDelegate(QStyledItemDelegate):
    """Two lines a clip."""

    def __init__(self, look: theme.Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        del option, index
        return QSize(100, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        if not isinstance(row, ClipRow):
            return
        look = self._look
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setClipRect(box)
        if chosen:
            painter.fillRect(box, QColor(look.raised))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(look.focus))
            painter.drawRect(box.adjusted(0, 0, -1, -1))
        elif chosen:
            painter.fillRect(QRect(box.left(), box.top(), 3, box.height()), QColor(look.text))
        painter.setPen(QColor(look.line))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        top = box.top() + (box.height() - PICTURE.height()) // 2
        place = QRect(box.left() + 6, top, PICTURE.width(), PICTURE.height())
        self._picture(painter, place, index.data(Qt.ItemDataRole.DecorationRole))
        left = place.right() + GAP
        half = (box.height() - 6) // 2
        lines = QRect(left, box.top() + 3, box.right() - GAP - left, half)
        self._first(painter, lines, row)
        self._second(painter, lines.translated(0, half), row)
        painter.restore()

    def _picture(self, painter: QPainter, place: QRect, picture: object) -> None:
        painter.fillRect(place, QColor(self._look.window))
        if isinstance(picture, QPixmap):
            size = picture.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
            fitted = QRect(0, 0, size.width(), size.height())
            fitted.moveCenter(place.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(fitted, picture)
        painter.setPen(QColor(self._look.line))
        painter.drawRect(place.adjusted(0, 0, -1, -1))

    def _first(self, painter: QPainter, line: QRect, row: ClipRow) -> None:
        look = self._look
        painter.setPen(QColor(look.dim if row.outcome == "DISCARDED" else look.text))
        painter.setFont(theme.font(theme.TEXT, bold=True))
        at = QRect(line.left(), line.top(), NAME, line.height())
        painter.drawText(at, LEFT, texts.short_name(row))
        painter.setFont(theme.font(theme.TEXT))
        at = QRect(at.right() + 1, line.top(), OUTCOME, line.height())
        painter.drawText(at, LEFT, texts.outcome_text(row))
        at = QRect(at.right() + 1, line.top(), LENGTH, line.height())
        painter.drawText(at, RIGHT, length_text(row.duration_s))
        rest = QRect(at.right() + GAP, line.top(), line.right() - at.right() - GAP, line.height())
        painter.setPen(QColor(look.dim))
        _elided(painter, rest, RIGHT, texts.versions_text(row))

    def _second(self, painter: QPainter, line: QRect, row: ClipRow) -> None:
        look = self._look
        painter.setFont(theme.font(theme.SMALL))
        metrics = QFontMetrics(painter.font())
        right = line.right()
        mark = texts.mark_text(row)
        if mark:
            width = metrics.horizontalAdvance(mark) + 10
            chip = QRect(right - width, line.top() + 2, width, line.height() - 5)
            painter.setPen(QColor(look.dim))
            painter.drawRect(chip)
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, mark)
            right = chip.left() - GAP
        work = texts.work_text(row)
        painter.setPen(QColor(look.text if row.interventions else look.dim))
        width = min(metrics.horizontalAdvance(work), max(0, right - line.left()))
        _elided(painter, QRect(line.left(), line.top(), width + 1, line.height()), LEFT, work)
        left = line.left() + width + (2 * GAP if work else 0)
        painter.setPen(QColor(look.text if row.trouble else look.dim))
        rest = QRect(left, line.top(), max(0, right - left), line.height())
        _elided(painter, rest, LEFT, texts.told_text(row))


def _elided(painter: QPainter, place: QRect, side: Qt.AlignmentFlag, text: str) -> None:
    metrics = QFontMetrics(painter.font())
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, side, shown)
