"""The error on each kind of rows, version by version: what a gate looks at, as curves."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme
from gui.learner_view import LearnerView, loss_of
from gui.texts import learning as texts

SHOWN = 40  # versions, the newest
LEFT, FOOT, LABEL = 36, 18, 112  # pixels
LINE = 15  # between labels, pixels
DOT = 3.5


@dataclass(frozen=True)
class LossLine:
    """One kind of rows; parallel to the versions that are shown, NaN: not measured."""

    stratum: str
    errors: tuple[float, ...]


@dataclass(frozen=True)
class LossLines:
    """What is drawn."""

    versions: tuple[int, ...] = ()
    accepted: tuple[bool, ...] = ()
    lines: tuple[LossLine, ...] = ()

    @property
    def most(self) -> float:
        """The largest error."""
        known = [each for line in self.lines for each in line.errors if math.isfinite(each)]
        return max(known, default=0.0)


def loss_lines(view: LearnerView) -> LossLines:
    """The errors of the newest versions, the oldest first."""
    shown = tuple(reversed(view.versions[:SHOWN]))
    lines = (
        LossLine(stratum, tuple(_known(loss_of(each, stratum)) for each in shown))
        for stratum in texts.STRATA
    )
    return LossLines(
        tuple(each.version for each in shown),
        tuple(each.accepted for each in shown),
        tuple(line for line in lines if any(map(math.isfinite, line.errors))),
    )


def _known(error: float) -> float:
    return error if error >= 0.0 else math.nan


class LossCurves(QWidget):
    """Curves with their names at the right end; drawn anew only when a version came."""

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._shown = LossLines()
        self._versions: object = None
        self.setAccessibleName(texts.LOSSES_NAME)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def shown(self) -> LossLines:
        """What is drawn."""
        return self._shown

    def show_view(self, view: LearnerView) -> None:
        """Draw the versions of `view` if they are others."""
        if view.versions is self._versions:
            return
        self._versions = view.versions
        self._shown = loss_lines(view)
        newest = ((line.stratum, line.errors[-1]) for line in self._shown.lines)
        self.setAccessibleDescription(", ".join(f"{name} {error:.3f}" for name, error in newest))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(260, 150)

    def minimumSizeHint(self) -> QSize:
        return QSize(180, 90)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.setFont(theme.font(12))
        painter.setPen(QColor(self._look.dim))
        if not self._shown.lines:
            painter.drawText(self.rect(), Qt.TextFlag.TextWordWrap, texts.NO_LOSSES)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(LEFT, 6, self.width() - LEFT - LABEL, self.height() - FOOT - 8)
        most = 1.1 * self._shown.most or 1.0
        self._axes(painter, box, most)
        ends: list[tuple[float, int]] = []
        for place, line in enumerate(self._shown.lines):
            points = [
                QPointF(self._x(box, at), box.bottom() - box.height() * error / most)
                for at, error in enumerate(line.errors)
                if math.isfinite(error)
            ]
            passed = [
                good
                for good, error in zip(self._shown.accepted, line.errors, strict=True)
                if math.isfinite(error)
            ]
            colour, style = self._style(place)
            painter.setPen(QPen(QColor(colour), 2, style))
            painter.drawPolyline(QPolygonF(points))
            painter.setPen(QPen(QColor(colour), 1.5))
            for point, good in zip(points, passed, strict=True):
                painter.setBrush(QColor(colour if good else self._look.panel))
                painter.drawEllipse(point, DOT, DOT)
            ends.append((points[-1].y(), place))
        self._names(painter, box, ends)

    def _axes(self, painter: QPainter, box: QRectF, most: float) -> None:
        painter.setPen(QPen(QColor(self._look.line), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.drawLine(box.topLeft(), box.bottomLeft())
        painter.setPen(QColor(self._look.dim))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, box.top() - 6, LEFT - 4, 14), right, f"{most:.2f}")
        painter.drawText(QRectF(0, box.bottom() - 8, LEFT - 4, 14), right, "0")
        versions, taken = self._shown.versions, -1e9
        for at, version in enumerate(versions):
            x = self._x(box, at)
            if x - taken > 28:
                place = QRectF(x - 20, box.bottom() + 2, 40, 14)
                painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, f"v{version}")
                taken = x

    def _names(self, painter: QPainter, box: QRectF, ends: list[tuple[float, int]]) -> None:
        """Names beside the ends of their curves, moved apart where they would touch."""
        lowest = box.bottom() - LINE * (len(ends) - 1)
        before = -1e9
        for rank, (y, place) in enumerate(sorted(ends)):
            at = max(min(y, lowest + LINE * rank), before + LINE)
            before = at
            line = self._shown.lines[place]
            painter.setPen(QColor(self._style(place)[0]))
            text = f"{texts.STRATA[line.stratum]} {_last(line.errors):.3f}"
            painter.drawText(QPointF(box.right() + 8, at + 4), text)

    def _style(self, place: int) -> tuple[str, Qt.PenStyle]:
        look = self._look
        return (
            (look.text, Qt.PenStyle.SolidLine),
            (look.good, Qt.PenStyle.DashLine),
            (look.success, Qt.PenStyle.DotLine),
            (look.intervention, Qt.PenStyle.DashDotLine),
            (look.operator_time, Qt.PenStyle.SolidLine),
        )[place % 5]

    def _x(self, box: QRectF, at: int) -> float:
        count = len(self._shown.versions)
        return box.left() + 8 + (box.width() - 16) * (at / (count - 1) if count > 1 else 0.5)


def _last(errors: tuple[float, ...]) -> float:
    return next((each for each in reversed(errors) if math.isfinite(each)), math.nan)
