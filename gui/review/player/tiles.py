"""One camera of a clip: its picture at the replayed moment, with the actions drawn in."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui import theme
from gui.review.player.actions_drawn import Arrow, Motion, Source
from gui.review.player.arrow_paint import paint_arrows, paint_legend, paint_planes
from gui.review.values import CameraTrack, Picture
from gui.texts import player as texts
from gui.widgets.cameras import SHADE, TAG_HEIGHT, TagPictures

BESIDE_PX = 100.0
LEGEND_FROM = 190  # pixels of width; a smaller tile has no room for a legend
LEGEND_PX = 88.0  # its width


@dataclass(frozen=True)
class Overlay:
    """The actions of one moment for one camera.

    Attributes:
        arrows: in the picture's pixels; None: the camera's place is not known.
        motions: the same in the world.
        seconds: how far ahead the arrows reach.
        quick_m_s: a quick speed in this clip.
    """

    arrows: tuple[Arrow, ...] | None = None
    motions: tuple[Motion, ...] = ()
    seconds: float = 1.0
    quick_m_s: float = 0.1


class ReplayTile(QWidget):
    """One camera.

    Signals:
        clicked: its name.
    """

    clicked = Signal(str)

    def __init__(
        self, camera: CameraTrack, number: int, look: theme.Theme, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.camera = camera
        self._number = number
        self._look = look
        self._pixels: NDArray[np.uint8] | None = None  # kept: the QImage looks into it
        self._image = QImage()
        self._age_s = 0.0
        self._told = texts.NO_PICTURE_YET
        self._overlay = Overlay()
        self._tags = TagPictures(self)
        self.large = False
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(f"Camera {camera.name}")

    @property
    def told(self) -> str:
        """What stands in the place of a picture, empty: the right one is shown."""
        return self._told

    def show_picture(self, picture: Picture, age_s: float) -> None:
        """Show a picture that is `age_s` older than the replayed moment."""
        if picture.pixels is not self._pixels:
            height, width, _ = picture.pixels.shape
            self._pixels = picture.pixels
            self._image = QImage(
                picture.pixels.data,
                width,
                height,
                picture.pixels.strides[0],
                QImage.Format.Format_RGB888,
            )
        self._age_s = age_s
        self._told = ""
        self.update()

    def show_none(self, trouble: str, *, early: bool) -> None:
        """Say why the picture of this moment is not there; the last one stays, dimmed.

        Args:
            trouble: why it cannot be read; empty: it is being read.
            early: this is before the camera's first picture.
        """
        why = trouble or (texts.NO_PICTURE_YET if early else texts.READING)
        if why != self._told:
            self._told = why
            self.setAccessibleDescription(why)
            self.update()

    def show_overlay(self, overlay: Overlay) -> None:
        """Draw these actions."""
        self._overlay = overlay
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit(self.camera.name)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), QColor(self._look.window))
        place = self.picture_place()
        if self._image.isNull():
            hatch = QBrush(QColor(self._look.line), Qt.BrushStyle.BDiagPattern)
            painter.fillRect(self.rect(), hatch)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, self._image)
            if self._told:
                painter.fillRect(place, QColor(SHADE))
        if not self._told:
            self._paint_actions(painter, place)
        self._paint_tags(painter)
        painter.setPen(QColor(self._look.line))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def picture_place(self) -> QRectF:
        """The largest rectangle of the camera's aspect, in the middle or left of the legend."""
        wide, high = max(self.camera.width, 1), max(self.camera.height, 1)
        room = self.width() - self.beside
        scale = min(room / wide, self.height() / high)
        width, height = wide * scale, high * scale
        left = self.beside + (room - width) / 2
        if self.has_legend:
            left = max(self.beside, min(left, self.width() - width - LEGEND_PX))
        return QRectF(left, (self.height() - height) / 2, width, height)

    @property
    def has_legend(self) -> bool:
        """Whether it says which arrow is whose."""
        return self.large and self.width() >= LEGEND_FROM

    @property
    def beside(self) -> float:
        """Pixels at the left where actions are drawn that cannot be drawn into the picture."""
        return BESIDE_PX if self.large and self.camera.model is None else 0.0

    def _paint_actions(self, painter: QPainter, place: QRectF) -> None:
        overlay = self._overlay
        if overlay.arrows is None:
            if self.beside:
                paint_planes(painter, QRectF(self.rect()), overlay.motions, overlay.quick_m_s)
            if self.has_legend:
                sources = _sources(overlay.motions)
                paint_legend(painter, place, sources, texts.NO_MODEL)
            return
        width, height = self.camera.width, self.camera.height
        paint_arrows(painter, overlay.arrows, place, width, height)
        if self.has_legend:
            sources = _sources(overlay.motions)
            told = (texts.ahead(overlay.seconds),)
            paint_legend(painter, QRectF(self.rect()), sources, told)

    def _paint_tags(self, painter: QPainter) -> None:
        name = f"{self._number}  {self.camera.name.replace('_', ' ')}"
        tag = self._tags.drawn(name, SHADE, theme.DARK.text, self.width())
        painter.drawPixmap(0, self.height() - TAG_HEIGHT, tag)
        told = self._told or texts.age(self._age_s)
        if self._told and self._told not in (texts.READING, texts.NO_PICTURE_YET):
            painter.setFont(theme.font(theme.SMALL))
            painter.setPen(QColor(theme.DARK.text))
            box = self.rect().adjusted(8, 8, -8, -TAG_HEIGHT)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(box, flags, told)
            return
        tag = self._tags.drawn(told, SHADE, theme.DARK.text, self.width())
        painter.drawPixmap(self.width() - round(tag.deviceIndependentSize().width()), 0, tag)


def _sources(shown: Sequence[Motion]) -> list[Source]:
    """Always the three, so that the legend does not jump; the others where there are any."""
    extra = [Source.OTHER] if any(each.source is Source.OTHER for each in shown) else []
    return [Source.PROPOSED, Source.OPERATOR, Source.EXECUTED, *extra]
