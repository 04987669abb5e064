"""Camera tiles: the picture, its age, and a sign that cannot be missed when it is not the present.

The tile draws a `QImage` over the received array in `paintEvent`: no copy, no pixmap. Measured,
this is two to four times cheaper than a label with a pixmap or a plot's image item.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt, Signal
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
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from gui import theme
from gui.view import FRAME_LATE_S, FRAME_STALE_S

AGE_STEP_S = 0.010  # a younger change of the shown age is not worth a repaint
SHARED_ASPECT = 4 / 3
AGE_EVERY_NS = 100_000_000  # a number that changes faster cannot be read
TAG_HEIGHT = 22
TAGS_KEPT = 64
SHADE = "#AA000000"  # behind text on a picture, alpha first


class CameraTile(QWidget):
    """One camera.

    Signals:
        clicked: its name.
    """

    clicked = Signal(str)

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
        self.setAccessibleName(f"Camera {name}")

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
        self._paint_box(painter, "no picture yet", self._look.window, self._look.dim)

    def _paint_stale(self, painter: QPainter, place: QRectF) -> None:
        shade = QColor(self._look.red)
        painter.fillRect(place, QBrush(shade, Qt.BrushStyle.BDiagPattern))
        painter.setPen(QPen(shade, 6))
        painter.drawRect(place.adjusted(3, 3, -3, -3))
        age = f"{self._age_s:.1f} s" if self._age_s < 10 else f"{self._age_s:.0f} s"
        self._paint_box(painter, f"STALE {age}", self._look.red, self._look.red_text)

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
        tag = self._tags.drawn(
            f"{self._number}  {self.name.replace('_', ' ')}", SHADE, "#FFFFFF", self.width()
        )
        painter.drawPixmap(0, self.height() - TAG_HEIGHT, tag)

    def _paint_age(self, painter: QPainter) -> None:
        late = self._age_s > FRAME_LATE_S
        if late != self._age_late or abs(self._stamp_ns - self._age_drawn_ns) > AGE_EVERY_NS:
            self._age_drawn_ns, self._age_late = self._stamp_ns, late
            self._age_text = f"{self._age_s * 1000:.0f} ms"
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


class CameraWall(QWidget):
    """One large tile and the others in a column beside it."""

    def __init__(self, names: Sequence[str], look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.tiles = {
            name: CameraTile(name, number, look, self) for number, name in enumerate(names, start=1)
        }
        self._large = names[0] if names else ""
        for tile in self.tiles.values():
            tile.clicked.connect(self.enlarge)

    @property
    def large(self) -> str:
        """The name of the camera that is shown large."""
        return self._large

    def enlarge(self, name: str) -> None:
        """Show `name` large; the one that is large already goes back to the first."""
        first = next(iter(self.tiles), "")
        self._large = first if name == self._large else name
        self._arrange()

    def enlarge_number(self, number: int) -> None:
        """Show the camera of that number, from 1, large."""
        names = list(self.tiles)
        if 1 <= number <= len(names):
            self.enlarge(names[number - 1])

    def grow_old(self, now_ns: int) -> None:
        """Count the ages of all pictures on."""
        for tile in self.tiles.values():
            tile.grow_old(now_ns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def _arrange(self) -> None:
        if not self.tiles:
            return
        gap, width, height = theme.GAP, self.width(), self.height()
        others = [tile for name, tile in self.tiles.items() if name != self._large]
        if not others:
            self.tiles[self._large].setGeometry(self.rect())
            return
        each = (height - gap * (len(others) - 1)) / len(others)
        spare = width - gap - height * SHARED_ASPECT  # what a 4:3 picture leaves
        side = round(min(max(spare, each * 0.9), each * 1.5, width * 0.4))
        self.tiles[self._large].setGeometry(0, 0, width - gap - side, height)
        for row, tile in enumerate(others):
            top, bottom = round(row * (each + gap)), round(row * (each + gap) + each)
            tile.setGeometry(width - side, top, side, bottom - top)
