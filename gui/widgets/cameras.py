"""Camera tiles: the picture, its age, and a sign that cannot be missed when it is not the present.

The tile draws a `QImage` over the received array in `paintEvent`: no copy, no pixmap. Measured,
this is two to four times cheaper than a label with a pixmap or a plot's image item.
"""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetrics,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QApplication, QWidget

from gui import theme
from gui.texts import cameras as words
from gui.view import FRAME_LATE_S, FRAME_STALE_S

AGE_STEP_S = 0.010  # a younger change of the shown age is not worth a repaint
AGE_EVERY_NS = 100_000_000  # a number that changes faster cannot be read
TAG_HEIGHT = 22
TAGS_KEPT = 64
SHADE = "#AA000000"  # behind text on a picture, alpha first


class CameraTile(QWidget):
    """One camera.

    Signals:
        clicked: its name.
        dropped: its name, and where on the screen it was let go after it was dragged.
    """

    clicked = Signal(str)
    dropped = Signal(str, QPoint)

    def __init__(self, name: str, number: int, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = name
        self._number = number
        self._look = look
        self._pixels: NDArray[np.uint8] | None = None  # kept: the QImage looks into it
        self._image = QImage()
        self._grey: QImage | None = None
        self._stamp_ns = 0
        self._age_s = float("inf")
        self._age_text = ""
        self._age_late = False
        self._age_drawn_ns = 0
        self._tags = TagPictures(self)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._pressed_at: QPoint | None = None
        self._dragged = False
        self.setAccessibleName(words.camera(name))

    @property
    def age_s(self) -> float:
        """Age of the picture when it was last looked at."""
        return self._age_s

    @property
    def stale(self) -> bool:
        """Whether the picture is too old to be taken for the present."""
        return self._age_s > FRAME_STALE_S

    def show_frame(self, pixels: NDArray[np.uint8], stamp_ns: int, now_ns: int) -> None:
        """Show `pixels`, (H, W, 3) RGB and contiguous, taken at `stamp_ns`."""
        height, width, _ = pixels.shape
        self._pixels = pixels
        self._image = QImage(
            pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGB888
        )
        self._grey = None
        self._stamp_ns = stamp_ns
        self._age_s = (now_ns - stamp_ns) / 1e9
        self.update()

    def grow_old(self, now_ns: int) -> None:
        """Count the age on; called while no picture comes."""
        if self._stamp_ns == 0:
            return
        age_s = (now_ns - self._stamp_ns) / 1e9
        if age_s - self._age_s > AGE_STEP_S and age_s > FRAME_LATE_S:
            self._age_s = age_s
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at, self._dragged = event.position().toPoint(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None or self._dragged:
            return
        way = (event.position().toPoint() - self._pressed_at).manhattanLength()
        if way >= QApplication.startDragDistance():
            self._dragged = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None:
            return
        self._pressed_at = None
        self.unsetCursor()
        if self._dragged:
            self.dropped.emit(self.name, event.globalPosition().toPoint())
        else:
            self.clicked.emit(self.name)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), QColor(self._look.panel))
        place = self._picture_rect()
        if self._image.isNull():
            self._paint_absence(painter)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            if self.stale:
                if self._grey is None:
                    self._grey = self._image.convertToFormat(QImage.Format.Format_Grayscale8)
                painter.drawImage(place, self._grey)
                self._paint_stale(painter, place)
            else:
                painter.drawImage(place, self._image)
        self._paint_name(painter)
        if not self._image.isNull() and not self.stale:
            self._paint_age(painter)
        painter.setPen(QColor(self._look.line))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _picture_rect(self) -> QRectF:
        """The largest rectangle of the picture's aspect in the middle of the tile."""
        if self._image.isNull():
            return QRectF(self.rect())
        scale = min(self.width() / self._image.width(), self.height() / self._image.height())
        width, height = self._image.width() * scale, self._image.height() * scale
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def _paint_absence(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), QBrush(QColor(self._look.line), Qt.BrushStyle.BDiagPattern))
        self._paint_box(painter, words.NO_PICTURE, self._look.window, self._look.dim)

    def _paint_stale(self, painter: QPainter, place: QRectF) -> None:
        shade = QColor(self._look.red)
        painter.fillRect(place, QBrush(shade, Qt.BrushStyle.BDiagPattern))
        painter.setPen(QPen(shade, 6))
        painter.drawRect(place.adjusted(3, 3, -3, -3))
        self._paint_box(painter, words.stale(self._age_s), self._look.red, self._look.red_text)

    def _paint_box(self, painter: QPainter, text: str, fill: str, ink: str) -> None:
        """Text in a filled box in the middle of the tile, as large as fits."""
        large = self.width() >= 300
        painter.setFont(theme.font(30 if large else theme.TEXT, bold=True))
        metrics = painter.fontMetrics()
        width = metrics.horizontalAdvance(text) + (28 if large else 12)
        height = metrics.height() + (12 if large else 6)
        box = QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)
        painter.fillRect(box, QColor(fill))
        painter.setPen(QColor(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_name(self, painter: QPainter) -> None:
        tag = self._tags.drawn(words.tag(self._number, self.name), SHADE, "#FFFFFF", self.width())
        painter.drawPixmap(0, self.height() - TAG_HEIGHT, tag)

    def _paint_age(self, painter: QPainter) -> None:
        late = self._age_s > FRAME_LATE_S
        if late != self._age_late or abs(self._stamp_ns - self._age_drawn_ns) > AGE_EVERY_NS:
            self._age_drawn_ns, self._age_late = self._stamp_ns, late
            self._age_text = words.age(self._age_s)
        fill, ink = (self._look.amber, self._look.amber_text) if late else (SHADE, "#FFFFFF")
        tag = self._tags.drawn(self._age_text, fill, ink, self.width())
        painter.drawPixmap(self.width() - round(tag.deviceIndependentSize().width()), 0, tag)


class TagPictures:
    """Small labels as pixmaps: drawing text over every frame costs more than the frame."""

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget
        self._kept: dict[tuple[str, str, str, float], QPixmap] = {}

    def drawn(self, text: str, fill: str, ink: str, widest: int) -> QPixmap:
        """Return `text` on `fill`, at most `widest` pixels wide."""
        ratio = self._widget.devicePixelRatioF()
        key = (text, fill, ink, ratio)
        if key not in self._kept:
            if len(self._kept) > TAGS_KEPT:
                self._kept.clear()
            self._kept[key] = self._draw(text, fill, ink, widest, ratio)
        return self._kept[key]

    def _draw(self, text: str, fill: str, ink: str, widest: int, ratio: float) -> QPixmap:
        face = theme.font(theme.SMALL, bold=True)
        width = min(max(54, QFontMetrics(face).horizontalAdvance(text) + 12), widest)
        pixmap = QPixmap(round(width * ratio), round(TAG_HEIGHT * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QColor(fill))
        with QPainter(pixmap) as painter:
            painter.setFont(face)
            painter.setPen(QColor(ink))
            box = QRect(0, 0, width, TAG_HEIGHT)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        return pixmap
