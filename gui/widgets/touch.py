"""What the finger pads of one hand feel, and how far the gripper is open."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from gui import theme
from gui.texts import arms as words
from gui.view import ArmView
from gui.widgets.panel import Panel
from teleop.messages import Arm, Array

PADS = (words.PAD_1, words.PAD_2)
STEPS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)  # N a taxel, full scale
# From the window's own dark over violet and orange to pale yellow: lightness rises all the way,
# so the map reads in grey and under every colour-vision type.
STOPS = ((0.0, 22, 26, 33), (0.25, 66, 40, 112), (0.5, 165, 54, 104), (0.75, 238, 124, 60))
TOP_STOP = (1.0, 255, 236, 160)


def heat_table() -> NDArray[np.uint32]:
    """Return 256 colours as 0xffRRGGBB."""
    stops = np.array((*STOPS, TOP_STOP))
    shares = np.linspace(0.0, 1.0, 256)
    red, green, blue = (
        np.interp(shares, stops[:, 0], stops[:, channel]).astype(np.uint32) for channel in (1, 2, 3)
    )
    return np.uint32(0xFF000000) | red << np.uint32(16) | green << np.uint32(8) | blue


def full_scale(largest: float, present: float) -> float:
    """Return the newtons of the brightest colour: a step that shrinks unhurriedly."""
    wanted = next((step for step in STEPS if step >= largest), STEPS[-1])
    return present if wanted < present and largest > 0.4 * present else wanted


class PadMap(QWidget):
    """One pad's 8 x 8 taxels with their sum in newtons."""

    def __init__(self, name: str, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = name
        self._look = look
        self._table = heat_table()
        self._pixels: NDArray[np.uint32] | None = None
        self._sum_n: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(80, 70)

    @property
    def sum_n(self) -> float | None:
        """Total normal force in newtons; None without data."""
        return self._sum_n

    def sizeHint(self) -> QSize:
        return QSize(110, 110)

    def show_pad(self, taxels: Array | None, scale: float) -> None:
        """Show `taxels` (8, 8) in newtons, the brightest colour at `scale`."""
        if taxels is None:
            self._pixels, self._sum_n = None, None
        else:
            shares = np.clip(taxels / scale * 255.0, 0, 255).astype(np.uint8)
            self._pixels = np.ascontiguousarray(self._table[shares])
            self._sum_n = float(taxels.sum())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.setFont(theme.font(theme.SMALL))
        text_height = 20
        side = min(self.width(), self.height() - text_height)
        place = QRectF((self.width() - side) / 2, 0, side, side)
        painter.fillRect(place, QColor(self._look.window))
        if self._pixels is not None:
            rows, columns = self._pixels.shape
            image = QImage(
                self._pixels.data, columns, rows, columns * 4, QImage.Format.Format_RGB32
            )
            painter.drawImage(place, image)
        painter.setPen(QColor(self._look.line))
        painter.drawRect(place.adjusted(0, 0, -1, -1))
        line = QRectF(0, side + 1, self.width(), text_height)  # a small pad is narrower than it
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(self._look.dim))
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignLeft, self._name)
        painter.setPen(QColor(self._look.text))
        painter.setFont(theme.font(theme.TEXT, bold=True))
        newtons = "—" if self._sum_n is None else f"{self._sum_n:.1f} N"
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, newtons)
        if self._pixels is None:
            painter.setFont(theme.font(theme.SMALL))
            painter.setPen(QColor(self._look.dim))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words.NO_DATA)


class OpeningBar(QWidget):
    """The gripper's opening as a pair of fingers, from closed to open."""

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._opening: float | None = None
        self.setFixedWidth(92)
        self.setAccessibleName(words.GRIPPER_OPENING)

    def show_opening(self, opening: float | None) -> None:
        """Show `opening`, 0 closed to 1 open."""
        shown = None if opening is None else round(opening, 2)
        if shown != self._opening:
            self._opening = shown
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(QColor(self._look.dim))
        painter.drawText(QRectF(0, 0, self.width(), 18), Qt.AlignmentFlag.AlignCenter, "gripper")
        place = QRectF(4, 22, self.width() - 8, max(self.height() - 22 - 22, 10))
        painter.fillRect(place, QColor(self._look.window))
        opening = self._opening
        finger = 13.0
        travel = place.width() / 2 - finger
        reach = travel * (1.0 if opening is None else min(max(opening, 0.0), 1.0))
        colour = QColor(self._look.dim if opening is not None else self._look.line)
        middle = place.center().x()
        for left in (middle - reach - finger, middle + reach):
            painter.fillRect(QRectF(left, place.top() + 4, finger, place.height() - 8), colour)
        painter.setPen(QColor(self._look.text))
        painter.setFont(theme.font(theme.TEXT, bold=True))
        text = "—" if opening is None else f"{opening * 100:.0f} %"
        painter.drawText(
            QRectF(0, self.height() - 20, self.width(), 20), Qt.AlignmentFlag.AlignCenter, text
        )


class TouchPanel(Panel):
    """Both pads and the gripper of one arm."""

    def __init__(self, arm: Arm, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(words.touch(arm.name.title()), parent)
        self._scale = STEPS[0]
        self.pads = tuple(PadMap(name, look, self) for name in PADS)
        self.opening = OpeningBar(look, self)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        for pad, name in zip(self.pads, PADS, strict=True):
            pad.setAccessibleName(f"{arm.name.title()} {name}")
            row.addWidget(pad, 1)
        row.addWidget(self.opening)
        self.body.addLayout(row, 1)
        self._arm = arm

    def show_arm(self, view: ArmView) -> None:
        """Show the newest pressure and opening."""
        tactile = view.tactile
        if tactile is not None:
            self._scale = full_scale(float(tactile.max()), self._scale)
            self.title.show_text(words.touch_full_n_taxel(self._arm.name, self._scale))
        for number, pad in enumerate(self.pads):
            pad.show_pad(None if tactile is None else tactile[number], self._scale)
        self.opening.show_opening(view.opening)
