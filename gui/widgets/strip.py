"""A strip of curves over the last ten seconds, drawn from least and greatest of each bin.

No grid, pens of width 1, a background drawn once: measured, these are what keeps a strip under a
millisecond a tick.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.functions import create_qpolygonf, ndarray_from_qpolygonf
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme
from gui.min_max import MinMaxHistory, stretches
from teleop.messages import Array

LABELS = 74  # pixels at the right for the newest values
STEPS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0)
SHARE_OF_WARNING = 0.7


@dataclass(frozen=True)
class Curve:
    """One channel of the history and how it is drawn."""

    channel: int
    label: str
    colour: str


@dataclass(frozen=True)
class Lane:
    """A part of the strip with its own axis.

    Attributes:
        curves: what is drawn in it.
        share: of the strip's height.
        limit: line drawn in; 0: none. The axis then reaches a fifth beyond it.
        floor: the smallest range of an axis that follows its values.
        signed: whether the axis goes below zero.
        unit: printed with the scale.
    """

    curves: tuple[Curve, ...]
    share: float
    limit: float
    floor: float
    signed: bool
    unit: str


def axis_range(lane: Lane, largest: float, present: float) -> float:
    """Return the top of the lane's axis: fixed by the limit, or a step that shrinks unhurriedly."""
    if lane.limit:
        return max(lane.limit * 1.2, next((s for s in STEPS if s >= largest), STEPS[-1]))
    wanted = next((s for s in STEPS if s >= max(largest, lane.floor)), STEPS[-1])
    if wanted < present and largest > 0.4 * present:
        return present
    return wanted


class Strip(QWidget):
    """Lanes of curves above each other."""

    def __init__(
        self, lanes: tuple[Lane, ...], history: MinMaxHistory, look: theme.Theme, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._history = history
        self._look = look
        self._tops = [axis_range(lane, 0.0, 0.0) for lane in lanes]
        self._newest: Array | None = None
        self._background: QPixmap | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(90)

    def sizeHint(self) -> QSize:
        return QSize(260, 150)

    def show_limit(self, limit: float) -> None:
        """Draw another limit into the first lane."""
        if limit != self._lanes[0].limit:
            self._lanes = (replace(self._lanes[0], limit=limit), *self._lanes[1:])
            self._background = None
            self.update()

    def show_newest(self, newest: Array | None) -> None:
        """Draw the history again; `newest` are the values to print, (channels,)."""
        self._newest = newest
        for index, lane in enumerate(self._lanes):
            channels = [curve.channel for curve in lane.curves]
            largest = self._history.largest(min(channels), max(channels) + 1)
            top = axis_range(lane, largest, self._tops[index])
            if top != self._tops[index]:
                self._tops[index] = top
                self._background = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._background = None

    def _boxes(self) -> list[QRectF]:
        boxes: list[QRectF] = []
        top = 0.0
        usable = self.height() - 4 * (len(self._lanes) - 1)
        for lane in self._lanes:
            height = usable * lane.share
            boxes.append(QRectF(0, top, self.width() - LABELS, height))
            top += height + 4
        return boxes

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._background is None:
            self._background = self._drawn_background()
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            self._paint(painter, self._background)

    def _paint(self, painter: QPainter, background: QPixmap) -> None:
        painter.drawPixmap(0, 0, background)
        low, high = self._history.ordered()
        parts = stretches(np.isfinite(low[:, 0]))
        for box, lane, top in zip(self._boxes(), self._lanes, self._tops, strict=True):
            painter.setClipRect(box)
            for curve in lane.curves:
                painter.setPen(QPen(QColor(curve.colour), 1))
                for polygon in self._polygons(
                    box, lane, top, low[:, curve.channel], high[:, curve.channel], parts
                ):
                    painter.drawPolyline(polygon)
            painter.setClipping(False)
            self._paint_values(painter, box, lane)

    def _polygons(
        self,
        box: QRectF,
        lane: Lane,
        top: float,
        low: Array,
        high: Array,
        parts: list[NDArray[np.intp]],
    ) -> list[QPolygonF]:
        """One polyline a part; in each bin it goes from the least to the greatest value."""
        bottom = -top if lane.signed else 0.0
        scale = (box.height() - 2) / (top - bottom)
        made: list[QPolygonF] = []
        for places in parts:
            polygon = create_qpolygonf(2 * len(places))
            points = ndarray_from_qpolygonf(polygon)
            x = (places + 0.5) * (box.width() / self._history.bins)
            points[0::2, 0] = points[1::2, 0] = x
            base = box.bottom() - 1
            points[0::2, 1] = base - (low[places] - bottom) * scale
            points[1::2, 1] = base - (high[places] - bottom) * scale
            made.append(polygon)
        return made

    def _drawn_background(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QColor(self._look.panel))
        with QPainter(pixmap) as painter:
            self._paint_background(painter)
        return pixmap

    def _paint_background(self, painter: QPainter) -> None:
        painter.setFont(theme.font(theme.SMALL))
        for box, lane, top in zip(self._boxes(), self._lanes, self._tops, strict=True):
            painter.fillRect(box, QColor(self._look.window))
            bottom = -top if lane.signed else 0.0
            scale = (box.height() - 2) / (top - bottom)
            zero = box.bottom() - 1 + bottom * scale
            painter.setPen(QColor(self._look.line))
            painter.drawLine(0, round(zero), round(box.right()), round(zero))
            if lane.limit:
                self._paint_limit(painter, box, lane, scale)
                continue
            painter.setPen(QColor(self._look.dim))
            painter.drawText(
                box.adjusted(4, 1, 0, 0),
                Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop,
                f"{'±' if lane.signed else ''}{top:g} {lane.unit}",
            )

    def _paint_limit(self, painter: QPainter, box: QRectF, lane: Lane, scale: float) -> None:
        level = round(box.bottom() - 1 - lane.limit * scale)
        painter.setPen(QPen(QColor(self._look.limit), 1, Qt.PenStyle.DashLine))
        painter.drawLine(0, level, round(box.right()), level)
        painter.setPen(QColor(self._look.limit))
        painter.drawText(
            QRectF(0, level + 1, box.width() - 4, 18),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop,
            f"limit {lane.limit:g} {lane.unit}",
        )

    def _paint_values(self, painter: QPainter, box: QRectF, lane: Lane) -> None:
        """The newest values at the right, in the curves' colours and with their names."""
        painter.setFont(theme.font(theme.TEXT, bold=True))
        row = min(24.0, box.height() / len(lane.curves))
        top = box.center().y() - row * len(lane.curves) / 2
        for number, curve in enumerate(lane.curves):
            place = QRectF(box.right() + 6, top + number * row, LABELS - 6, row)
            painter.setPen(QColor(curve.colour))
            painter.drawText(
                place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, curve.label
            )
            if len(lane.curves) > 1:  # a single one is printed in the title
                painter.drawText(
                    place,
                    Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                    self._printed(curve, lane),
                )

    def _printed(self, curve: Curve, lane: Lane) -> str:
        if self._newest is None:
            return "—"
        digits = 1 if lane.unit == "N" else 2
        value = round(float(self._newest[curve.channel]), digits) + 0.0  # no "-0.0"
        return f"{value:.{digits}f}".replace("-", "\N{MINUS SIGN}")
